/** Functions and permissions as resources of a stack. */
import { DescribeUserPoolCommand, SignUpCommand } from "@aws-sdk/client-cognito-identity-provider";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createFunctionRunner } from "../../domain/functions/run.ts";
import type { Attempt, FunctionRuntime, Invocation } from "../../domain/functions/runtime.ts";
import { type TestApp, testApp } from "../../testing/app.ts";
import { signedCall } from "../../testing/signed-call.ts";
import type { ApplyStackInput, ApplyStackOutput } from "./apply-stack.ts";
import type { GetFunctionOutput } from "./get-function.ts";
import type { ListFunctionsOutput } from "./list-functions.ts";

let app: TestApp;
let ran: Invocation[];
let attempt: Attempt;
beforeEach(async () => {
  app = await testApp();
  ran = [];
  attempt = { kind: "refused", message: "not you" };
  const runtime: FunctionRuntime = {
    async run(invocation) {
      ran.push(invocation);
      return attempt;
    },
  };
  const { store, settings } = app.context;
  const runner = createFunctionRunner({
    ...app.context,
    db: store.db,
    accountId: settings.accountId,
    runtimes: { local: runtime, https: runtime, lambda: runtime },
  });
  app.functions.answer = (invocation) => runner.invoke(invocation);
});
afterEach(() => app.close());

function apply(asked: Partial<ApplyStackInput>): Promise<ApplyStackOutput> {
  const input = { StackName: "shop", ...asked };
  return signedCall(app, { target: "PoolhouseService.ApplyStack", input });
}

const get = (FunctionName: string) =>
  signedCall<GetFunctionOutput>(app, {
    target: "PoolhouseService.GetFunction",
    input: { FunctionName },
  });

async function names(): Promise<string[]> {
  const target = "PoolhouseService.ListFunctions";
  const { Functions } = await signedCall<ListFunctionsOutput>(app, { target, input: {} });
  return Functions.map((each) => each.FunctionName);
}

const actionsOf = ({ Changes }: ApplyStackOutput) =>
  Object.fromEntries(Changes.map(({ LogicalId, Action }) => [LogicalId, Action]));

const inModule = "Module: by-invitation.mjs";
const properties = `
      FunctionName: by-invitation
      Role: !Sub "arn:aws:iam::\${AWS::AccountId}:role/functions"
      Runtime: nodejs24.x
      Handler: by-invitation.decide
      Timeout: 5
      Environment: { Variables: { DOMAIN: example.com } }
      Code: { S3Bucket: code, S3Key: by-invitation.zip }`;

/** The permission stands first, so that the order is not the template's. */
const stack = (metadata = inModule, more = properties) => `
Parameters:
  HookSecret: { Type: String, NoEcho: true, Default: "" }
Resources:
  MayDecide:
    Type: AWS::Lambda::Permission
    Properties:
      Action: lambda:InvokeFunction
      FunctionName: !Ref Decide
      Principal: cognito-idp.amazonaws.com
      SourceArn: !GetAtt Pool.Arn
  Pool:
    Type: AWS::Cognito::UserPool
    Properties:
      LambdaConfig: { PreSignUp: !GetAtt Decide.Arn }
  Client:
    Type: AWS::Cognito::UserPoolClient
    Properties: { UserPoolId: !Ref Pool }
  Decide:
    Type: AWS::Lambda::Function
    Metadata: { Poolhouse: { ${metadata} } }
    Properties:${more}
Outputs:
  PoolId: { Value: !Ref Pool }
  ClientId: { Value: !Ref Client }
  FunctionArn: { Value: !GetAtt Decide.Arn }
`;

const outputOf = ({ Outputs }: ApplyStackOutput, key: string) =>
  Outputs.find(({ OutputKey }) => OutputKey === key)?.OutputValue;

function signUp(applied: ApplyStackOutput) {
  const ClientId = outputOf(applied, "ClientId");
  return app.client.send(
    new SignUpCommand({ ClientId, Username: "ada", Password: "Horse-7-Staple" }),
  );
}

