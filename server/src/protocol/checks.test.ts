import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ServiceError } from "../errors/service-error.ts";
import { parseJson } from "../lib/json.ts";
import {
  boolean,
  type Checks,
  hidden,
  integer,
  list,
  map,
  oneOf,
  readInput,
  required,
  showInput,
  string,
  structure,
} from "./checks.ts";

type Tag = { Name: string; Value?: string };
type Note = { Text: string };
type Input = {
  Name: string;
  Password?: string;
  Colour?: "RED" | "BLUE";
  Count?: number;
  Rank?: number;
  Good?: boolean;
  Code?: string;
  Tags?: Tag[];
  Names?: string[];
  Secrets?: string[];
  Colours?: ("RED" | "BLUE")[];
  Labels?: Record<string, string>;
  Answers?: Record<string, string>;
  Notes?: Record<string, Note>;
  Tag?: Tag;
};

const Name = string({ min: 2, max: 5, pattern: String.raw`[\w-]+` });
const Secret = string({ min: 2, max: 5, pattern: String.raw`[\S]+`, sensitive: true });
const Colour = oneOf("RED", "BLUE");
const Tag = structure<Tag>({ Name: required(Name), Value: Secret });
const checks: Checks<Input> = {
  Name: required(Name),
  Password: Secret,
  Colour,
  Count: integer({ min: 1, max: 10 }),
  Rank: integer({ min: 0 }),
  Good: boolean,
  Code: hidden(string({ max: 5 })),
  Tags: list(Tag, { min: 1, max: 3 }),
  Names: list(Name, { max: 3 }),
  Secrets: list(Secret),
  Colours: list(Colour),
  Labels: map(string({ min: 1, max: 3 }), string({ max: 5 })),
  Answers: map(string({ max: 3 }), string({ max: 5 }), { sensitive: true }),
  Notes: map(string(), structure<Note>({ Text: required(string()) })),
  Tag,
};

const given = (more: object) => readInput(checks, { Name: "ab", ...more });

function refusal(more: object): ServiceError {
  try {
    given(more);
  } catch (error) {
    if (error instanceof ServiceError) return error;
    throw error;
  }
  throw new Error("nothing was refused");
}

const broken = (text: string) => `1 validation error detected: ${text}`;
const constraint = "failed to satisfy constraint: Member must";

test("a good input is itself", () => {
  const input = {
    Name: "ab-1",
    Password: "s3c",
    Colour: "RED",
    Count: 10,
    Rank: 0,
    Good: false,
    Code: "12345",
    Tags: [{ Name: "ab", Value: "cd" }, { Name: "ef" }],
    Names: ["ab", "cd"],
    Secrets: ["xy"],
    Colours: ["BLUE", "BLUE"],
    Labels: { a: "b" },
    Answers: { ok: "yes" },
    Notes: { anything: { Text: "" } },
    Tag: { Name: "ab" },
  };
  expect(readInput(checks, input)).toEqual(input);
});

