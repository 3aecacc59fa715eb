import {
  CreateUserPoolClientCommand,
  CreateUserPoolCommand,
  DescribeUserPoolClientCommand,
  UpdateUserPoolClientCommand,
  type UpdateUserPoolClientCommandInput,
} from "@aws-sdk/client-cognito-identity-provider";
import { expect, test } from "vitest";
import { type TestApp, testApp } from "../../../testing/app.ts";
import { engines } from "../../../testing/places.ts";
import { testPool } from "../../../testing/pools.ts";
import { signedCall } from "../../../testing/signed-call.ts";

type Named = { UserPoolId: string; ClientId: string };

async function update(
  { client }: TestApp,
  named: Named,
  settings: Omit<UpdateUserPoolClientCommandInput, keyof Named> = {},
) {
  const answer = await client.send(new UpdateUserPoolClientCommand({ ...named, ...settings }));
  return answer.UserPoolClient ?? {};
}

async function describeClient({ client }: TestApp, named: Named) {
  return (await client.send(new DescribeUserPoolClientCommand(named))).UserPoolClient ?? {};
}

/** A client with everything set, and one with nothing, in one pool. */
async function twoClients(app: TestApp) {
  const { UserPool } = await app.client.send(new CreateUserPoolCommand({ PoolName: "shop" }));
  const UserPoolId = UserPool?.Id ?? "";
  const make = async (more: object) => {
    const request = { UserPoolId, ClientName: "web", GenerateSecret: true, ...more };
    const made = await app.client.send(new CreateUserPoolClientCommand(request));
    return { UserPoolId, ClientId: made.UserPoolClient?.ClientId ?? "" };
  };
  const full = await make({
    ExplicitAuthFlows: ["ALLOW_USER_SRP_AUTH"],
    RefreshTokenValidity: 2,
    AccessTokenValidity: 10,
    IdTokenValidity: 10,
    TokenValidityUnits: { AccessToken: "minutes", IdToken: "minutes", RefreshToken: "hours" },
    ReadAttributes: ["email"],
    WriteAttributes: ["email"],
    SupportedIdentityProviders: ["COGNITO"],
    CallbackURLs: ["https://example.com"],
    LogoutURLs: ["https://example.com"],
    DefaultRedirectURI: "https://example.com",
    AllowedOAuthFlows: ["code"],
    AllowedOAuthScopes: ["openid"],
    AllowedOAuthFlowsUserPoolClient: true,
    PreventUserExistenceErrors: "ENABLED",
    EnableTokenRevocation: false,
    EnablePropagateAdditionalUserContextData: true,
    AuthSessionValidity: 10,
    RefreshTokenRotation: { Feature: "ENABLED", RetryGracePeriodSeconds: 5 },
  });
  return { full, plain: await make({}) };
}

test("what an update leaves out goes back to its default, but for the name and the secret", async () => {
  const app = await testApp();
  const { full, plain } = await twoClients(app);
  const before = await describeClient(app, full);
  app.clock.advance(5_000);
  const answer = await update(app, full);
  const after = await describeClient(app, full);
  expect(after).toEqual({
    ...(await describeClient(app, plain)),
    ClientId: full.ClientId,
    ClientSecret: before.ClientSecret,
    CreationDate: before.CreationDate,
    LastModifiedDate: after.LastModifiedDate,
  });
  expect(after.LastModifiedDate?.getTime()).toBeGreaterThan(
    before.LastModifiedDate?.getTime() ?? 0,
  );
  expect(answer).toEqual(after);
});

test("what is given is stored", async () => {
  const app = await testApp();
  const { plain } = await twoClients(app);
  const asked = { ClientName: "phone", AccessTokenValidity: 2, AuthSessionValidity: 5 };
  expect(await update(app, plain, asked)).toMatchObject(asked);
  expect(await describeClient(app, plain)).toMatchObject(asked);
});

test("an update that is refused changes nothing, in AWS's words for an update", async () => {
  const app = await testApp();
  const { full } = await twoClients(app);
  const before = await describeClient(app, full);
  await expect(update(app, full, { WriteAttributes: ["sub"] })).rejects.toMatchObject({
    name: "InvalidParameterException",
    message: "Invalid write attributes specified while updating a client",
  });
  await expect(update(app, full, { ReadAttributes: ["custom:x"] })).rejects.toMatchObject({
    message: "Invalid read attributes specified while updating a client",
  });
  await expect(update(app, full, { SupportedIdentityProviders: ["Google"] })).rejects.toThrow(
    "federation is not built yet",
  );
  expect(await describeClient(app, full)).toEqual(before);
});

test.each(["GenerateSecret", "ClientSecret"])("%s cannot be changed", async (member) => {
  const app = await testApp();
  const { full } = await twoClients(app);
  const before = await describeClient(app, full);
  const input = { ...full, [member]: "AnotherSecretOfTheCaller1" };
  await expect(
    signedCall(app, { target: "AWSCognitoIdentityProviderService.UpdateUserPoolClient", input }),
  ).rejects.toMatchObject({ name: "SerializationException" });
  expect(await describeClient(app, full)).toEqual(before);
});

test("the secret does not reach the trail", async () => {
  const app = await testApp();
  const { full } = await twoClients(app);
  const { ClientSecret = "" } = await update(app, full);
  expect(ClientSecret).not.toBe("");
  expect(JSON.stringify(await app.auditEvents())).not.toContain(ClientSecret);
});

test("a client of another pool is not reached", async () => {
  const app = await testApp();
  const { client } = await testPool(app);
  const { pool } = await testPool(app);
  const named = { UserPoolId: pool.id, ClientId: client.id };
  const refusal = {
    name: "ResourceNotFoundException",
    message: `User pool client ${client.id} does not exist.`,
  };
  await expect(update(app, named, { ClientName: "stolen" })).rejects.toMatchObject(refusal);
  await expect(describeClient(app, named)).rejects.toMatchObject(refusal);
});

test.each(engines)(
  "of two updates at once one is the whole of what stays, on %s",
  async (engine) => {
    const app = await testApp({ engine });
    const { plain } = await twoClients(app);
    await Promise.all([
      update(app, plain, { ClientName: "one", AuthSessionValidity: 4 }),
      update(app, plain, { ClientName: "two", AuthSessionValidity: 5 }),
    ]);
    const { ClientName, AuthSessionValidity } = await describeClient(app, plain);
    expect([
      ["one", 4],
      ["two", 5],
    ]).toContainEqual([ClientName, AuthSessionValidity]);
    await app.close();
  },
);
