// biome-ignore-all lint/suspicious/noTemplateCurlyInString: ${…} is Fn::Sub's own syntax.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { problemsOf } from "../../../testing/template-problems.ts";
import { evaluateOutputs, evaluateResource, type PlanInputs, planTemplate } from "./evaluate.ts";
import { parseTemplate } from "./parse.ts";
import { TemplateError } from "./template-error.ts";

const stack = {
  region: "us-east-1",
  accountId: "123456789012",
  stackName: "demo",
  stackId: "arn:aws:cloudformation:us-east-1:123456789012:stack/demo/1",
};

const declarations = `
Parameters:
  Name: {Type: String, Default: demo}
  Length: {Type: Number, Default: 12}
  Flag: {Type: String, Default: "true"}
  Urls: {Type: CommaDelimitedList, Default: "https://a, https://b"}
  Secret: {Type: String, Default: canary-default, NoEcho: true}
Mappings:
  Sizes: {us-east-1: {short: "8", urls: [https://m, https://n]}}
Conditions:
  Holds: !Equals [!Ref Name, demo]
  Fails: !Not [!Condition Holds]
`;

function inputs(parameters: Readonly<Record<string, string>> = {}): PlanInputs {
  return { stack, parameters: new Map(Object.entries(parameters)) };
}

const made = (logicalId: string, attribute: string | undefined) =>
  attribute === undefined ? `<${logicalId}>` : `<${logicalId}.${attribute}>`;

function evaluate(resources: string, logicalId: string, parameters = {}) {
  const plan = planTemplate(parseTemplate(`${declarations}${resources}`), inputs(parameters));
  return evaluateResource(plan, logicalId, made);
}

/** The evaluated value of a client's property, beside a pool to refer to. */
function evaluateProperty(name: string, expression: string, parameters = {}): unknown {
  const resources = `
Resources:
  Pool: {Type: AWS::Cognito::UserPool}
  Client:
    Type: AWS::Cognito::UserPoolClient
    Properties:
      UserPoolId: !Ref Pool
      ${name}: ${expression}
`;
  return Reflect.get(evaluate(resources, "Client", parameters).properties, name);
}