test.each<[string, object, string]>([
  ["a missing member", { Name: undefined }, `Value null at 'name' ${constraint} not be null`],
  ["null where a member must be", { Name: null }, `Value null at 'name' ${constraint} not be null`],
  [
    "too much text",
    { Name: "abcdef" },
    `Value 'abcdef' at 'name' ${constraint} have length less than or equal to 5`,
  ],
  [
    "too little text",
    { Name: "a" },
    `Value 'a' at 'name' ${constraint} have length greater than or equal to 2`,
  ],
  [
    "text of another pattern",
    { Name: "a b" },
    String.raw`Value 'a b' at 'name' ${constraint} satisfy regular expression pattern: [\w-]+`,
  ],
  [
    "a part that matches",
    { Name: "ab\n" },
    `Value 'ab\n' at 'name' ${constraint} satisfy regular expression pattern: [\\w-]+`,
  ],
  [
    "a sensitive value",
    { Password: "a" },
    `Value at 'password' ${constraint} have length greater than or equal to 2`,
  ],
  [
    "an unknown enum value",
    { Colour: "GREEN" },
    `Value 'GREEN' at 'colour' ${constraint} satisfy enum value set: [RED, BLUE]`,
  ],
  [
    "an enum value in another case",
    { Colour: "red" },
    `Value 'red' at 'colour' ${constraint} satisfy enum value set: [RED, BLUE]`,
  ],
  [
    "a number too large",
    { Count: 11 },
    `Value '11' at 'count' ${constraint} have value less than or equal to 10`,
  ],
  [
    "a number too small",
    { Count: 0 },
    `Value '0' at 'count' ${constraint} have value greater than or equal to 1`,
  ],
  [
    "a number of more than 32 bits",
    { Rank: 99_999_999_999 },
    `Value '99999999999' at 'rank' ${constraint} have value less than or equal to 2147483647`,
  ],
  [
    "a number that only a double holds",
    { Rank: 1e300 },
    `Value '1e+300' at 'rank' ${constraint} have value less than or equal to 2147483647`,
  ],
  [
    "too short a list",
    { Tags: [] },
    `Value at 'tags' ${constraint} have length greater than or equal to 1`,
  ],
  [
    "too long a list",
    { Names: ["ab", "cd", "ef", "gh"] },
    `Value '[ab, cd, ef, gh]' at 'names' ${constraint} have length less than or equal to 3`,
  ],
  [
    "too long a list of structures, whose secrets stay in",
    { Tags: [1, 2, 3, 4].map(() => ({ Name: "ab", Value: "hush" })) },
    `Value at 'tags' ${constraint} have length less than or equal to 3`,
  ],
  [
    "a member of a structure in a list",
    { Tags: [{ Name: "ab" }, { Name: "a b" }] },
    `Value 'a b' at 'tags.2.member.name' ${constraint} satisfy regular expression pattern: [\\w-]+`,
  ],
  [
    "a missing member of a structure in a list",
    { Tags: [{ Value: "ab" }] },
    `Value null at 'tags.1.member.name' ${constraint} not be null`,
  ],
  [
    "a sensitive member of a structure",
    { Tag: { Name: "ab", Value: "secret" } },
    `Value at 'tag.value' ${constraint} have length less than or equal to 5`,
  ],
  [
    "plain members of a list, said of the list",
    { Colours: ["RED", "GREEN", "PINK"] },
    `Value '[RED, GREEN, PINK]' at 'colours' ${constraint} satisfy constraint: [Member must satisfy enum value set: [RED, BLUE]]`,
  ],
  [
    "sensitive members of a list",
    { Secrets: ["hush hush"] },
    `Value at 'secrets' ${constraint} satisfy constraint: [Member must have length less than or equal to 5, ` +
      "Member must have length greater than or equal to 2, Member must satisfy regular expression pattern: [\\S]+]",
  ],
  [
    "a map's value",
    { Labels: { a: "b", c: "toolong" } },
    "Value '{a=b, c=toolong}' at 'labels' failed to satisfy constraint: " +
      "Map value must satisfy constraint: [Member must have length less than or equal to 5]",
  ],
  [
    "a map's key",
    { Labels: { "": "b" } },
    "Value '{=b}' at 'labels' failed to satisfy constraint: Map keys must satisfy constraint: " +
      "[Member must have length less than or equal to 3, Member must have length greater than or equal to 1]",
  ],
  [
    "a sensitive map",
    { Answers: { a: "toolong" } },
    "Value at 'answers' failed to satisfy constraint: " +
      "Map value must satisfy constraint: [Member must have length less than or equal to 5]",
  ],
  [
    "a member of a structure in a map",
    { Notes: { here: {} } },
    `Value null at 'notes.here.text' ${constraint} not be null`,
  ],
  [
    "half of a surrogate pair",
    { Code: "a\ud800" },
    `Value at 'code' ${constraint} be text without U+0000`,
  ],
  ["U+0000", { Code: "a\0" }, `Value at 'code' ${constraint} be text without U+0000`],
])("refuses %s", (_what, more, text) => {
  const { code, message } = refusal(more);
  expect(code).toBe("InvalidParameterException");
  expect(message).toBe(broken(text));
});

test("the null of a sensitive member that must be there is not shown either", () => {
  // Amplify reads this very sentence as an empty password.
  const signUp: Checks<{ Password: string }> = { Password: required(Secret) };
  expect(() => readInput(signUp, {})).toThrow(
    broken(`Value at 'password' ${constraint} not be null`),
  );
});

