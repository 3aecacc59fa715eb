import fc from "fast-check";
import { expect, test } from "vitest";
import { JsonFault, parseJson } from "./json.ts";

const read = (text: string, depth = 8) => parseJson(Buffer.from(text), depth);

test("reads what JSON.parse reads", () => {
  expect(read('{"a":[1,{"b":"x\\"}{"}],"c":null}')).toEqual({ a: [1, { b: 'x"}{' }], c: null });
});

test.each(['{"a":1,"a":2}', '{"a":1,"\\u0061":2}', '{"x":{"a":1, "a" :2}}'])(
  "refuses the duplicate key in %s",
  (text) => {
    expect(() => read(text)).toThrow(JsonFault);
  },
);

test("takes the same key in two objects, and a value that equals a key", () => {
  expect(read('[{"a":"a"},{"a":["a","a"]}]')).toEqual([{ a: "a" }, { a: ["a", "a"] }]);
});

test("refuses depth beyond the limit without recursing", () => {
  expect(() => read("[".repeat(1_000_000))).toThrow("too deep");
  expect(read("[[[1]]]", 3)).toEqual([[[1]]]);
  expect(() => read("[[[1]]]", 2)).toThrow("too deep");
});

test("refuses invalid UTF-8", () => {
  expect(() => parseJson(Buffer.from([0x22, 0xc3, 0x28, 0x22]), 8)).toThrow("invalid UTF-8");
});

test.each(["", "{", '"abc', '{"a"', "{]", "nul", '{"a":1}}'])("refuses %j", (text) => {
  expect(() => read(text)).toThrow(JsonFault);
});

test("a __proto__ key is an own property, not a prototype", () => {
  const value = read('{"__proto__":{"admin":true}}') as { admin?: boolean };
  expect(value.admin).toBeUndefined();
  expect(Object.keys(value)).toEqual(["__proto__"]);
});

test("agrees with JSON.parse on whatever JSON.stringify writes", () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 6, stringUnit: "binary" }), (value) => {
      const text = JSON.stringify(value);
      expect(read(text, 16)).toEqual(JSON.parse(text));
    }),
  );
});

test("anything else is a JsonFault", () => {
  const pieces = fc.constantFrom(
    "{",
    "}",
    "[",
    "]",
    '"',
    "\\",
    ":",
    ",",
    "1",
    "a",
    " ",
    "\u0000",
    "é",
  );
  fc.assert(
    fc.property(fc.array(pieces), (parts) => {
      const text = parts.join("");
      try {
        expect(read(text)).toEqual(JSON.parse(text));
      } catch (error) {
        expect(error).toBeInstanceOf(JsonFault);
      }
    }),
  );
});

test.each([
  ["a quote within", String.raw`{"a\"b":1,"c":"\"}"}`],
  ["a backslash at the end", String.raw`{"a":"\\","b":"\\\\"}`],
  ["both", String.raw`{"a":"\\\"","b\\":["]"]}`],
])("finds the end of a string with %s", (_, text) => {
  expect(read(text)).toEqual(JSON.parse(text));
});

test("a string whose last quote is escaped has no end", () => {
  expect(() => read(String.raw`{"a":"b\"}`)).toThrow("unterminated string");
  expect(() => read(String.raw`{"a":"b\\\"`)).toThrow("unterminated string");
});
