import { describe, expect, it } from "vitest";
import { thrownProblems } from "../../../testing/template-problems.ts";
import { plainValue, type Scalar, visitScalars } from "./nodes.ts";
import { ProblemList } from "./template-error.ts";
import { maxTemplateBytes, readYaml } from "./yaml-nodes.ts";

function read(text: string): unknown {
  const problems = new ProblemList();
  const data = readYaml(text, problems);
  problems.throwIfAny();
  return data && plainValue(data);
}

function problemsIn(text: string): readonly string[] {
  return thrownProblems(() => read(text)).map(
    ({ line, column, path, message }) => `${line}:${column} ${path}: ${message}`,
  );
}

describe("readYaml", () => {
  it.each([
    ["a: !Ref X", { a: { Ref: "X" } }],
    ["a: !GetAtt A.B", { a: { "Fn::GetAtt": "A.B" } }],
    ["a: !GetAtt [A, B]", { a: { "Fn::GetAtt": ["A", "B"] } }],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: Fn::Sub's own syntax.
    ['a: !Sub "x-${Y}"', { a: { "Fn::Sub": "x-${Y}" } }],
    ["a: !Sub\n  - s\n  - Y: !Ref Z", { a: { "Fn::Sub": ["s", { Y: { Ref: "Z" } }] } }],
    ["a: !Sub |\n  one\n  two", { a: { "Fn::Sub": "one\ntwo\n" } }],
    ["a: !Join ['', [b, !Ref C]]", { a: { "Fn::Join": ["", ["b", { Ref: "C" }]] } }],
    ["a: !If [C, 1, !Ref 'AWS::NoValue']", { a: { "Fn::If": ["C", 1, { Ref: "AWS::NoValue" }] } }],
    ["a: !Select [0, !Split [',', b]]", { a: { "Fn::Select": [0, { "Fn::Split": [",", "b"] }] } }],
    ["a: !FindInMap [M, K, L]", { a: { "Fn::FindInMap": ["M", "K", "L"] } }],
    ["a: !Base64 b", { a: { "Fn::Base64": "b" } }],
    ["a: !ImportValue b", { a: { "Fn::ImportValue": "b" } }],
    [
      "a: !And [!Condition B, !Or [!Not [!Condition C], !Equals [d, e]]]",
      {
        a: {
          "Fn::And": [
            { Condition: "B" },
            { "Fn::Or": [{ "Fn::Not": [{ Condition: "C" }] }, { "Fn::Equals": ["d", "e"] }] },
          ],
        },
      },
    ],
  ])("writes the short form %j out in full", (text, expected) => {
    expect(read(text)).toEqual(expected);
  });

  it.each([
    ["a: true", true],
    ["a: Yes", true],
    ["a: off", false],
    ["a: 60", 60],
    ["a: -1.5e3", -1500],
    ['a: "60"', "60"],
    ["a: '60'", "60"],
    ["a: !!str 60", "60"],
    ["a: 2010-09-09", "2010-09-09"],
    ["a: 012345678901", "012345678901"],
    ["a: 1.2.3", "1.2.3"],
    ["a: 1e999", "1e999"],
    ["a: y", "y"],
    ["a: ''", ""],
    ["a: |\n  60\n", "60\n"],
  ])("reads the scalar of %j", (text, expected) => {
    expect(read(text)).toEqual({ a: expected });
  });

  it("keeps a number's text as it was written", () => {
    const data = readYaml("a: 1.50", new ProblemList());
    const texts: Scalar[] = [];
    visitScalars(data ?? expect.fail("nothing was read"), (scalar) => texts.push(scalar));
    expect(texts.map(({ text }) => text)).toEqual(["1.50"]);
  });

  it("reads JSON, indented with tabs, with its escapes", () => {
    const json = '{\n\t"a": [1, true, "x\\/\\ud83d\\ude00\\n"],\n\t"b": {"Ref": "C"}\n}';
    expect(read(json)).toEqual(JSON.parse(json));
  });

  it("remembers line, column and path of every node", () => {
    const data = readYaml("a:\n  b:\n    - c\n    - d: !Ref e\n", new ProblemList());
    const places: unknown[] = [];
    visitScalars(data ?? expect.fail("nothing was read"), ({ at }) => places.push(at));
    expect(places).toEqual([
      { line: 3, column: 7, path: "a.b[0]" },
      { line: 4, column: 15, path: "a.b[1].d.Ref" },
    ]);
  });

  it.each([
    ["a: 1\nb: 2\na: 3", "3:1 a: The key a is there twice"],
    ['{\n "a": 1,\n "a": 2}', "3:2 a: The key a is there twice"],
    ["a: &x 1\nb: *x", "2:4 b: YAML aliases are not allowed in a template"],
    ["a: {b: 1}\n<<: {c: 1}", "2:1 : YAML merge keys are not allowed in a template"],
    ["No: a", "1:1 : YAML 1.1 reads the key No as true or false: put it in quotes"],
    ["a:\n  __proto__: 1", "2:3 a: The key __proto__ is not allowed in a template"],
    ["a:\nb: 1", "1:3 a: Null values are not allowed in a template"],
    ["a: ~", "1:4 a: Null values are not allowed in a template"],
    ['{"a": null}', "1:7 a: Null values are not allowed in a template"],
    ["a: 0123", "1:4 a: YAML 1.1 reads 0123 as another number: put it in quotes"],
    ["a: 12:30", "1:4 a: YAML 1.1 reads 12:30 as another number: put it in quotes"],
    ["a: 0x1F", "1:4 a: YAML 1.1 reads 0x1F as another number: put it in quotes"],
    ["a: 1_000", "1:4 a: YAML 1.1 reads 1_000 as another number: put it in quotes"],
    ["a: !Reff b", "1:10 a: Unknown tag !Reff; did you mean !Ref?"],
    ["a: !!binary aGk=", "1:13 a: Unknown tag tag:yaml.org,2002:binary"],
    ["? [a]\n: b", "1:3 : A key has to be a string"],
    ['a: "\\ud800"', "1:4 a: The text holds half of a surrogate pair"],
  ])("refuses %j with its place", (text, expected) => {
    expect(problemsIn(text)).toEqual([expected]);
  });

  it("refuses text that is not YAML, with the line", () => {
    expect(problemsIn("a: [1, 2\nb: 3")[0]).toMatch(/^2:1 /);
    expect(problemsIn("a: 1\n---\nb: 2")).toHaveLength(1);
    expect(problemsIn("")).toEqual(["1:1 : The template is empty"]);
  });

  it("reports many problems at once, and a hundred at most", () => {
    expect(problemsIn("a: ~\nb: 0123\nc: !Foo d")).toHaveLength(3);
    expect(problemsIn(Array.from({ length: 500 }, (_, i) => `k${i}: ~`).join("\n"))).toHaveLength(
      100,
    );
  });

  it("refuses more than its bounds: size, tokens, depth", () => {
    expect(problemsIn(`a: ${"x".repeat(maxTemplateBytes)}`)).toEqual([
      "1:1 : The template is larger than 1048576 bytes",
    ]);
    expect(problemsIn(`a: ${"é".repeat(maxTemplateBytes / 2)}`)).toHaveLength(1);
    expect(problemsIn("- ".repeat(400_000))).toEqual([
      "1:1 : The template has more than 300000 tokens",
    ]);
    const nested = (depth: number) => `a: ${"[".repeat(depth)}${"]".repeat(depth)}`;
    expect(problemsIn(nested(64))).toEqual([]);
    expect(problemsIn(nested(65))[0]).toMatch(/Values may be nested at most 64 deep$/);
    expect(problemsIn(nested(50_000))).toEqual([
      expect.stringMatching(/Values may be nested at most 64 deep$/),
    ]);
    expect(problemsIn(`${"- ".repeat(50_000)}a`)).toEqual([
      expect.stringMatching(/Values may be nested at most 64 deep$/),
    ]);
  });

  it("refuses a billion laughs by refusing aliases", () => {
    const laughs = "a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\nd: [*c, *c]";
    expect(problemsIn(laughs)).toHaveLength(6);
  });

  it("leaves names like those of Object's members plain keys", () => {
    expect(read("constructor: 1\ntoString: 2\nhasOwnProperty: 3")).toEqual(
      Object.fromEntries([
        ["constructor", 1],
        ["toString", 2],
        ["hasOwnProperty", 3],
      ]),
    );
  });

  it("shows no control characters of a key in a path", () => {
    const [problem] = problemsIn('"a\\e[31m\\n": ~');
    expect(problem).toBe("1:14 a\\u{1b}[31m\\u{a}: Null values are not allowed in a template");
  });
});