test("reports everything at once", () => {
  const { message } = refusal({ Name: "", Colour: "x", Tags: [{}, { Name: "ab", Value: "c" }] });
  expect(message).toBe(
    [
      "5 validation errors detected: ",
      `Value '' at 'name' ${constraint} have length greater than or equal to 2; `,
      `Value '' at 'name' ${constraint} satisfy regular expression pattern: [\\w-]+; `,
      `Value 'x' at 'colour' ${constraint} satisfy enum value set: [RED, BLUE]; `,
      `Value null at 'tags.1.member.name' ${constraint} not be null; `,
      `Value at 'tags.2.member.value' ${constraint} have length greater than or equal to 2`,
    ].join(""),
  );
});

describe("length", () => {
  test("is counted in code points", () => {
    const emoji: Checks<{ Text: string }> = { Text: required(string({ min: 2, max: 3 })) };
    expect(readInput(emoji, { Text: "😀😀😀" })).toEqual({ Text: "😀😀😀" });
    expect(() => readInput(emoji, { Text: "😀😀😀😀" })).toThrow("less than or equal to 3");
    expect(() => readInput(emoji, { Text: "😀" })).toThrow("greater than or equal to 2");
  });

  test("agrees with counting, whatever the text", () => {
    const text = fc.string({ unit: "grapheme-composite", maxLength: 12 });
    fc.assert(
      fc.property(text, fc.nat(12), fc.nat(12), (value, min, max) => {
        const check: Checks<{ T: string }> = { T: required(string({ min, max })) };
        const length = [...value].length;
        const read = () => readInput(check, { T: value });
        if (length >= min && length <= max && !value.includes("\0")) expect(read).not.toThrow();
        else expect(read).toThrow(ServiceError);
      }),
    );
  });
});

test("space in a pattern is Java's, which is ASCII alone", () => {
  const spaced: Checks<{ Text: string }> = {
    Text: required(string({ pattern: String.raw`[\w\s]+` })),
  };
  expect(readInput(spaced, { Text: "a b\tc" })).toBeTruthy();
  expect(() => readInput(spaced, { Text: "a\u00a0b" })).toThrow("regular expression");
  const solid: Checks<{ Text: string }> = {
    Text: required(string({ pattern: String.raw`[\S]+` })),
  };
  expect(readInput(solid, { Text: "a\u00a0b" })).toBeTruthy();
  expect(() => readInput(solid, { Text: "a b" })).toThrow("regular expression");
});

test("what is too long is not matched against its pattern", () => {
  let matched = 0;
  const matches = () => ++matched > 0;
  const check: Checks<{ T: string }> = { T: required(string({ max: 3, pattern: "x", matches })) };
  expect(() => readInput(check, { T: "xxxx" })).toThrow("1 validation error");
  expect(matched).toBe(0);
});

describe("the size of a refusal is bounded", () => {
  test("however many members are wrong", () => {
    const many = list(structure<{ Name: string }>({ Name: required(Name) }));
    const check: Checks<{ Many: { Name: string }[] }> = { Many: required(many) };
    const { message } = thrownBy(() =>
      readInput(check, { Many: Array.from({ length: 80_000 }, () => ({})) }),
    );
    expect(message).toMatch(/^80000 validation errors detected: /);
    expect(message.split("; ")).toHaveLength(50);
  });

  test("however long the value is", () => {
    expect(refusal({ Name: "x".repeat(1_000_000) }).message.length).toBeLessThan(1200);
    expect(refusal({ Names: Array(1000).fill("x".repeat(1000)) }).message.length).toBeLessThan(
      1200,
    );
    const entries = Array.from({ length: 300 }, (_, i) => [`${i}`, "x".repeat(1000)]);
    expect(refusal({ Labels: Object.fromEntries(entries) }).message).toMatch(
      /at 'labels' failed to satisfy constraint: Member must have length less than or equal to 256$/,
    );
  });
});

function thrownBy(work: () => unknown): ServiceError {
  try {
    work();
  } catch (error) {
    if (error instanceof ServiceError) return error;
  }
  throw new Error("nothing was refused");
}

describe("null is absent", () => {
  test("for members", () => {
    expect(given({ Password: null, Tags: null, Count: null })).toEqual({ Name: "ab" });
  });
  test("for entries of maps and lists, and the rest keeps its numbers", () => {
    expect(given({ Labels: { a: null, b: "c" }, Names: [null, "cd"] })).toEqual({
      Name: "ab",
      Labels: { b: "c" },
      Names: ["cd"],
    });
    expect(refusal({ Tags: [null, { Name: "a" }] }).message).toContain("'tags.1.member.name'");
  });
});

