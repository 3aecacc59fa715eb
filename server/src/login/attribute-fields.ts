/** Attributes of a pool as fields of a form. */
import type { UserPoolClient } from "../domain/clients/client.ts";
import type { SchemaAttribute, UserPool } from "../domain/pools/pool.ts";
import { autoVerified } from "../domain/users/contacts.ts";
import type { Parameters } from "../protocol/parameters.ts";
import type { Field } from "./fields.ts";

const types: Readonly<Record<string, Field["type"]>> = {
  email: "email",
  phone_number: "tel",
  birthdate: "date",
  website: "url",
  picture: "url",
  profile: "url",
};

/**
 * The fields of a sign-up: what the pool requires and the client may write, but for what the name says already, and the
 * address to which the code goes.
 */
export function signUpFields(
  pool: UserPool,
  client: UserPoolClient,
  typed: Readonly<Record<string, string>>,
): Field[] {
  const { settings } = pool;
  const byName: readonly string[] = settings.usernameAttributes ?? [];
  const required = settings.schema
    .filter((each) => each.required && each.name !== "sub")
    .map(({ name }) => name);
  const contact = autoVerified(pool).find((kind) => !byName.includes(kind));
  const toVerify = byName.length === 0 && contact ? [contact] : [];
  const { writeAttributes } = client.settings;
  return fieldsOf(pool, [...new Set([...required, ...toVerify])])
    .filter(({ name }) => !byName.includes(name))
    .filter(({ name }) => writeAttributes?.includes(name) ?? true)
    .map((field) => ({ ...field, value: typed[field.name] ?? "" }));
}

/** The attributes that a form brings. */
export function submittedAttributes(form: Parameters): Record<string, string> {
  const fields = [...form].flatMap(([field, value]) => {
    const name = /^requiredAttributes\[([\w:-]{1,32})\]$/.exec(field)?.[1];
    return name === undefined ? [] : [[name, value] as const];
  });
  return Object.fromEntries(fields);
}

/** The fields for these attributes, all of which must be given. */
export function fieldsOf({ settings }: UserPool, names: readonly string[]): Field[] {
  return names.flatMap((name) => {
    const attribute = settings.schema.find((each) => each.name === name);
    return attribute ? [fieldOf(attribute)] : [];
  });
}

function fieldOf({ name, type, minLength, maxLength, minValue, maxValue }: SchemaAttribute): Field {
  const isNumber = type === "Number" && name !== "updated_at";
  return {
    ...{ name, value: "", required: true },
    type: types[name] ?? (isNumber ? "number" : "text"),
    ...(minLength === undefined ? {} : { minLength: Number(minLength) }),
    ...(maxLength === undefined ? {} : { maxLength: Number(maxLength) }),
    ...(minValue === undefined ? {} : { min: minValue }),
    ...(maxValue === undefined ? {} : { max: maxValue }),
  };
}
