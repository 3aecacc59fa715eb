/** What the attributes of a user may be: the pool's schema, and who may write what. */
import {
  attributesNotInSchema,
  invalidParameter,
  unauthorizedAttributeWrite,
} from "../../errors/cognito-idp.ts";
import type { UserPoolClient } from "../clients/client.ts";
import type { ContactAttribute, SchemaAttribute, UserPool } from "../pools/pool.ts";
import { isStandardAttribute } from "../pools/standard-attributes.ts";
import { contactKind, isEmailAddress, isPhoneNumber } from "./contacts.ts";

export type AttributeList = readonly {
  readonly Name?: string | undefined;
  readonly Value?: string | undefined;
}[];

/** Never set by anyone: the id, what providers say, and what AWS keeps for itself. */
const reserved = new Set(["sub", "identities", "cognito:user_status"]);
/** Set only by proof of possession or by an administrator. */
const proven = new Set(["email_verified", "phone_number_verified"]);

/**
 * The attributes of a request as a record; an empty value counts as none, as Amplify sends it for a field left open.
 * Of two entries with one name the request is refused: parsers disagree about which counts.
 */
export function readAttributes(list: AttributeList | undefined): Record<string, string> {
  const attributes: Record<string, string> = Object.create(null);
  for (const { Name, Value } of list ?? []) {
    if (Name === undefined) continue;
    if (Name in attributes) throw invalidParameter(`Attribute ${Name} was given more than once.`);
    attributes[Name] = Value ?? "";
  }
  return attributes;
}

function nonConforming(reasons: readonly string[]): Error {
  return invalidParameter(`Attributes did not conform to the schema: ${reasons.join("")}`);
}

function nonMutable(name: string): Error {
  return invalidParameter(`Cannot modify the non-mutable attribute ${name}`);
}

/** Refuses values outside the schema; does not look for attributes that are missing. */
export function requireConforming(
  pool: UserPool,
  attributes: Readonly<Record<string, string>>,
): void {
  const reasons: string[] = [];
  for (const [name, value] of Object.entries(attributes)) {
    const schema = pool.settings.schema.find((each) => each.name === name);
    if (!schema) reasons.push(`${name}: Attribute does not exist in the schema.\n`);
    else if (reserved.has(name)) throw nonMutable(name);
    else if (value !== "") reasons.push(...valueFaults(schema, value));
  }
  if (reasons.length > 0) throw nonConforming(reasons);
  const { email, phone_number: phoneNumber } = attributes;
  if (email && !isEmailAddress(email)) throw invalidParameter("Invalid email address format.");
  if (phoneNumber && !isPhoneNumber(phoneNumber))
    throw invalidParameter("Invalid phone number format.");
  requireNoOthersAlias(pool, attributes);
}

/** A preferred user name of the form of another alias would catch what is meant for who has that address. */
function requireNoOthersAlias(
  pool: UserPool,
  { preferred_username: name = "" }: Readonly<Record<string, string>>,
): void {
  const { aliasAttributes = [] } = pool.settings;
  if (!aliasAttributes.includes("preferred_username")) return;
  const kind = aliasForm(pool, name);
  if (kind === undefined) return;
  const form = formNames[kind];
  throw invalidParameter(
    `Preferred username cannot be of ${form} format, since user pool is configured for ${form} alias.`,
  );
}

/** Which alias of the pool a name has the form of, as it is typed or as names are compared. */
export function aliasForm(pool: UserPool, name: string): ContactAttribute | undefined {
  const { aliasAttributes = [] } = pool.settings;
  return [name, name.normalize("NFC")]
    .map(contactKind)
    .find((kind) => kind !== undefined && aliasAttributes.includes(kind));
}

export const formNames = { email: "email", phone_number: "phone number" } as const;

/** The attributes that the pool requires and a user does not have; the `sub` comes by itself. */
export function missingAttributes(
  pool: UserPool,
  attributes: Readonly<Record<string, string>>,
): SchemaAttribute[] {
  return pool.settings.schema.filter(
    ({ name, required }) => required && name !== "sub" && !attributes[name],
  );
}

/** Refuses a user without a required attribute. */
export function requireComplete(
  pool: UserPool,
  attributes: Readonly<Record<string, string>>,
): void {
  const missing = missingAttributes(pool, attributes);
  if (missing.length > 0) throw nonConforming(missing.map(requiredFault));
}

