/** Domains and resource servers as resources of a stack. */
import {
  DeleteResourceServerCommand,
  DeleteUserPoolDomainCommand,
  DescribeUserPoolClientCommand,
  DescribeUserPoolCommand,
  DescribeUserPoolDomainCommand,
  ListResourceServersCommand,
} from "@aws-sdk/client-cognito-identity-provider";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type TestApp, testApp } from "../../testing/app.ts";
import { signedCall } from "../../testing/signed-call.ts";
import type { ApplyStackInput, ApplyStackOutput } from "./apply-stack.ts";

let app: TestApp;
beforeEach(async () => {
  app = await testApp();
});
afterEach(() => app.close());

function apply(TemplateBody: string, asked: Partial<ApplyStackInput> = {}) {
  const input = { StackName: "shop", TemplateBody, ...asked };
  return signedCall<ApplyStackOutput>(app, { target: "PoolhouseService.ApplyStack", input });
}

const actionsOf = ({ Changes }: ApplyStackOutput) =>
  Object.fromEntries(Changes.map(({ LogicalId, Action }) => [LogicalId, Action]));
const outputOf = ({ Outputs }: ApplyStackOutput, key: string) =>
  Outputs.find(({ OutputKey }) => OutputKey === key)?.OutputValue;

const certificate =
  "CustomDomainConfig: { CertificateArn: 'arn:aws:acm:us-east-1:123456789012:certificate/a' }";
const domain = (properties = "Domain: shop") => `
  Domain:
    Type: AWS::Cognito::UserPoolDomain
    Properties:
      UserPoolId: !Ref Pool
      ${properties}`;
const api = (scopes = "read") => `
  Orders:
    Type: AWS::Cognito::UserPoolResourceServer
    Properties:
      UserPoolId: !Ref Pool
      Identifier: https://orders.example
      Name: Orders
      Scopes: [${scopes
        .split(" ")
        .map((name) => `{ ScopeName: ${name}, ScopeDescription: ${name} }`)
        .join(", ")}]`;
const client = (scope = "read") => `
  Client:
    Type: AWS::Cognito::UserPoolClient
    Properties:
      UserPoolId: !Ref Pool
      AllowedOAuthFlowsUserPoolClient: true
      AllowedOAuthFlows: [code]
      AllowedOAuthScopes: [openid, !Sub "\${Orders}/${scope}"]
      CallbackURLs: ["https://shop.example/"]`;
/** What is made of a pool stands before the pool, so that the order is not the template's. */
const stack = (resources: string, pool = "UserPoolName: shop") => `
Resources:${resources}
  Pool:
    Type: AWS::Cognito::UserPool
    Properties: { ${pool} }
Outputs:
  PoolId: { Value: !Ref Pool }
`;

async function describeDomain(Domain = "shop") {
  const answer = await app.client.send(new DescribeUserPoolDomainCommand({ Domain }));
  return answer.DomainDescription;
}

async function serversOf(UserPoolId: string | undefined) {
  const answer = await app.client.send(new ListResourceServersCommand({ UserPoolId }));
  return answer.ResourceServers?.map(({ Identifier, Scopes }) => [
    Identifier,
    Scopes?.map(({ ScopeName }) => ScopeName),
  ]);
}

test("a pool's domain, its resource server and a client with the scopes are made in order, and once", async () => {
  const outputs = `  Domain: { Value: !Ref Domain }
  Target: { Value: !GetAtt Domain.CloudFrontDistribution }
  Orders: { Value: !Ref Orders }
  ClientId: { Value: !Ref Client }
`;
  const template = stack(client() + api() + domain()) + outputs;
  const applied = await apply(template);
  expect(applied.Outputs.map(({ OutputKey, OutputValue }) => [OutputKey, OutputValue])).toEqual([
    ["PoolId", expect.any(String)],
    ["Domain", "shop"],
    ["Target", "localhost"],
    ["Orders", "https://orders.example"],
    ["ClientId", expect.any(String)],
  ]);
  const UserPoolId = outputOf(applied, "PoolId");
  expect(await describeDomain()).toMatchObject({ UserPoolId, ManagedLoginVersion: 1 });
  expect(await serversOf(UserPoolId)).toEqual([["https://orders.example", ["read"]]]);
  const ClientId = outputOf(applied, "ClientId");
  const { UserPoolClient } = await app.client.send(
    new DescribeUserPoolClientCommand({ UserPoolId, ClientId }),
  );
  expect(UserPoolClient?.AllowedOAuthScopes).toEqual(["openid", "https://orders.example/read"]);
  expect(new Set(Object.values(actionsOf(await apply(template))))).toEqual(new Set(["none"]));
});

test("what a template changes of them is changed in place, and has its default when it is taken out", async () => {
  const versioned = domain("Domain: shop\n      ManagedLoginVersion: 2");
  const applied = await apply(stack(api() + versioned));
  const UserPoolId = outputOf(applied, "PoolId");
  expect(await describeDomain()).toMatchObject({ ManagedLoginVersion: 2 });
  const changed = await apply(stack(api("read write") + domain()));
  expect(actionsOf(changed)).toEqual({ Pool: "none", Orders: "change", Domain: "change" });
  expect(await describeDomain()).toMatchObject({ ManagedLoginVersion: 1 });
  expect(await serversOf(UserPoolId)).toEqual([["https://orders.example", ["read", "write"]]]);
});