describe("evaluating functions", () => {
  it.each([
    ["!Ref Name", "demo"],
    ["!Ref Pool", "<Pool>"],
    ["{Ref: Name}", "demo"],
    ["!Ref AWS::Region", "us-east-1"],
    ["!Ref AWS::AccountId", "123456789012"],
    ["!Ref AWS::StackName", "demo"],
    ["!Ref AWS::StackId", stack.stackId],
    ["!Ref AWS::Partition", "aws"],
    ["!Ref AWS::URLSuffix", "amazonaws.com"],
    ["!GetAtt Pool.Arn", "<Pool.Arn>"],
    ["!GetAtt [Pool, ProviderName]", "<Pool.ProviderName>"],
    ["{Fn::GetAtt: [Pool, Arn]}", "<Pool.Arn>"],
    ['!Sub "${Name}-${Pool}-${Pool.Arn}-${AWS::Region}"', "demo-<Pool>-<Pool.Arn>-us-east-1"],
    ['!Sub ["${Name}:${Own}:${Own}", {Own: !Ref Pool}]', "demo:<Pool>:<Pool>"],
    ['!Sub ["${Name}", {Name: mine}]', "mine"],
    ['!Sub "${!Literal}$${Name}$ {x} ${"', "${Literal}$demo$ {x} ${"],
    ["!Sub plain", "plain"],
    ["!Join ['-', [a, !Ref Name, 1]]", "a-demo-1"],
    ["!Join ['', []]", ""],
    ["!Join ['+', !Ref Urls]", "https://a+https://b"],
    ["!Join ['', [a, !Ref AWS::NoValue, b]]", "ab"],
    ["!Select [1, !Ref Urls]", "https://b"],
    ['!Select ["0", [a, b]]', "a"],
    ["!Select [2, !Split ['|', 'a|b|c']]", "c"],
    ["!FindInMap [Sizes, !Ref AWS::Region, short]", "8"],
    ["!Select [0, !FindInMap [Sizes, us-east-1, urls]]", "https://m"],
    ["!Base64 héllo", "aMOpbGxv"],
    ["!If [Holds, a, b]", "a"],
    ["!If [Fails, a, !Sub '${Name}']", "demo"],
    ["60", "60"],
    ["1.50", "1.50"],
    ["yes", "true"],
  ])("%j gives %j", (expression, expected) => {
    expect(evaluateProperty("ClientName", expression)).toBe(expected);
  });

  it.each([
    ["CallbackURLs", "!Ref Urls", ["https://a", "https://b"]],
    ["CallbackURLs", "!FindInMap [Sizes, us-east-1, urls]", ["https://m", "https://n"]],
    ["CallbackURLs", "!Split [',', 'a,b']", ["a", "b"]],
    ["CallbackURLs", "[a, !If [Fails, b, !Ref AWS::NoValue], c]", ["a", "c"]],
    ["CallbackURLs", "!If [Fails, [a], !Ref AWS::NoValue]", undefined],
    ["GenerateSecret", "!Ref Flag", true],
    ["GenerateSecret", '"false"', false],
    ["GenerateSecret", "on", true],
    ["AccessTokenValidity", "!Ref Length", 12],
    ["AccessTokenValidity", '"60"', 60],
    ["AccessTokenValidity", "60", 60],
    ["TokenValidityUnits", "{AccessToken: !Sub 'minutes'}", { AccessToken: "minutes" }],
  ])("gives %s: %j its property's type", (name, expression, expected) => {
    expect(evaluateProperty(name, expression)).toEqual(expected);
  });

  it.each([
    ["ClientName", "!Ref Urls", "Expected a String, found a List"],
    ["ClientName", "!Join ['', [!Ref Urls]]", "Expected a string, found a list"],
    ["ClientName", "!Join ['', !Ref Name]", "Expected a list, found a string"],
    ["ClientName", '!Sub "${Urls}"', "Expected a string, found a list"],
    ["ClientName", "!Select [2, !Ref Urls]", "Fn::Select takes an index from 0 to 1"],
    ["ClientName", "!Select [-1, !Ref Urls]", "Fn::Select takes an index from 0 to 1"],
    ["ClientName", "!Base64 {a: b}", "Expected a string, found a mapping"],
    ["ClientName", "!Base64 {Ref: AWS::NoValue}", "Expected a string, found AWS::NoValue"],
    [
      "ClientName",
      "!FindInMap [Sizes, eu-west-1, short]",
      "The mappings hold nothing under Sizes, eu-west-1, short",
    ],
    [
      "ClientName",
      "!FindInMap [!Ref Name, toString, constructor]",
      "The mappings hold nothing under …, toString, constructor",
    ],
    ["AccessTokenValidity", "!Ref Name", "Expected an Integer, found the function's text"],
    [
      "PreventUserExistenceErrors",
      "!Ref Name",
      "the function's text is not allowed here; allowed: LEGACY, ENABLED",
    ],
    [
      "ClientName",
      "'{{resolve:ssm:name}}'",
      "Dynamic references ({{resolve:…}}) are not supported",
    ],
    [
      "ClientName",
      "!Join ['', ['{{resolve', ':ssm:name}}']]",
      "Dynamic references ({{resolve:…}}) are not supported",
    ],
    [
      "ClientName",
      `!Join ['${"x".repeat(70_000)}', [a, b, c]]`,
      "The text has more than 131072 characters",
    ],
  ])("refuses %s: %j on its line", (name, expression, message) => {
    const [problem, ...others] = problemsOf(() => evaluateProperty(name, expression));
    expect(others).toEqual([]);
    expect(problem).toMatch(/^20 Resources\.Client\.Properties\./);
    expect(problem?.endsWith(`: ${message}`)).toBe(true);
  });

  it("reports that a resource does not exist yet", () => {
    const text =
      "Resources:\n  Pool: {Type: AWS::Cognito::UserPool}\n  Group:\n    Type: AWS::Cognito::UserPoolGroup\n    Properties: {UserPoolId: !Ref Pool, GroupName: !GetAtt Pool.Arn}";
    const plan = planTemplate(parseTemplate(text), inputs());
    expect(problemsOf(() => evaluateResource(plan, "Group", () => undefined))).toEqual([
      "5 Resources.Group.Properties.UserPoolId: Pool does not exist yet",
      "5 Resources.Group.Properties.GroupName: Pool.Arn does not exist yet",
    ]);
  });

  it("reports a required property that a function took away", () => {
    const expression = "!If [Holds, !Ref AWS::NoValue, a]";
    const resources = `Resources:\n  Group:\n    Type: AWS::Cognito::UserPoolGroup\n    Properties: {UserPoolId: ${expression}}`;
    expect(problemsOf(() => evaluate(resources, "Group"))).toEqual([
      "14 Resources.Group.Properties.UserPoolId: Missing required property",
    ]);
  });

  it("asks for every reference with the callback alone", () => {
    const asked: unknown[] = [];
    const text =
      'Resources:\n  Pool: {Type: AWS::Cognito::UserPool}\n  Group:\n    Type: AWS::Cognito::UserPoolGroup\n    Properties: {UserPoolId: !Ref Pool, Description: !Sub "${Pool.Arn}"}';
    const plan = planTemplate(parseTemplate(text), inputs());
    evaluateResource(plan, "Group", (...reference) => {
      asked.push(reference);
      return "x";
    });
    expect(asked).toEqual([
      ["Pool", undefined],
      ["Pool", "Arn"],
    ]);
  });

  it("does not let short functions make long texts or many values", () => {
    // Each level doubles the text of the one below it.
    let expression = `"${"x".repeat(64)}"`;
    for (let level = 0; level < 15; level += 1) {
      expression = `!Sub ["\${V}\${V}", {V: ${expression}}]`;
    }
    expect(problemsOf(() => evaluateProperty("ClientName", expression))).toHaveLength(1);

    const longList = Array.from({ length: 2000 }, () => "v").join(",");
    const many = Array.from({ length: 2000 }, () => "!Select [0, !Ref Urls]").join(", ");
    expect(
      problemsOf(() => evaluateProperty("CallbackURLs", `[${many}]`, { Urls: longList })),
    ).toEqual([
      expect.stringMatching(/Evaluating the template makes too much text and too many values$/),
    ]);
  });
});

