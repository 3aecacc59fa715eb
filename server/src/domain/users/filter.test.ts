import { expect, test } from "vitest";
import { parseFilter } from "./filter.ts";

test("an empty filter is none", () => {
  expect(parseFilter("")).toBeUndefined();
  expect(parseFilter("  ")).toBeUndefined();
});

test.each([
  ['email = "ada@example.com"', "email", "ada@example.com", false],
  ['email^="ada"', "email", "ada", true],
  [' username  =  "ada" ', "username", "ada", false],
  ['cognito:user_status = "CONFIRMED"', "cognito:user_status", "CONFIRMED", false],
  ['status="Enabled"', "status", "Enabled", false],
  ['sub = "x"', "sub", "x", false],
  ['name = ""', "name", "", false],
  [String.raw`name = "Ada \"the Countess\" L."`, "name", 'Ada "the Countess" L.', false],
  [String.raw`name = "back\\slash"`, "name", String.raw`back\slash`, false],
  ['name ^= "Zoë 🦄"', "name", "Zoë 🦄", true],
])("reads %s", (text, key, value, isPrefix) => {
  expect(parseFilter(text)).toEqual({ key, value, isPrefix });
});

test.each([
  "foo",
  "email",
  "email = ada",
  'email = "ada',
  'email "ada"',
  'email == "ada"',
  'email = "ada" and name = "x"',
  'email = ""."@example.com"',
  "email = 'ada'",
  '= "ada"',
  String.raw`email = "ada\"`,
  'email = "a\0b"',
  `${"(".repeat(250)}`,
  `name = "${"\\".repeat(247)}`,
])("refuses what is no clause: %.40s", (text) => {
  expect(() => parseFilter(text)).toThrow("Error while parsing filter.");
});

test.each(["custom:team", "nickname", "enabled", "__proto__", "toString"])(
  "refuses to search by %s",
  (name) => {
    expect(() => parseFilter(`${name} = "x"`)).toThrow(`Invalid search attribute: ${name}`);
  },
);
