import { describe, expect, it } from "vitest";
import { problemsOf } from "../../../testing/template-problems.ts";
import { parseTemplate } from "./parse.ts";
import { resolveParameters } from "./resolve-parameters.ts";
import { ProblemList } from "./template-error.ts";

function resolve(declaration: string, given: Readonly<Record<string, string>> = {}) {
  const template = parseTemplate(
    `Parameters:\n  P: ${declaration}\nResources: {Pool: {Type: AWS::Cognito::UserPool}}`,
  );
  const problems = new ProblemList();
  const resolved = resolveParameters(template, new Map(Object.entries(given)), problems);
  problems.throwIfAny();
  return resolved[0]?.value;
}

describe("resolveParameters", () => {
  it.each([
    ["{Type: String, Default: a}", {}, "a"],
    ["{Type: String, Default: a}", { P: "b" }, "b"],
    ["{Type: String, Default: ''}", {}, ""],
    ["{Type: String, MinLength: 1, MaxLength: 2}", { P: "ab" }, "ab"],
    ["{Type: String, AllowedValues: [a, 1, true]}", { P: "1" }, "1"],
    ["{Type: Number, Default: 8}", {}, "8"],
    ["{Type: Number, MinValue: 8, MaxValue: 10}", { P: "10" }, "10"],
    ["{Type: Number}", { P: "-1.5e3" }, "-1.5e3"],
    ["{Type: List<Number>}", { P: "80, 20" }, ["80", "20"]],
    ["{Type: CommaDelimitedList}", { P: "a, b ,c" }, ["a", "b", "c"]],
    ["{Type: CommaDelimitedList, AllowedPattern: '[a-z]'}", { P: "a,b" }, ["a", "b"]],
    ["{Type: String, AllowedPattern: '[a-z]+'}", { P: "abc" }, "abc"],
    ["{Type: String, AllowedPattern: '^[\\w\\-\\.\\@]+$'}", { P: "a-b.c@d" }, "a-b.c@d"],
    ["{Type: String, AllowedPattern: '(?=.*\\d)\\p{L}+\\d'}", { P: "é1" }, "é1"],
  ])("%s with %j is %j", (declaration, given, expected) => {
    expect(resolve(declaration, given)).toEqual(expected);
  });

  it.each([
    ["{Type: String}", {}, "The parameter has no value and no default"],
    ["{Type: String, MinLength: 2}", { P: "a" }, "The parameter P must have at least 2 characters"],
    [
      "{Type: String, MaxLength: 2}",
      { P: "abc" },
      "The parameter P must have at most 2 characters",
    ],
    [
      "{Type: String, MinLength: 2, Default: a}",
      {},
      "The parameter P must have at least 2 characters",
    ],
    ["{Type: String, AllowedValues: [a, b]}", { P: "c" }, "The parameter P must be one of a, b"],
    [
      "{Type: String, AllowedValues: [a], ConstraintDescription: has to be a}",
      { P: "c" },
      "The parameter P has to be a",
    ],
    ["{Type: Number}", { P: "x" }, "The parameter P must be a number"],
    ["{Type: Number}", { P: "" }, "The parameter P must be a number"],
    ["{Type: Number}", { P: "0x10" }, "The parameter P must be a number"],
    ["{Type: Number, MinValue: 8}", { P: "7" }, "The parameter P must be at least 8"],
    ["{Type: Number, MaxValue: 8}", { P: "9" }, "The parameter P must be at most 8"],
    ["{Type: List<Number>}", { P: "1,x" }, "The parameter P must be a list of numbers"],
    [
      "{Type: CommaDelimitedList, AllowedValues: [a, b]}",
      { P: "a,c" },
      "The parameter P must be one of a, b",
    ],
    [
      "{Type: String, AllowedPattern: '[a-z]'}",
      { P: "ab" },
      "The parameter P must match the pattern [a-z]",
    ],
    [
      "{Type: String, AllowedPattern: '[a-z'}",
      { P: "a" },
      "AllowedPattern is not a regular expression that can be checked here",
    ],
    [
      "{Type: String, AllowedPattern: '(?i)a'}",
      { P: "a" },
      "AllowedPattern is not a regular expression that can be checked here",
    ],
    [
      "{Type: String, AllowedPattern: '\\p{Upper}'}",
      { P: "A" },
      "AllowedPattern is not a regular expression that can be checked here",
    ],
    [
      "{Type: String}",
      { P: "x".repeat(4097) },
      "A parameter's value is text of at most 4096 bytes",
    ],
    ["{Type: String}", { P: "\ud800" }, "A parameter's value is text of at most 4096 bytes"],
  ])("%s refuses %j", (declaration, given, message) => {
    expect(problemsOf(() => resolve(declaration, given))).toEqual([`2 Parameters.P: ${message}`]);
  });

  it("refuses values for parameters that the template does not have", () => {
    expect(problemsOf(() => resolve("{Type: String}", { P: "a", Q1: "b" }))).toEqual([
      "1 Parameters: The template has no parameter Q1; did you mean P?",
    ]);
  });

  it("gives up on a pattern that would take for ever, and accepts nothing unchecked after it", () => {
    const declaration =
      "{Type: String, AllowedPattern: '(a+)+b'}\n  Q: {Type: String, AllowedPattern: a, Default: a}";
    expect(problemsOf(() => resolve(declaration, { P: "a".repeat(60) }))).toEqual([
      "2 Parameters.P: AllowedPattern takes too long to check",
      "3 Parameters.Q: AllowedPattern takes too long to check",
    ]);
  });

  it.each([
    ["{Type: String, NoEcho: true, AllowedValues: [canary, other]}", "x"],
    ["{Type: String, NoEcho: true, AllowedPattern: a}", "canary"],
    ["{Type: Number, NoEcho: true}", "canary"],
    ["{Type: String, NoEcho: true, MaxLength: 1}", "canary"],
  ])("never shows what a NoEcho parameter is or may be: %s", (declaration, value) => {
    const problems = problemsOf(() => resolve(declaration, { P: value }));
    expect(problems).toHaveLength(1);
    expect(problems.join()).not.toContain("canary");
  });
});
