import { describe, expect, it } from "vitest";
import { problemsOf } from "../../../testing/template-problems.ts";
import { parseTemplate } from "./parse.ts";
import { isResourceTypeName, resourceTypeOf, resourceTypes } from "./resource-types.ts";

function problemsIn(type: string, properties: string): readonly string[] {
  const lines = properties.split("\n").map((line) => `      ${line}`);
  const text = `Parameters: {P: {Type: String}}
Conditions: {C: !Equals [a, a]}
Resources:
  R:
    Type: AWS::Cognito::${type}
    Properties:
${lines.join("\n")}`;
  return problemsOf(() => parseTemplate(text));
}

describe("the table of resource types", () => {
  it("has every property of Cognito's types in the CloudFormation Template Reference", () => {
    const cognito = Object.entries(resourceTypes).filter(([type]) => type.includes("Cognito"));
    const names = cognito.map(([type, { properties }]) => [type, Object.keys(properties).length]);
    expect(Object.fromEntries(names)).toEqual({
      "AWS::Cognito::ManagedLoginBranding": 6,
      "AWS::Cognito::Terms": 6,
      "AWS::Cognito::UserPool": 32,
      "AWS::Cognito::UserPoolClient": 23,
      "AWS::Cognito::UserPoolDomain": 5,
      "AWS::Cognito::UserPoolGroup": 5,
      "AWS::Cognito::UserPoolResourceServer": 4,
      "AWS::Cognito::UserPoolUICustomizationAttachment": 3,
      "AWS::Cognito::UserPoolUser": 8,
      "AWS::Cognito::UserPoolUserToGroupAttachment": 3,
    });
  });

  it.each(["constructor", "__proto__", "toString", "AWS::Cognito::UserPoolDomains", ""])(
    "has no type %j",
    (name) => {
      expect(isResourceTypeName(name)).toBe(false);
      expect(resourceTypeOf(name)).toBeUndefined();
    },
  );

  it.each([
    ["us-east-1_Poolhouse", true],
    ["us-east-1_", false],
    ["_A", false],
    ["a_b\n", false],
  ])("knows whether %j is a pool id", (id, expected) => {
    expect(resourceTypes["AWS::Cognito::UserPool"].metadata.id.test(id)).toBe(expected);
  });
});