test("a function, the pool that calls it and the permission are made in that order", async () => {
  const applied = await apply({ TemplateBody: stack() });
  const order = applied.Changes.map(({ LogicalId }) => LogicalId);
  expect(order.indexOf("Decide")).toBeLessThan(order.indexOf("Pool"));
  expect(order.indexOf("Pool")).toBeLessThan(order.indexOf("MayDecide"));
  const arn = `arn:aws:lambda:us-east-1:${app.context.settings.accountId}:function:by-invitation`;
  expect(outputOf(applied, "FunctionArn")).toBe(arn);
  const UserPoolId = outputOf(applied, "PoolId");
  const { UserPool } = await app.client.send(new DescribeUserPoolCommand({ UserPoolId }));
  expect(UserPool?.LambdaConfig).toMatchObject({ PreSignUp: arn });
  expect(await get("by-invitation")).toMatchObject({
    Function: { Module: "by-invitation.mjs", Handler: "decide", EnvironmentNames: ["DOMAIN"] },
    Permissions: [
      {
        StatementId: "shop-MayDecide",
        Principal: "cognito-idp.amazonaws.com",
        SourceArn: UserPool?.Arn,
      },
    ],
  });
  await expect(signUp(applied)).rejects.toThrow("PreSignUp failed with error not you.");
  expect(ran).toMatchObject([{ arn, handler: "decide", environment: { DOMAIN: "example.com" } }]);
  expect(actionsOf(await apply({ TemplateBody: stack() }))).toEqual({
    Decide: "none",
    Pool: "none",
    Client: "none",
    MayDecide: "none",
  });
});

test("a user of the template is made once the function may be asked about it", async () => {
  const user = (more: string) => `  Ada:
    Type: AWS::Cognito::UserPoolUser
    ${more}
    Properties: { UserPoolId: !Ref Pool, Username: ada, MessageAction: SUPPRESS }
Outputs:`;
  const early = stack().replace("Outputs:", user("DeletionPolicy: Delete"));
  const order = early.replace(/( {2}MayDecide:.*?)( {2}Pool:.*)Outputs:/s, "$2$1Outputs:");
  await expect(apply({ TemplateBody: order })).rejects.toThrow("PreSignUp");
  attempt = { kind: "returned", payload: { response: {} } };
  const late = order.replace("DeletionPolicy: Delete", "DependsOn: MayDecide");
  expect(actionsOf(await apply({ TemplateBody: late }))).toMatchObject({ Ada: "make" });
  expect(ran).toHaveLength(1);
});

test("without the permission nobody is let in", async () => {
  const applied = await apply({ TemplateBody: stack() });
  const without = stack().replace(/ {2}MayDecide:.*? {2}Pool:/s, "  Pool:");
  const changed = await apply({ TemplateBody: without, AllowDeletion: true });
  expect(actionsOf(changed)).toMatchObject({ MayDecide: "remove", Pool: "none" });
  await expect(signUp(applied)).rejects.toMatchObject({ name: "UnexpectedLambdaException" });
  expect(ran).toEqual([]);
});

test("what runs, by what name and with which variables can change", async () => {
  await apply({ TemplateBody: stack() });
  const other = properties.replace("decide", "other").replace(/ {6}Environment:.*\n/, "");
  const changed = await apply({ TemplateBody: stack("Module: other.mjs", other) });
  expect(actionsOf(changed)).toMatchObject({ Decide: "change", Pool: "none", MayDecide: "none" });
  expect(await get("by-invitation")).toMatchObject({
    Function: { Module: "other.mjs", Handler: "other", EnvironmentNames: [] },
    Permissions: [{ StatementId: "shop-MayDecide" }],
  });
});

test("an endpoint signs by a parameter that is shown nowhere", async () => {
  const Secret = "a-secret-that-nobody-has-seen-0123456789";
  const metadata = 'Endpoint: "https://hooks.example.com/", Secret: !Ref HookSecret';
  const applied = await apply({
    TemplateBody: stack(metadata),
    Parameters: [{ ParameterKey: "HookSecret", ParameterValue: Secret }],
  });
  await expect(signUp(applied)).rejects.toThrow("not you");
  expect(ran).toMatchObject([{ target: "https://hooks.example.com/", secret: Secret }]);
  const input = { StackName: "shop" };
  const described = await signedCall(app, { target: "PoolhouseService.DescribeStack", input });
  const shown = [applied, described, await app.auditEvents(), app.logged];
  expect(JSON.stringify(shown)).not.toContain(Secret);
});