describe("a wrong JSON type", () => {
  const object = "Start of structure or map found where not expected.";
  const array = "Start of list found where not expected";
  test.each<[object, string]>([
    [{ Name: 1 }, "NUMBER_VALUE can not be converted to a String"],
    [{ Name: true }, "TRUE_VALUE can not be converted to a String"],
    [{ Name: false }, "FALSE_VALUE can not be converted to a String"],
    [{ Name: {} }, object],
    [{ Name: ["ab"] }, array],
    [{ Colour: 1 }, "NUMBER_VALUE can not be converted to a String"],
    [{ Count: "1" }, "STRING_VALUE can not be converted to an Integer"],
    [{ Count: true }, "TRUE_VALUE can not be converted to an Integer"],
    [{ Count: 1.5 }, ""],
    [{ Good: "true" }, "STRING_VALUE can not be converted to a Boolean"],
    [{ Good: 1 }, "NUMBER_VALUE can not be converted to a Boolean"],
    [{ Names: "ab" }, "Expected list or null"],
    [{ Names: {} }, object],
    [{ Names: [1] }, "NUMBER_VALUE can not be converted to a String"],
    [{ Labels: "ab" }, "Expected map or null"],
    [{ Labels: [] }, array],
    [{ Labels: { a: 1 } }, "NUMBER_VALUE can not be converted to a String"],
    [{ Tag: "ab" }, "Expected null"],
    [{ Tag: [] }, array],
    [{ Tags: ["ab"] }, "Expected null"],
  ])("in %j is a SerializationException", (more, message) => {
    expect(refusal(more)).toMatchObject({ code: "SerializationException", message });
  });

  test("comes before every constraint", () => {
    expect(refusal({ Name: "", Count: "1" }).code).toBe("SerializationException");
  });

  test.each([
    [[], array],
    ["x", ""],
    [1, ""],
    [null, ""],
  ])("in place of the whole input %j", (value, message) => {
    expect(thrownBy(() => readInput(checks, value))).toMatchObject({
      code: "SerializationException",
      message,
    });
  });
});

describe("names that mean something to JavaScript", () => {
  const parsed = (text: string) => parseJson(Buffer.from(text), 8);
  test.each(["__proto__", "constructor", "toString", "hasOwnProperty", "name", "Nope"])(
    "%s is an unknown member",
    (name) => {
      const text = `{"Name":"ab",${JSON.stringify(name)}:{"Name":"cd"}}`;
      expect(thrownBy(() => readInput(checks, parsed(text)))).toMatchObject({
        code: "SerializationException",
        message: `Unknown member: ${name}`,
      });
      const within = `{"Name":"ab","Tag":{"Name":"ab",${JSON.stringify(name)}:1}}`;
      expect(() => readInput(checks, parsed(within))).toThrow(`Unknown member: ${name}`);
    },
  );

  test("a member is never found on a prototype", () => {
    const input = Object.create({ Name: "inherited" });
    expect(() => readInput(checks, input)).toThrow("Value null at 'name'");
  });

  test("as keys of a map they are keys", () => {
    const wide: Checks<{ Labels: Record<string, string> }> = {
      Labels: required(map(string(), string())),
    };
    const { Labels } = readInput(
      wide,
      parsed('{"Labels":{"__proto__":"a","constructor":"b","a":"c"}}'),
    );
    expect(Object.getPrototypeOf(Labels)).toBeNull();
    expect(Object.entries(Labels)).toEqual([
      ["__proto__", "a"],
      ["constructor", "b"],
      ["a", "c"],
    ]);
    expect("polluted" in {}).toBe(false);
  });
});

describe("the trail", () => {
  test("shows lower-camel names and no secret", () => {
    const input = given({
      Password: "s3c",
      Code: "12345",
      Tags: [{ Name: "ab", Value: "cd" }],
      Secrets: ["xy"],
      Answers: { PASSWORD: null, A: "b" },
      Labels: { a: "b" },
      Count: 3,
    });
    const hiddenValue = "HIDDEN_DUE_TO_SECURITY_REASONS";
    expect(showInput(checks, input)).toEqual({
      name: "ab",
      password: hiddenValue,
      code: hiddenValue,
      count: 3,
      tags: [{ name: "ab", value: hiddenValue }],
      secrets: [hiddenValue],
      labels: { a: "b" },
      answers: hiddenValue,
    });
  });
});