describe("conditions", () => {
  function conditions(section: string, parameters = {}): ReadonlyMap<string, boolean> {
    const text = `Parameters:\n  Env: {Type: String, Default: dev}\n  Flag: {Type: String, Default: "true"}\n  List: {Type: CommaDelimitedList, Default: "a,b"}\nMappings: {M: {dev: {tier: LITE}}}\nConditions:\n${section}\nResources: {Pool: {Type: AWS::Cognito::UserPool}}`;
    return planTemplate(parseTemplate(text), inputs(parameters)).conditions;
  }

  it.each([
    ["!Equals [!Ref Env, dev]", true],
    ["!Equals [!Ref Env, prod]", false],
    ["!Equals [!Ref Flag, true]", true],
    ["!Equals [1, '1']", true],
    ["!Equals [!Ref List, [a, b]]", true],
    ["!Equals [!Join ['', !Ref List], ab]", true],
    ["!Equals [!FindInMap [M, !Ref Env, tier], LITE]", true],
    ["!Equals [{b: 1, a: 2}, {a: 2, b: 1}]", true],
    ["!Equals [!Ref AWS::Region, us-east-1]", true],
    ["!Not [!Equals [a, a]]", false],
    ["!And [!Equals [a, a], !Equals [b, b]]", true],
    ["!And [!Equals [a, a], !Equals [b, c]]", false],
    ["!Or [!Equals [a, b], !Equals [b, b]]", true],
    ["!Or [!Equals [a, b], !Equals [b, c]]", false],
    ["{Fn::Or: [{Condition: T}, {Fn::Equals: [a, b]}]}", true],
  ])("%s is %s", (expression, expected) => {
    expect(conditions(`  C: ${expression}\n  T: !Equals [a, a]`).get("C")).toBe(expected);
  });

  it("follows the parameters given", () => {
    const section = "  C: !Equals [!Ref Env, prod]";
    expect(conditions(section, { Env: "prod" }).get("C")).toBe(true);
  });

  it.each([
    [
      "  A: !Not [!Condition B]\n  B: !Condition A",
      "7 Conditions.A: The condition A depends on itself",
    ],
    ["  A: yes", "7 Conditions.A: Expected a condition function"],
    ["  A: !Ref Env", "7 Conditions.A: Ref gives a value, not a condition"],
    [
      "  A: !Equals [!Ref AWS::NoValue, a]",
      "7 Conditions.A.Fn::Equals[0]: AWS::NoValue cannot be compared",
    ],
    [
      "  A: !Equals [!Ref Pool, a]",
      "7 Conditions.A.Fn::Equals[0]: A condition cannot refer to the resource Pool",
    ],
  ])("refuses %j", (section, expected) => {
    expect(problemsOf(() => conditions(section))).toEqual([expected]);
  });

  it("decides chains that use each other twice at every step, and refuses long ones", () => {
    const chain = (length: number, end: string) =>
      Array.from({ length }, (_, i) => `  C${i}: !And [!Condition C${i + 1}, !Condition C${i + 1}]`)
        .concat(`  C${length}: ${end}`)
        .join("\n");
    expect(conditions(chain(30, "!Equals [a, a]")).get("C0")).toBe(true);
    expect(problemsOf(() => conditions(chain(30, "!Ref Env")))).toHaveLength(1);
    expect(problemsOf(() => conditions(chain(400, "!Equals [a, a]")))[0]).toMatch(
      /More than 32 conditions build on each other$/,
    );
  });
});

