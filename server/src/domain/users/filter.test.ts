import { expect, test } from "vitest";
import { parseFilter } from "./filter.ts";

test("an empty filter is none", () => {
  expect(parseFilter("")).toBeUndefined();
  expect(parseFilter("  ")).toBeUndefined();
});

test.each([
  ['email = "ada@example.com"', { key: "email", value: "ada@example.com", isPrefix: false }],
  ['email^="ada"', { key: "email", value: "ada", isPrefix: true }],
  [' username  =  "ada" ', { key: "username", value: "ada", isPrefix: false }],
  [
    'cognito:user_status = "CONFIRMED"',
    { key: "cognito:user_status", value: "CONFIRMED", isPrefix: false },
  ],
  ['status="Enabled"', { key: "status", value: "Enabled", isPrefix: false }],
  ['sub = "x"', { key: "sub", value: "x", isPrefix: false }],
  ['name = ""', { key: "name", value: "", isPrefix: false }],
  [
    String.raw`name = "Ada \"the Countess\" L."`,
    { key: "name", value: 'Ada "the Countess" L.', isPrefix: false },
  ],
  [
    String.raw`name = "back\\slash"`,
    { key: "name", value: String.raw`back\slash`, isPrefix: false },
  ],
  ['name ^= "Zoë 🦄"', { key: "name", value: "Zoë 🦄", isPrefix: true }],
])("reads %s", (text, filter) => {
  expect(parseFilter(text)).toEqual(filter);
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
