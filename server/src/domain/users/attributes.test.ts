import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { poolWith } from "../../testing/pools.ts";
import { type DeclaredAttribute, makeSchema } from "../pools/schema.ts";
import { missingAttributes, requireConforming, requireMutable } from "./attributes.ts";

function poolOf(...declared: DeclaredAttribute[]) {
  return poolWith({ schema: makeSchema(declared) });
}

/** What a pool has against values; undefined when it takes them. */
function refusal(
  pool: ReturnType<typeof poolOf>,
  attributes: Readonly<Record<string, string>>,
): string | undefined {
  try {
    requireConforming(pool, attributes);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

const did = (fault: string) => `Attributes did not conform to the schema: ${fault}\n`;

describe("texts", () => {
  const pool = poolOf({
    name: "team",
    type: "String",
    lengths: { minLength: "2", maxLength: "4" },
  });

  test.each(["ab", "abcd", "äöüß", "👩👩", "👩👩👩👩", "e\u0301"])("of %j are taken", (value) => {
    expect(refusal(pool, { "custom:team": value })).toBeUndefined();
  });

  test.each([
    ["a", "custom:team: String must be at least 2 characters"],
    ["👩", "custom:team: String must be at least 2 characters"],
    ["abcde", "custom:team: String must be no longer than 4 characters"],
    ["👩👩👩👩👩", "custom:team: String must be no longer than 4 characters"],
  ])("of %j are too short or too long", (value, fault) => {
    expect(refusal(pool, { "custom:team": value })).toBe(did(fault));
  });

  test("are measured in characters, as people count them least wrongly", () => {
    const property = fc.property(fc.string({ unit: "binary", maxLength: 8 }), (value) => {
      const length = [...value].length;
      const isTaken = refusal(pool, { "custom:team": value }) === undefined;
      // An empty value takes the attribute away.
      expect(isTaken).toBe(length === 0 || (length >= 2 && length <= 4));
    });
    fc.assert(property);
  });

  test("of a birthdate have ten characters", () => {
    expect(refusal(poolOf(), { birthdate: "1815-12-10" })).toBeUndefined();
    expect(refusal(poolOf(), { birthdate: "1815-12-1" })).toContain("at least 10");
    expect(refusal(poolOf(), { birthdate: "1815-12-100" })).toContain("no longer than 10");
  });
});

describe("numbers", () => {
  const pool = poolOf({
    name: "size",
    type: "Number",
    values: { minValue: "-5", maxValue: "9007199254740993" },
  });

  test.each(["-5", "0", "-0", "7", "007", "9007199254740993"])("such as %j are taken", (value) => {
    expect(refusal(pool, { "custom:size": value })).toBeUndefined();
  });

  test.each([
    ["-6", "custom:size: Number must be at least -5"],
    // Beyond what a double tells apart.
    ["9007199254740994", "custom:size: Number must be no greater than 9007199254740993"],
  ])("such as %j are out of bounds", (value, fault) => {
    expect(refusal(pool, { "custom:size": value })).toBe(did(fault));
  });

  test.each(["1.5", "1e3", "0x10", "+1", " 1", "1 ", "１", "NaN", "--1", "1_000", "9".repeat(20)])(
    "are not %j",
    (value) => {
      expect(refusal(pool, { "custom:size": value })).toBe(
        did("custom:size: Type for attribute {custom:size} could not be determined"),
      );
    },
  );
});

describe("truths", () => {
  const pool = poolOf({ name: "member", type: "Boolean" });

  test.each(["true", "false", "TRUE", "False"])("are %j", (value) => {
    expect(refusal(pool, { "custom:member": value })).toBeUndefined();
    expect(refusal(pool, { email_verified: value })).toBeUndefined();
  });

  test.each(["1", "yes", "true ", "truetrue", "ｔrue", "null"])("are not %j", (value) => {
    expect(refusal(pool, { "custom:member": value })).toContain("could not be determined");
    expect(refusal(pool, { email_verified: value })).toContain("could not be determined");
  });
});

test("all that is wrong is told at once", () => {
  const message = refusal(poolOf(), { birthdate: "x", "custom:a": "1", updated_at: "-1" });
  expect(message).toBe(
    "Attributes did not conform to the schema: birthdate: String must be at least 10 characters\n" +
      "custom:a: Attribute does not exist in the schema.\n" +
      "updated_at: Number must be at least 0\n",
  );
});

describe("addresses", () => {
  test.each([
    "ada@example",
    "@example.com",
    "ada@",
    "ada@.com",
    "ada@example.",
    "ada@@example.com",
    "ada@exa mple.com",
    "ada@example.com,eve@example.com",
    "ada@example.com\r\nBcc: eve@example.com",
    "<ada@example.com>",
    "ada\u0000@example.com",
    "ada@example.com\u202e",
    `${"a".repeat(320)}@example.com`,
  ])("%j is no e-mail address", (email) => {
    expect(refusal(poolOf(), { email })).toBe("Invalid email address format.");
  });

  test.each([
    "12065550100",
    "+",
    "+0123456",
    "+1206555010a",
    "+1 206 555 0100",
    "+1234567890123456",
    "+１２０６５５５０１００",
  ])("%j is no phone number", (phone_number) => {
    expect(refusal(poolOf(), { phone_number })).toBe("Invalid phone number format.");
  });
});

test("what is fixed may be set and not changed", () => {
  const pool = poolOf({ name: "team", type: "String", mutable: false });
  const change = (current: Record<string, string>) => () =>
    requireMutable(pool, current, ["custom:team", "name"]);
  expect(change({ name: "Ada" })).not.toThrow();
  expect(change({ "custom:team": "red" })).toThrow(
    "user.custom:team: Attribute cannot be updated.",
  );
});

test("what every user must have is missed, but for the id", () => {
  const pool = poolOf({ name: "email", required: true }, { name: "name", required: true });
  const names = (attributes: Record<string, string>) =>
    missingAttributes(pool, attributes).map(({ name }) => name);
  expect(names({})).toEqual(["name", "email"]);
  expect(names({ name: "", email: "ada@example.com" })).toEqual(["name"]);
});