test("a function that stays on AWS is called by its ARN there", async () => {
  const there = "arn:aws:lambda:eu-west-1:999999999999:function:by-invitation:live";
  const applied = await apply({ TemplateBody: stack(`LambdaArn: "${there}"`) });
  expect((await get("by-invitation")).Function).toMatchObject({ LambdaArn: there });
  await expect(signUp(applied)).rejects.toThrow("not you");
  expect(ran).toMatchObject([{ target: there, environment: {} }]);
});

test("a permission changes in place, and goes with what it is for to another function", async () => {
  const applied = await apply({ TemplateBody: stack() });
  const wide = stack().replace("!GetAtt Pool.Arn", '"arn:aws:cognito-idp:*:*:userpool/other"');
  expect(actionsOf(await apply({ TemplateBody: wide }))).toMatchObject({ MayDecide: "change" });
  await expect(signUp(applied)).rejects.toMatchObject({ name: "UnexpectedLambdaException" });
  const renamed = stack(inModule, properties.replace("by-invitation\n", "by-guest-list\n"));
  await expect(apply({ TemplateBody: renamed })).rejects.toThrow("FunctionName can only be had");
  await apply({ TemplateBody: renamed, AllowReplacement: true });
  expect(await names()).toEqual(["by-guest-list"]);
  expect((await get("by-guest-list")).Permissions).toMatchObject([
    { StatementId: "shop-MayDecide" },
  ]);
  await expect(signUp(applied)).rejects.toThrow("PreSignUp failed with error not you.");
});

test("all goes when the template has it no longer", async () => {
  await apply({ TemplateBody: stack() });
  const other = "Resources: {Other: {Type: AWS::Cognito::UserPool}}";
  const changed = await apply({ TemplateBody: other, AllowDeletion: true });
  const order = changed.Changes.map(({ LogicalId }) => LogicalId);
  expect(order.indexOf("Pool")).toBeLessThan(order.indexOf("Decide"));
  expect(await names()).toEqual([]);
});

test("what was removed by hand is made again", async () => {
  await apply({ TemplateBody: stack() });
  const input = { FunctionName: "by-invitation" };
  await signedCall(app, { target: "PoolhouseService.DeleteFunction", input });
  const again = await apply({ TemplateBody: stack() });
  expect(actionsOf(again)).toMatchObject({ Decide: "make", MayDecide: "make", Pool: "none" });
  expect((await get("by-invitation")).Permissions).toHaveLength(1);
});

test("a function that is there already is not taken over", async () => {
  const input = { FunctionName: "by-invitation", Module: "mine.js" };
  await signedCall(app, { target: "PoolhouseService.PutFunction", input });
  await expect(apply({ TemplateBody: stack() })).rejects.toThrow(
    /line \d+, column \d+: Resources\.Decide: there is a function by-invitation already/,
  );
  expect((await get("by-invitation")).Function.Module).toBe("mine.js");
});

describe("a template is refused, with the line,", () => {
  test.each<[string, string, string]>([
    ["that does not say what runs", "", "does not say what runs here"],
    ["with a way out of the folder", "Module: ../../etc/a.js", "pattern"],
    [
      "with both kinds",
      `Module: a.js, Endpoint: "https://a.b/", Secret: ${"s".repeat(32)}`,
      "one of Module, Endpoint and LambdaArn",
    ],
    ["with an endpoint without a secret", 'Endpoint: "https://a.b/"', "no Secret"],
    ["with another key", "Modul: a.js", "has no Modul"],
    ["with a key of the properties", "Module: a.js, Handler: a", "has no Handler"],
    ["with an id", "Id: a, Module: a.js", "Id"],
  ])("%s", async (_what, metadata, message) => {
    const refused = apply({ TemplateBody: stack(metadata) });
    await expect(refused).rejects.toThrow(/line \d+/);
    await expect(refused).rejects.toThrow(message);
    expect(await names()).toEqual([]);
  });

  test.each([
    ["PrincipalOrgID: o-1", "Unknown property PrincipalOrgID"],
    ["Action: lambda:*", "allowed: lambda:InvokeFunction"],
  ])("that narrows or widens a permission: %s", async (line, message) => {
    const name = line.split(":")[0] ?? "";
    const template = stack()
      .replace(new RegExp(` {6}${name}: .*\n`), "")
      .replace("      Principal:", `      ${line}\n      Principal:`);
    await expect(apply({ TemplateBody: template })).rejects.toThrow(message);
    expect(await names()).toEqual([]);
  });
});