describe("the order of resources", () => {
  function orderOf(resources: string): readonly string[] {
    return planTemplate(parseTemplate(`${declarations}Resources:\n${resources}`), inputs()).order;
  }

  it("puts a resource after what it refers to, and otherwise keeps the template's order", () => {
    expect(
      orderOf(`
  InGroup:
    Type: AWS::Cognito::UserPoolUserToGroupAttachment
    Properties: {UserPoolId: !Ref Pool, Username: !Sub "\${User}", GroupName: !Join ["", [!Ref Group]]}
  First: {Type: AWS::Cognito::UserPool, DependsOn: Pool}
  User: {Type: AWS::Cognito::UserPoolUser, Properties: {UserPoolId: !Ref Pool}}
  Group: {Type: AWS::Cognito::UserPoolGroup, Properties: {UserPoolId: !Select [0, [!GetAtt Pool.UserPoolId]]}}
  Pool: {Type: AWS::Cognito::UserPool}`),
    ).toEqual(["Pool", "User", "Group", "InGroup", "First"]);
  });

  it("leaves out what a condition leaves out, and a DependsOn on it", () => {
    expect(
      orderOf(`
  Extra: {Type: AWS::Cognito::UserPool, Condition: Fails}
  Pool: {Type: AWS::Cognito::UserPool, Condition: Holds, DependsOn: [Extra]}
  Group: {Type: AWS::Cognito::UserPoolGroup, Properties: {UserPoolId: !If [Fails, !Ref Extra, !Ref Pool]}}`),
    ).toEqual(["Pool", "Group"]);
  });

  it("refuses a reference to what is not made", () => {
    const resources = `
  Extra: {Type: AWS::Cognito::UserPool, Condition: Fails}
  Group: {Type: AWS::Cognito::UserPoolGroup, Properties: {UserPoolId: !Ref Extra}}`;
    expect(problemsOf(() => orderOf(resources))).toEqual([
      "16 Resources.Group.Properties.UserPoolId: Extra is not made, because its condition does not hold",
    ]);
  });

  it("refuses circles, naming the way round", () => {
    const resources = `
  A: {Type: AWS::Cognito::UserPool, DependsOn: B}
  B: {Type: AWS::Cognito::UserPool, Properties: {UserPoolName: !Ref C}}
  C: {Type: AWS::Cognito::UserPool, Metadata: {Poolhouse: {Other: !Ref A}}}
  D: {Type: AWS::Cognito::UserPool, DependsOn: D}`;
    expect(problemsOf(() => orderOf(resources))).toEqual([
      "15 Resources.A: Circular dependency: A → B → C → A",
      "18 Resources.D: Circular dependency: D → D",
    ]);
  });

  it("tells what each resource waits for", () => {
    const text =
      "Resources:\n  Pool: {Type: AWS::Cognito::UserPool}\n  Group: {Type: AWS::Cognito::UserPoolGroup, Properties: {UserPoolId: !Ref Pool}}";
    const { dependencies } = planTemplate(parseTemplate(text), inputs());
    expect([...(dependencies.get("Group") ?? [])]).toEqual(["Pool"]);
  });
});

