import type { SchemaAttribute } from "./pool.ts";

function text(name: string, minLength: string, maxLength: string): SchemaAttribute {
  return {
    name,
    type: "String",
    mutable: true,
    required: false,
    developerOnly: false,
    minLength,
    maxLength,
  };
}

function flag(name: string): SchemaAttribute {
  return { name, type: "Boolean", mutable: true, required: false, developerOnly: false };
}

/** The attributes that every pool has, in the order in which AWS lists them for a new pool. */
export const standardAttributes: readonly SchemaAttribute[] = [
  { ...text("sub", "1", "2048"), mutable: false, required: true },
  text("name", "0", "2048"),
  text("given_name", "0", "2048"),
  text("family_name", "0", "2048"),
  text("middle_name", "0", "2048"),
  text("nickname", "0", "2048"),
  text("preferred_username", "0", "2048"),
  text("profile", "0", "2048"),
  text("picture", "0", "2048"),
  text("website", "0", "2048"),
  text("email", "0", "2048"),
  flag("email_verified"),
  text("gender", "0", "2048"),
  text("birthdate", "10", "10"),
  text("zoneinfo", "0", "2048"),
  text("locale", "0", "2048"),
  text("phone_number", "0", "2048"),
  flag("phone_number_verified"),
  text("address", "0", "2048"),
  {
    name: "updated_at",
    type: "Number",
    mutable: true,
    required: false,
    developerOnly: false,
    minValue: "0",
  },
];

/** Whether a name is one of the standard ones. */
export function isStandardAttribute(name: string): boolean {
  return standardAttributes.some((attribute) => attribute.name === name);
}