test("a custom domain is one by its certificate", async () => {
  const custom = domain(`Domain: login.shop.example\n      ${certificate}`);
  const applied = await apply(stack(custom));
  const UserPoolId = outputOf(applied, "PoolId");
  const { UserPool } = await app.client.send(new DescribeUserPoolCommand({ UserPoolId }));
  expect(UserPool?.CustomDomain).toBe("login.shop.example");
  const renewed = custom.replace("certificate/a", "certificate/b");
  expect(actionsOf(await apply(stack(renewed)))).toMatchObject({ Domain: "change" });
  expect((await describeDomain("login.shop.example"))?.CustomDomainConfig?.CertificateArn).toMatch(
    /certificate\/b$/,
  );
});

test.each([
  ["Domain: Shop", /line \d+.*Resources\.Domain.*The domain name contains an invalid character/],
  ["Domain: my-aws-shop", /line \d+.*Domain cannot contain reserved word: aws/],
  ["Domain: shop\n      ManagedLoginVersion: 3", /line \d+.*ManagedLoginVersion must be 1 or 2/],
  ["Domain: shop\n      Routing: {}", /line \d+.*Routing cannot be set: several nodes/],
  ["ManagedLoginVersion: 1", /line \d+.*Properties\.Domain: Missing required property/],
])("%j is refused with its line", async (properties, message) => {
  await expect(apply(stack(domain(properties)))).rejects.toThrow(message);
  expect(await describeDomain()).toEqual({});
});

test("a client with a scope that nobody has is refused with its line", async () => {
  await expect(apply(stack(client("write") + api()))).rejects.toThrow(
    /line \d+.*Resources\.Client.*Invalid scope requested: https:\/\/orders\.example\/write/,
  );
});

test("another name for a domain is another domain, once replacement is allowed", async () => {
  await apply(stack(domain()));
  const renamed = stack(domain("Domain: store"));
  await expect(apply(renamed)).rejects.toThrow("Domain can only be had by a new resource");
  expect(await describeDomain()).toMatchObject({ Domain: "shop" });
  await apply(renamed, { AllowReplacement: true });
  expect(await describeDomain()).toEqual({});
  expect(await describeDomain("store")).toMatchObject({ Domain: "store" });
});

test("what is gone, or somebody else's by now, is made anew or refused", async () => {
  const template = stack(api() + domain());
  const UserPoolId = outputOf(await apply(template), "PoolId");
  const Identifier = "https://orders.example";
  await app.client.send(new DeleteUserPoolDomainCommand({ UserPoolId, Domain: "shop" }));
  await app.client.send(new DeleteResourceServerCommand({ UserPoolId, Identifier }));
  expect(actionsOf(await apply(template))).toEqual({
    Pool: "none",
    Orders: "make",
    Domain: "make",
  });
  expect(await describeDomain()).toMatchObject({ UserPoolId });

  await app.client.send(new DeleteUserPoolDomainCommand({ UserPoolId, Domain: "shop" }));
  const other = await apply(stack(domain()), { StackName: "other" });
  await expect(apply(template)).rejects.toThrow("Domain already associated with another user pool");
  // Nor does the first stack take it from the other.
  await apply(stack(api()), { AllowDeletion: true });
  expect(await describeDomain()).toMatchObject({ UserPoolId: outputOf(other, "PoolId") });
});

test("all of it is removed in order: a pool goes after its domains", async () => {
  const custom = domain(`Domain: login.shop.example\n      ${certificate}`);
  const whole = stack(client() + api() + domain() + custom.replace("Domain:\n", "Custom:\n"));
  const UserPoolId = outputOf(await apply(whole), "PoolId");
  const empty =
    "Resources:\n  Left:\n    Type: AWS::Cognito::UserPool\n    Properties: { UserPoolName: left }";
  const removed = await apply(empty, { AllowDeletion: true });
  const order = removed.Changes.map(({ LogicalId }) => LogicalId);
  expect(order.at(-1)).toBe("Pool");
  expect(actionsOf(removed)).toMatchObject({ Pool: "remove", Domain: "remove", Custom: "remove" });
  expect([await describeDomain(), await describeDomain("login.shop.example")]).toEqual([{}, {}]);
  await expect(app.client.send(new DescribeUserPoolCommand({ UserPoolId }))).rejects.toMatchObject({
    name: "ResourceNotFoundException",
  });
});

const named = (id: string) => `
    Metadata: { Poolhouse: { Id: !Sub "\${AWS::Region}_${id}" } }`;
const withId = (id: string, policy = "") =>
  stack(api() + domain().replace("    Properties", `${policy}    Properties`)).replace(
    "Type: AWS::Cognito::UserPool\n",
    `Type: AWS::Cognito::UserPool${named(id)}\n`,
  );

test("a pool that is replaced gives its domain to the new one", async () => {
  await apply(withId("First"));
  expect((await describeDomain())?.UserPoolId).toMatch(/_First$/);
  const replaced = await apply(withId("Second"), { AllowReplacement: true });
  expect(actionsOf(replaced)).toEqual({ Pool: "replace", Orders: "replace", Domain: "replace" });
  const UserPoolId = outputOf(replaced, "PoolId");
  expect(await describeDomain()).toMatchObject({ Domain: "shop", UserPoolId });
  expect(UserPoolId).toMatch(/_Second$/);
  expect(await serversOf(UserPoolId)).toEqual([["https://orders.example", ["read"]]]);
});

test("a domain that is to be kept keeps its pool", async () => {
  const kept = "    DeletionPolicy: Retain\n    UpdateReplacePolicy: Retain\n";
  await apply(withId("First", kept));
  await expect(apply(withId("Second", kept), { AllowReplacement: true })).rejects.toThrow(
    "User pool cannot be deleted. It has a domain configured that should be deleted first.",
  );
  expect((await describeDomain())?.UserPoolId).toMatch(/_First$/);
});