describe("Metadata.Poolhouse", () => {
  it("fixes the id and gives the rest as extensions", () => {
    const resources = `Resources:
  Pool:
    Type: AWS::Cognito::UserPool
    Metadata:
      Poolhouse: {Id: !Sub "\${AWS::Region}_Abc", Profile: hardened, Nested: {Active: true, N: 3, L: [!Ref Name]}}`;
    expect(evaluate(resources, "Pool").poolhouse).toEqual({
      id: "us-east-1_Abc",
      extensions: { Profile: "hardened", Nested: { Active: true, N: 3, L: ["demo"] } },
    });
  });

  it("is empty where there is none", () => {
    const { poolhouse } = evaluate("Resources:\n  Pool: {Type: AWS::Cognito::UserPool}", "Pool");
    expect(poolhouse).toEqual({ id: undefined, extensions: {} });
  });

  it.each([
    ["UserPool", "us-east-1"],
    ["UserPool", `us-east-1_${"a".repeat(46)}`],
    ["UserPool", "us-east-1_a/../b"],
    ["UserPoolClient", "not an id"],
    ["UserPoolClient", "a".repeat(129)],
  ])("refuses for a %s the id %j", (type, id) => {
    const resources = `Resources:\n  R:\n    Type: AWS::Cognito::${type}\n    Metadata: {Poolhouse: {Id: ${id}}}\n    Properties: {${type === "UserPool" ? "" : "UserPoolId: p"}}`;
    expect(problemsOf(() => evaluate(resources, "R"))).toEqual([
      `16 Resources.R.Metadata.Poolhouse.Id: The Id does not have the form of an id of AWS::Cognito::${type}`,
    ]);
  });

  it("refuses settings for types that have none", () => {
    const resources = `Resources:\n  User:\n    Type: AWS::Cognito::UserPoolUser\n    Metadata: {Poolhouse: {Id: a, Password: b}}\n    Properties: {UserPoolId: p}`;
    expect(problemsOf(() => evaluate(resources, "User"))).toEqual([
      "16 Resources.User.Metadata.Poolhouse.Id: AWS::Cognito::UserPoolUser has no Poolhouse setting Id",
      "16 Resources.User.Metadata.Poolhouse.Password: AWS::Cognito::UserPoolUser has no Poolhouse setting Password",
    ]);
  });
});

describe("outputs", () => {
  function outputsOf(section: string) {
    const text = `${declarations}Resources:\n  Pool: {Type: AWS::Cognito::UserPool}\n  Extra: {Type: AWS::Cognito::UserPool, Condition: Fails}\nOutputs:\n${section}`;
    return evaluateOutputs(planTemplate(parseTemplate(text), inputs()), made);
  }

  it("are evaluated with their descriptions", () => {
    expect(
      outputsOf(`
  Id: {Value: !Ref Pool, Description: The id, Export: {Name: !Sub "\${AWS::StackName}-id"}}
  Not: {Value: !Ref Extra, Condition: Fails}
  Number: {Value: 5}`),
    ).toEqual([
      { name: "Id", value: "<Pool>", description: "The id", noEcho: false },
      { name: "Number", value: "5", description: undefined, noEcho: false },
    ]);
  });

  it.each([
    ["  O: {Value: [a]}", "17 Outputs.O.Value: The value of an output has to be a string"],
    [
      "  O: {Value: !Ref Extra}",
      "17 Outputs.O.Value: Extra is not made, because its condition does not hold",
    ],
    [
      "  O: {Value: '{{resolve:ssm:a}}'}",
      "17 Outputs.O.Value: Dynamic references ({{resolve:…}}) are not supported",
    ],
  ])("refuses %j", (section, expected) => {
    expect(problemsOf(() => outputsOf(section))).toEqual([expected]);
  });

  it("never hold a client's secret", () => {
    const text =
      "Resources:\n  Client: {Type: AWS::Cognito::UserPoolClient, Properties: {UserPoolId: p, GenerateSecret: true}}\nOutputs: {Secret: {Value: !GetAtt Client.ClientSecret}}";
    expect(problemsOf(() => parseTemplate(text))).toEqual([
      "3 Outputs.Secret.Value: AWS::Cognito::UserPoolClient: a client secret is not handed out by templates; DescribeUserPoolClient shows it",
    ]);
  });
});

