/** Attributes of a pool as fields of a form. */
import type { SchemaAttribute, UserPool } from "../domain/pools/pool.ts";
import type { Field } from "./fields.ts";

const types: Readonly<Record<string, Field["type"]>> = {
  email: "email",
  phone_number: "tel",
  birthdate: "date",
  website: "url",
  picture: "url",
  profile: "url",
};

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