/** Refuses to take a required attribute away. */
export function requireKept(pool: UserPool, changes: Readonly<Record<string, string>>): void {
  const lost = pool.settings.schema.filter(
    ({ name, required }) => required && changes[name] === "",
  );
  if (lost.length > 0) throw nonConforming(lost.map(requiredFault));
}

/** AWS names the attribute `name` in a form of its own. */
function requiredFault({ name }: SchemaAttribute): string {
  return name === "name"
    ? "name.formatted: The attribute name.formatted is required\n"
    : `${name}: The attribute is required\n`;
}

/** Refuses to delete what the pool does not know. */
export function requireKnown(pool: UserPool, names: readonly string[]): void {
  const unknown = names.filter((name) => !pool.settings.schema.some((each) => each.name === name));
  if (unknown.length === 0) return;
  throw attributesNotInSchema(
    unknown.map((name) => `user.${name}: Attribute does not exist in the schema.\n`).join(""),
  );
}

function valueFaults(schema: SchemaAttribute, value: string): string[] {
  if (schema.type === "Boolean" || schema.type === "DateTime" || schema.type === "Number") {
    return typedFaults(schema, value);
  }
  const length = [...value].length;
  if (schema.maxLength !== undefined && length > Number(schema.maxLength)) {
    return [`${schema.name}: String must be no longer than ${schema.maxLength} characters\n`];
  }
  if (schema.minLength !== undefined && length < Number(schema.minLength)) {
    return [`${schema.name}: String must be at least ${schema.minLength} characters\n`];
  }
  return [];
}

function typedFaults(schema: SchemaAttribute, value: string): string[] {
  const undetermined = [
    `${schema.name}: Type for attribute {${schema.name}} could not be determined\n`,
  ];
  if (schema.type === "Boolean") return /^(?:true|false)$/i.test(value) ? [] : undetermined;
  if (!/^-?\d{1,19}$/.test(value)) return undetermined;
  const number = BigInt(value);
  if (schema.minValue !== undefined && number < BigInt(schema.minValue)) {
    return [`${schema.name}: Number must be at least ${schema.minValue}\n`];
  }
  if (schema.maxValue !== undefined && number > BigInt(schema.maxValue)) {
    return [`${schema.name}: Number must be no greater than ${schema.maxValue}\n`];
  }
  return [];
}

/** Refuses a change of what is fixed once set. */
export function requireMutable(
  pool: UserPool,
  current: Readonly<Record<string, string>>,
  names: readonly string[],
): void {
  for (const name of names) {
    const schema = pool.settings.schema.find((each) => each.name === name);
    if (schema && !schema.mutable && current[name] !== undefined) {
      throw invalidParameter(`user.${name}: Attribute cannot be updated.\n`);
    }
  }
}

/** Refuses attributes that this client's users may not write; the proven ones nobody may. */
export function requireWritable(
  pool: UserPool,
  client: UserPoolClient,
  names: readonly string[],
): void {
  const allowed = client.settings.writeAttributes;
  for (const name of names) {
    const schema = pool.settings.schema.find((each) => each.name === name);
    const unlisted = allowed !== undefined && !allowed.includes(name);
    if (reserved.has(name) || proven.has(name) || schema?.developerOnly || unlisted) {
      throw unauthorizedAttributeWrite();
    }
  }
}

/** The attributes that this client's users may read. */
export function readableAttributes(
  client: UserPoolClient,
  attributes: Readonly<Record<string, string>>,
): Record<string, string> {
  const allowed = client.settings.readAttributes;
  return Object.fromEntries(
    Object.entries(attributes).filter(
      ([name]) => !name.startsWith("dev:") && (allowed === undefined || allowed.includes(name)),
    ),
  );
}

/** Whether ListUsers may search it: AWS's list of standard attributes; custom ones never. */
export const searchableAttributes = [
  "email",
  "phone_number",
  "name",
  "given_name",
  "family_name",
  "preferred_username",
] as const;

/** Booleans are stored in one spelling, so that claims need no guessing. */
export function normalised(attributes: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(attributes).map(([name, value]) => [
      name,
      isStandardAttribute(name) && name.endsWith("_verified") ? value.toLowerCase() : value,
    ]),
  );
}