describe("NoEcho", () => {
  it.each([
    "!Ref Secret",
    '!Sub "a${Secret}"',
    '!Sub ["${S}", {S: !Ref Secret}]',
    "!Join ['', [a, !Ref Secret]]",
    "!Select [0, !Split ['-', !Ref Secret]]",
    "!Base64 {Ref: Secret}",
    "!If [Holds, !Ref Secret, a]",
  ])("marks the output that %j makes", (expression) => {
    const text = `${declarations}Resources: {Pool: {Type: AWS::Cognito::UserPool}}\nOutputs: {O: {Value: ${expression}}, P: {Value: !Ref Name}}`;
    const plan = planTemplate(parseTemplate(text), inputs());
    expect(evaluateOutputs(plan, made).map(({ noEcho }) => noEcho)).toEqual([true, false]);
  });
});

describe("whatever the template", () => {
  const names = fc.constantFrom(
    ...["Ref", "Fn::GetAtt", "Fn::Sub", "Fn::Join", "Fn::Select", "Fn::Split", "Fn::FindInMap"],
    ...["Fn::Base64", "Fn::If", "Fn::Equals", "Fn::And", "Fn::Not", "Condition", "Fn::ImportValue"],
    ...["Type", "Properties", "UserPoolId", "Policies", "Schema", "CallbackURLs", "GroupName"],
    ...["Id", "Poolhouse", "Value", "constructor", "__proto__", "toString", "a"],
  );
  const words = fc.constantFrom(
    ...["Pool", "Client", "Secret", "Urls", "Holds", "Fails", "Sizes", "us-east-1", "short", ","],
    ...[
      "Pool.Arn",
      "${Secret}",
      "${Pool.Arn}${Secret}",
      "${!x}",
      "${",
      "AWS::NoValue",
      "",
      "0",
      "true",
    ],
    ...["AWS::Cognito::UserPool", "{{resolve:ssm:x}}", "us-east-1_A", "__proto__", "\ud800"],
  );
  const { tree } = fc.letrec((tie) => ({
    tree: fc.oneof(
      { maxDepth: 5, withCrossShrink: true },
      fc.oneof(words, fc.integer(), fc.boolean(), fc.constant(null), fc.string()),
      fc.array(tie("tree"), { maxLength: 4 }),
      fc.dictionary(names, tie("tree"), { maxKeys: 3 }),
    ),
  }));
  const canary = "canary-Value-Given";

  let plans = 0;

  function readAll(text: string): void {
    const given = text.includes('"Secret"') ? { Secret: canary } : {};
    const plan = planTemplate(parseTemplate(text), inputs(given));
    plans += 1;
    for (const logicalId of plan.order) {
      evaluateResource(plan, logicalId, made);
    }
    evaluateOutputs(plan, made);
  }

  /** Runs it; anything but a TemplateError, or the canary in one, fails the test. */
  function expectTemplateErrorOnly(text: string): void {
    try {
      readAll(text);
    } catch (error) {
      if (!(error instanceof TemplateError)) {
        throw error;
      }
      expect(error.problems.length).toBeGreaterThan(0);
      expect(error.message).not.toContain(canary);
      expect(error.message).not.toContain("canary-default");
    }
  }

  const parameters = JSON.stringify({
    Secret: { Type: "String", NoEcho: true, Default: "canary-default" },
    Urls: { Type: "CommaDelimitedList", Default: "a,b" },
  });

  it("nothing but a TemplateError is thrown, and no NoEcho value is in it: random property trees", () => {
    fc.assert(
      fc.property(fc.tuple(tree, tree, tree, tree), ([pool, client, condition, output]) => {
        const text = JSON.stringify({
          Parameters: JSON.parse(parameters),
          Mappings: { Sizes: { "us-east-1": { short: "8" } } },
          Conditions: {
            Holds: { "Fn::Equals": ["a", "a"] },
            Fails: { "Fn::Not": [{ "Fn::Equals": [{ Ref: "Secret" }, condition] }] },
          },
          Resources: {
            Pool: {
              Type: "AWS::Cognito::UserPool",
              Properties: { UserPoolName: pool, Schema: pool },
            },
            Client: {
              Type: "AWS::Cognito::UserPoolClient",
              Properties: { UserPoolId: client, CallbackURLs: client },
              Metadata: { Poolhouse: { Id: client, X: client } },
            },
          },
          Outputs: { O: { Value: output } },
        });
        expectTemplateErrorOnly(text);
      }),
      { numRuns: 600 },
    );
  });

  // Every function with as many arguments as it takes, of any kind: this gets past reading and into evaluating.
  const { expression } = fc.letrec((tie) => {
    const call = (name: string, ...kinds: readonly fc.Arbitrary<unknown>[]) =>
      fc.tuple(...kinds).map((values) => ({ [name]: values }));
    const any = tie("expression");
    const condition = fc.constantFrom("Holds", "Fails");
    const reference = fc.constantFrom("Pool", "Secret", "Urls", "AWS::Region", "AWS::NoValue");
    return {
      expression: fc.oneof(
        { maxDepth: 5, withCrossShrink: true },
        fc.constantFrom("a", "0", "1", 2, true, "Sizes", "us-east-1", "short", "{{resolve:ssm:x}}"),
        fc.oneof(
          reference.map((name) => ({ Ref: name })),
          fc.constantFrom("Arn", "UserPoolId").map((name) => ({ "Fn::GetAtt": ["Pool", name] })),
        ),
        call(
          "Fn::Join",
          fc.constantFrom("", ",", "-"),
          fc.oneof(any, fc.array(any, { maxLength: 3 })),
        ),
        call("Fn::Select", any, fc.oneof(any, fc.array(any, { maxLength: 3 }))),
        call("Fn::Split", fc.constantFrom(",", "-"), any),
        call("Fn::FindInMap", any, any, any),
        call("Fn::If", condition, any, any),
        call(
          "Fn::Sub",
          fc.constantFrom("${V}${V}", "${Secret}${!V}", "${V}${Pool.Arn}"),
          fc.record({ V: any }),
        ),
        any.map((value) => ({ "Fn::Base64": value })),
        fc.array(any, { maxLength: 3 }),
      ),
    };
  });

  it("nothing but a TemplateError is thrown, and no NoEcho value is in it: random well-formed functions", () => {
    plans = 0;
    fc.assert(
      fc.property(fc.tuple(expression, expression, expression), ([name, urls, output]) => {
        const text = JSON.stringify({
          Parameters: JSON.parse(parameters),
          Mappings: { Sizes: { "us-east-1": { short: "8", "0": ["a", "b"] } } },
          Conditions: {
            Holds: { "Fn::Equals": ["a", { Ref: "Urls" }] },
            Fails: { "Fn::Not": [{ Condition: "Holds" }] },
          },
          Resources: {
            Pool: { Type: "AWS::Cognito::UserPool" },
            Client: {
              Type: "AWS::Cognito::UserPoolClient",
              Properties: { UserPoolId: "p", ClientName: name, CallbackURLs: urls },
              Metadata: { Poolhouse: { X: name } },
            },
          },
          Outputs: { O: { Value: output } },
        });
        expectTemplateErrorOnly(text);
      }),
      { numRuns: 1000 },
    );
    // Many are refused when they are read; that many are not shows that evaluation was tried.
    expect(plans).toBeGreaterThan(100);
  });

  it("nothing but a TemplateError is thrown: random sections", () => {
    const sections = fc.constantFrom(
      ...[
        "Parameters",
        "Mappings",
        "Conditions",
        "Resources",
        "Outputs",
        "Metadata",
        "Description",
      ],
    );
    fc.assert(
      fc.property(fc.dictionary(sections, tree, { maxKeys: 7 }), (template) => {
        expectTemplateErrorOnly(JSON.stringify(template));
      }),
      { numRuns: 400 },
    );
  });

  it("nothing but a TemplateError is thrown: random text", () => {
    const pieces = fc.constantFrom(
      ...[
        "a",
        ":",
        " ",
        "\n",
        "- ",
        "? ",
        "[",
        "]",
        "{",
        "}",
        ",",
        "!Ref ",
        "!Sub ",
        "&a ",
        "*a",
        "|",
      ],
      ...[
        "'",
        '"',
        "#",
        "%",
        "@",
        "\t",
        "\r",
        "---\n",
        "Resources:",
        "  ",
        "<<: ",
        "!!int ",
        "\u0000",
        "\ud800",
      ],
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 40 }), (text) => {
        expectTemplateErrorOnly(text.join(""));
      }),
      { numRuns: 1000 },
    );
  });
});
