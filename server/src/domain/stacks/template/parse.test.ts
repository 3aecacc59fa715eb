import { describe, expect, it } from "vitest";
import { problemsOf } from "../../../testing/template-problems.ts";
import { parseTemplate } from "./parse.ts";

const pool = "Resources:\n  Pool:\n    Type: AWS::Cognito::UserPool\n";

/** A template with one pool, whose lines from the seventh on are `properties`. */
function withProperties(properties: string): string {
  const lines = properties.split("\n").map((line) => `      ${line}`);
  return `Description: d\nMappings: {M: {K: {L: x}}}\nConditions: {C: !Equals [a, b]}\n${pool}    Properties:\n${lines.join("\n")}\n`;
}

describe("parseTemplate", () => {
  it("reads every section", () => {
    const template = parseTemplate(`
AWSTemplateFormatVersion: 2010-09-09
Description: Everything
Metadata: {Anything: [goes]}
Parameters:
  Name: {Type: String, Default: demo, NoEcho: true, MinLength: 1, AllowedValues: [demo, 1]}
Mappings:
  M: {K: {L: [a, b]}}
Conditions:
  C: !Equals [!Ref Name, demo]
Resources:
  Pool:
    Type: AWS::Cognito::UserPool
    Condition: C
    DeletionPolicy: Retain
    UpdateReplacePolicy: Retain
    DependsOn: []
    Metadata: {Poolhouse: {Id: us-east-1_A, Profile: hardened}, AWS::X: y}
    Properties: {UserPoolName: !Ref Name}
Outputs:
  Id: {Value: !Ref Pool, Description: The id, Condition: C, Export: {Name: pool-id}}
`);
    expect(template.parameters.get("Name")).toMatchObject({
      type: "String",
      default: "demo",
      noEcho: true,
      minLength: 1,
      allowedValues: ["demo", "1"],
    });
    expect([...template.mappings.keys()]).toEqual(["M"]);
    expect([...template.conditions.keys()]).toEqual(["C"]);
    expect(template.resources.get("Pool")).toMatchObject({
      type: { name: "AWS::Cognito::UserPool" },
      condition: { name: "C" },
      deletionPolicy: "Retain",
      updateReplacePolicy: "Retain",
    });
    expect([...(template.resources.get("Pool")?.poolhouse?.entries.keys() ?? [])]).toEqual([
      "Id",
      "Profile",
    ]);
    expect(template.outputs.get("Id")).toMatchObject({ description: "The id" });
  });

  it.each([
    ["[]", "1 : A template is a mapping of sections"],
    ["Description: d", "1 : A template has at least one resource in its section Resources"],
    [
      `Transform: AWS::Serverless-2016-10-31\n${pool}`,
      "1 Transform: The section Transform is not supported",
    ],
    [`Rules: {}\n${pool}`, "1 Rules: The section Rules is not supported"],
    [`Hooks: {}\n${pool}`, "1 Hooks: The section Hooks is not supported"],
    [`Output: {}\n${pool}`, "1 Output: Unknown section Output; did you mean Outputs?"],
    [
      `AWSTemplateFormatVersion: "2010-09-10"\n${pool}`,
      "1 AWSTemplateFormatVersion: 2010-09-10 is not supported here; supported: 2010-09-09; did you mean 2010-09-09?",
    ],
    [
      `Parameters: {P: {Type: AWS::SSM::Parameter::Value<String>}}\n${pool}`,
      "1 Parameters.P.Type: AWS::SSM::Parameter::Value<String> is not supported here; supported: String, Number, List<Number>, CommaDelimitedList",
    ],
    [`Parameters: {P: {Default: a}}\n${pool}`, "1 Parameters.P: Missing required key Type"],
    [`Parameters: {P: {Type: String, Min: 1}}\n${pool}`, "1 Parameters.P.Min: Unknown key Min"],
    [
      `Parameters: {P: {Type: String, MinLength: x}}\n${pool}`,
      "1 Parameters.P.MinLength: Expected a number",
    ],
    [
      `Parameters: {P: {Type: String, NoEcho: maybe}}\n${pool}`,
      "1 Parameters.P.NoEcho: Expected true or false",
    ],
    [
      `Parameters: {P: {Type: String, AllowedValues: a}}\n${pool}`,
      "1 Parameters.P.AllowedValues: Expected a list of strings",
    ],
    [
      `Parameters: {P-1: {Type: String}}\n${pool}`,
      "1 Parameters.P-1: P-1 is no logical id: letters and digits, 255 at most",
    ],
    [
      `Parameters: {Pool: {Type: String}}\n${pool}`,
      "3 Resources.Pool: Pool is the name of a parameter too",
    ],
    [
      `Mappings: {M: {K: a}}\n${pool}`,
      "1 Mappings.M.K: A mapping has two levels of keys, and below them strings or lists of strings",
    ],
    [
      `Conditions: {C: !GetAtt A.B}\n${pool}`,
      "1 Conditions.C: Fn::GetAtt may not stand in the section Conditions",
    ],
    [
      `Conditions: {C: !Not [a, b]}\n${pool}`,
      "1 Conditions.C.Fn::Not: Fn::Not takes a list of 1 condition",
    ],
    [
      `Conditions: {C: !And [!Condition D]}\n${pool}`,
      "1 Conditions.C.Fn::And: Fn::And takes a list of 2 to 10 conditions",
    ],
    ["Resources:\n  Pool: {}\n", "2 Resources.Pool: Missing required key Type"],
    [
      `${pool}    CreationPolicy: {}\n`,
      "4 Resources.Pool.CreationPolicy: Unknown key CreationPolicy",
    ],
    [
      `${pool}    DeletionPolicy: Snapshot\n`,
      "4 Resources.Pool.DeletionPolicy: Snapshot is not supported here; supported: Delete, Retain, RetainExceptOnCreate",
    ],
    [`${pool}    DependsOn: Client\n`, "4 Resources.Pool.DependsOn: Unknown resource Client"],
    [`${pool}    Condition: Missing\n`, "4 Resources.Pool.Condition: Unknown condition Missing"],
    [
      `${pool}    Metadata: {Poolhouse: [a]}\n`,
      "4 Resources.Pool.Metadata.Poolhouse: Expected a mapping",
    ],
    [
      `${pool}    Metadata: !If [A, {Poolhouse: {}}, {}]\n`,
      "4 Resources.Pool.Metadata: Metadata has to be a mapping as it stands",
    ],
    [`${pool}Outputs: {O: {Description: d}}\n`, "4 Outputs.O: Missing required key Value"],
    [
      `${pool}Outputs: {O: {Value: !Ref Pol}}\n`,
      "4 Outputs.O.Value: Ref to the unknown name Pol; did you mean Pool?",
    ],
    [
      `${pool}Outputs: {O: {Value: a, Export: {}}}\n`,
      "4 Outputs.O.Export: Missing required key Name",
    ],
  ])("refuses %j", (text, expected) => {
    expect(problemsOf(() => parseTemplate(text))).toEqual([expected]);
  });

  it.each([
    ["UserPoolName: !Ref Nam", "Ref to the unknown name Nam"],
    ["UserPoolName: !Ref Pol", "Ref to the unknown name Pol; did you mean Pool?"],
    ["UserPoolName: !Ref AWS::NotificationARNs", "Ref to the unknown name AWS::NotificationARNs"],
    ["UserPoolName: !GetAtt Pol.Arn", "Unknown resource Pol; did you mean Pool?"],
    [
      "UserPoolName: !GetAtt Pool.Arm",
      "AWS::Cognito::UserPool has no attribute Arm; did you mean Arn?",
    ],
    [
      "UserPoolName: !GetAtt Pool",
      "Fn::GetAtt takes a logical id and an attribute, as in Pool.Arn",
    ],
    ["UserPoolName: !GetAtt [Pool, !Ref Name]", "Fn::GetAtt takes a plain string here"],
    ['UserPoolName: !Sub "$' + '{Pol}"', "Ref to the unknown name Pol; did you mean Pool?"],
    [
      'UserPoolName: !Sub "$' + '{Pool.Arm}"',
      "AWS::Cognito::UserPool has no attribute Arm; did you mean Arn?",
    ],
    [
      'UserPoolName: !Sub "$' + '{a b}"',
      "$" +
        "{a b} is not a name: Fn::Sub takes letters, digits, _ . and : (write $" +
        "{!…} for the text itself)",
    ],
    ["UserPoolName: !Sub [a]", "Fn::Sub takes a list of 2: string, variables"],
    ["UserPoolName: !Sub [a, b]", "Fn::Sub takes its variables as a mapping"],
    ["UserPoolName: !Join [a]", "Fn::Join takes a list of 2: delimiter, values"],
    ["UserPoolName: !Split ['', b]", "Fn::Split needs a delimiter of at least one character"],
    ["UserPoolName: !If [D, a, b]", "Unknown condition D; did you mean C?"],
    [
      "UserPoolName: !If [C, a]",
      "Fn::If takes a list of 3: condition name, value if true, value if false",
    ],
    ["UserPoolName: !FindInMap [N, K, L]", "Unknown mapping N; did you mean M?"],
    [
      "UserPoolName: !FindInMap [M, K, L, {DefaultValue: x}]",
      "Fn::FindInMap takes a list of 3: mapping name, top-level key, second-level key",
    ],
    ["UserPoolName: !Equals [a, b]", "Fn::Equals may stand only in the section Conditions"],
    ["UserPoolName: !Condition C", "Expected a String, found a mapping"],
    ["UserPoolName: !ImportValue a", "Fn::ImportValue is not supported"],
    ["UserPoolName: !GetAZs a", "Fn::GetAZs is not supported"],
    ["UserPoolName: {Fn::Foo: a}", "Unknown function Fn::Foo; did you mean Fn::Or?"],
    ["UserPoolName: {Ref: Pool, Other: a}", "Ref has to be the only key of its mapping"],
  ])("refuses the property %j on its line", (property, message) => {
    const [problem, ...others] = problemsOf(() => parseTemplate(withProperties(property)));
    expect(others).toEqual([]);
    expect(problem).toMatch(/^8 Resources\.Pool\.Properties\.UserPoolName/);
    expect(problem?.endsWith(`: ${message}`)).toBe(true);
  });

  it("reports problems of form, of types and of properties together", () => {
    const text = withProperties("UserPoolNam: a\nMfaConfiguration: MAYBE\nPolicies: [a]");
    const client = "  Client:\n    Type: AWS::Cognito::UserPoolClint\n    Oops: 1\n";
    expect(problemsOf(() => parseTemplate(`${text}${client}`))).toEqual([
      "13 Resources.Client.Oops: Unknown key Oops",
      "8 Resources.Pool.Properties.UserPoolNam: Unknown property UserPoolNam; did you mean UserPoolName?",
      '9 Resources.Pool.Properties.MfaConfiguration: "MAYBE" is not allowed here; allowed: OFF, ON, OPTIONAL',
      "10 Resources.Pool.Properties.Policies: Expected a mapping, found a List",
      expect.stringMatching(
        /^12 Resources\.Client\.Type: The resource type AWS::Cognito::UserPoolClint is not supported; .*did you mean AWS::Cognito::UserPoolClient\?$/,
      ),
    ]);
  });

  it("refuses more resources than CloudFormation takes", () => {
    const resources = Array.from(
      { length: 501 },
      (_, i) => `  R${i}: {Type: AWS::Cognito::UserPool}`,
    );
    expect(problemsOf(() => parseTemplate(`Resources:\n${resources.join("\n")}`))[0]).toMatch(
      /More than 500 entries$/,
    );
  });

  it("says where each problem is in the error's own text", () => {
    expect(() => parseTemplate(withProperties("UserPoolNam: a"))).toThrow(
      "line 8, column 7: Resources.Pool.Properties.UserPoolNam: Unknown property UserPoolNam; did you mean UserPoolName?",
    );
  });
});