describe("checking properties", () => {
  it.each([
    ["UserPool", "UserPoolName: 5"],
    ["UserPool", "UserPoolTags: {a: b, c: 1, d: true, Ref2: x}"],
    [
      "UserPool",
      "Schema:\n  - {Name: a, Mutable: 'true', StringAttributeConstraints: {MaxLength: 5}}",
    ],
    ["UserPool", "EnabledMfas: !If [C, [SMS_MFA], !Ref AWS::NoValue]"],
    ["UserPool", "Policies: {PasswordPolicy: {MinimumLength: !Ref P, RequireNumbers: !Ref P}}"],
    ["UserPool", "MfaConfiguration: !If [C, !Ref P, 'ON']"],
    ["UserPoolClient", "UserPoolId: p\nCallbackURLs: !Split [',', !Ref P]"],
    ["UserPoolClient", "UserPoolId: p\nGenerateSecret: !Sub 'true'"],
    ["UserPoolGroup", "UserPoolId: p\nPrecedence: '0'"],
    ["UserPoolUser", "UserPoolId: p\nUserAttributes: [{Name: email}]\nClientMetadata: {k: v}"],
    ["UserPoolUserToGroupAttachment", "UserPoolId: p\nUsername: u\nGroupName: g"],
  ])("takes for a %s %j", (type, properties) => {
    expect(problemsIn(type, properties)).toEqual([]);
  });

  it.each([
    [
      "UserPool",
      "PasswordPolicy: {}",
      "7 Resources.R.Properties.PasswordPolicy: Unknown property PasswordPolicy",
    ],
    [
      "UserPool",
      "UserPoolNam: a",
      "7 Resources.R.Properties.UserPoolNam: Unknown property UserPoolNam; did you mean UserPoolName?",
    ],
    [
      "UserPool",
      "constructor: a",
      "7 Resources.R.Properties.constructor: Unknown property constructor",
    ],
    [
      "UserPool",
      "Policies:\n  PasswordPolicy:\n    MinLength: 8",
      "9 Resources.R.Properties.Policies.PasswordPolicy.MinLength: Unknown property MinLength; did you mean MinimumLength?",
    ],
    [
      "UserPool",
      "Policies: {PasswordPolicy: {MinimumLength: eight}}",
      '7 Resources.R.Properties.Policies.PasswordPolicy.MinimumLength: Expected an Integer, found "eight"',
    ],
    [
      "UserPool",
      "Policies: {PasswordPolicy: {MinimumLength: 8.5}}",
      "7 Resources.R.Properties.Policies.PasswordPolicy.MinimumLength: Expected an Integer, found 8.5",
    ],
    [
      "UserPool",
      "Policies: {PasswordPolicy: {RequireNumbers: ja}}",
      '7 Resources.R.Properties.Policies.PasswordPolicy.RequireNumbers: Expected a Boolean, found "ja"',
    ],
    [
      "UserPool",
      "Policies: {PasswordPolicy: {RequireNumbers: 1}}",
      "7 Resources.R.Properties.Policies.PasswordPolicy.RequireNumbers: Expected a Boolean, found 1",
    ],
    [
      "UserPool",
      "Policies: strict",
      '7 Resources.R.Properties.Policies: Expected a mapping, found "strict"',
    ],
    [
      "UserPool",
      "AliasAttributes: email",
      '7 Resources.R.Properties.AliasAttributes: Expected a List, found "email"',
    ],
    [
      "UserPool",
      "AliasAttributes: [e-mail]",
      '7 Resources.R.Properties.AliasAttributes[0]: "e-mail" is not allowed here; allowed: email, phone_number, preferred_username; did you mean email?',
    ],
    [
      "UserPool",
      "AliasAttributes: [[email]]",
      "7 Resources.R.Properties.AliasAttributes[0]: Expected a String, found a List",
    ],
    [
      "UserPool",
      "UserPoolTags: [a]",
      "7 Resources.R.Properties.UserPoolTags: Expected a mapping of Strings, found a List",
    ],
    [
      "UserPool",
      "UserPoolTags: {a: [b]}",
      "7 Resources.R.Properties.UserPoolTags.a: Expected a String, found a List",
    ],
    [
      "UserPool",
      "UserPoolTags: !Sub a",
      "7 Resources.R.Properties.UserPoolTags: Expected a mapping of Strings, found Fn::Sub, which gives a string",
    ],
    [
      "UserPool",
      "UserPoolName: !Split [',', a]",
      "7 Resources.R.Properties.UserPoolName: Expected a String, found Fn::Split, which gives a list",
    ],
    [
      "UserPool",
      "MfaConfiguration: !If [C, MAYBE, 'OFF']",
      '7 Resources.R.Properties.MfaConfiguration.Fn::If[1]: "MAYBE" is not allowed here; allowed: OFF, ON, OPTIONAL',
    ],
    [
      "UserPool",
      "MfaConfiguration: OFF",
      "7 Resources.R.Properties.MfaConfiguration: false is not allowed here; allowed: OFF, ON, OPTIONAL (YAML 1.1 reads ON and OFF as true and false: put them in quotes)",
    ],
    [
      "UserPool",
      "UserPoolAddOns: {}",
      "7 Resources.R.Properties.UserPoolAddOns.AdvancedSecurityMode: Missing required property",
    ],
    [
      "UserPool",
      "LambdaConfig: {CustomEmailSender: {LambdaArn: a}}",
      "7 Resources.R.Properties.LambdaConfig.CustomEmailSender.LambdaVersion: Missing required property",
    ],
    [
      "UserPoolClient",
      "ClientName: a",
      "4 Resources.R.Properties.UserPoolId: Missing required property",
    ],
    [
      "UserPoolGroup",
      "UserPoolId: p\nName: a",
      "8 Resources.R.Properties.Name: Unknown property Name",
    ],
    [
      "UserPoolUser",
      "UserPoolId: p\nTemporaryPassword: a",
      "8 Resources.R.Properties.TemporaryPassword: Unknown property TemporaryPassword",
    ],
    [
      "UserPoolUserToGroupAttachment",
      "UserPoolId: p\nUsername: u",
      "4 Resources.R.Properties.GroupName: Missing required property",
    ],
  ])("refuses for a %s %j", (type, properties, expected) => {
    expect(problemsIn(type, properties)).toEqual([expected]);
  });

  it("names a resource type that it does not have, and the nearest that it has", () => {
    const text = "Resources:\n  R:\n    Type: AWS::Cognito::UserPol\n  S:\n    Type: Custom::Thing";
    expect(() => parseTemplate(text)).toThrow(
      /line 3.*The resource type AWS::Cognito::UserPol is not supported; .*did you mean AWS::Cognito::UserPool\?\n.*line 5.*Custom::Thing is not supported; supported: [\w:, ]+$/,
    );
  });
});
