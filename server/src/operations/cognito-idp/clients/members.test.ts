/** Each member that a client can be made with: stored, shown, and back at its default once an update leaves it out. */
import {
  CreateUserPoolClientCommand,
  DescribeUserPoolClientCommand,
  UpdateUserPoolClientCommand,
} from "@aws-sdk/client-cognito-identity-provider";
import { expect, test } from "vitest";
import { type TestApp, testApp } from "../../../testing/app.ts";
import { type TestPool, testPool } from "../../../testing/pools.ts";
import { clientMembers } from "../client-settings.ts";
import type { ClientInput } from "../unbuilt-settings.ts";

type Unbuilt = "AnalyticsConfiguration";
const oauth = {
  AllowedOAuthFlowsUserPoolClient: true,
  AllowedOAuthFlows: ["code"],
  AllowedOAuthScopes: ["openid"],
  CallbackURLs: ["https://example.com/in"],
} as const;

/** Another value than the default of every member, with what it cannot be without. */
const asked: Readonly<Record<Exclude<keyof ClientInput, Unbuilt>, object>> = {
  RefreshTokenValidity: { RefreshTokenValidity: 2 },
  AccessTokenValidity: { AccessTokenValidity: 2 },
  IdTokenValidity: { IdTokenValidity: 2 },
  TokenValidityUnits: { TokenValidityUnits: { RefreshToken: "hours" } },
  ReadAttributes: { ReadAttributes: ["email"] },
  WriteAttributes: { WriteAttributes: ["email"] },
  ExplicitAuthFlows: { ExplicitAuthFlows: ["ALLOW_USER_SRP_AUTH"] },
  SupportedIdentityProviders: { SupportedIdentityProviders: ["COGNITO"] },
  CallbackURLs: oauth,
  LogoutURLs: { ...oauth, LogoutURLs: ["https://example.com/out"] },
  DefaultRedirectURI: { ...oauth, DefaultRedirectURI: "https://example.com/in" },
  AllowedOAuthFlows: oauth,
  AllowedOAuthScopes: oauth,
  AllowedOAuthFlowsUserPoolClient: oauth,
  PreventUserExistenceErrors: { PreventUserExistenceErrors: "ENABLED" },
  EnableTokenRevocation: { EnableTokenRevocation: false },
  EnablePropagateAdditionalUserContextData: { EnablePropagateAdditionalUserContextData: true },
  AuthSessionValidity: { AuthSessionValidity: 9 },
  RefreshTokenRotation: { RefreshTokenRotation: { Feature: "ENABLED" } },
};

async function create({ client }: TestApp, { pool }: TestPool, settings: object) {
  const request = { UserPoolId: pool.id, ClientName: "web", GenerateSecret: true, ...settings };
  const { UserPoolClient } = await client.send(new CreateUserPoolClientCommand(request));
  return { UserPoolId: pool.id, ClientId: UserPoolClient?.ClientId ?? "" };
}

/** What DescribeUserPoolClient shows, but for what differs with every client. */
async function settingsOf({ client }: TestApp, named: { UserPoolId: string; ClientId: string }) {
  const { UserPoolClient } = await client.send(new DescribeUserPoolClientCommand(named));
  const { ClientId, ClientSecret, CreationDate, LastModifiedDate, ...settings } =
    UserPoolClient ?? {};
  expect([ClientId, ClientSecret, CreationDate, LastModifiedDate]).not.toContain(undefined);
  return settings;
}

test("every member is looked at", () => {
  const unbuilt: Unbuilt[] = ["AnalyticsConfiguration"];
  expect([...Object.keys(asked), ...unbuilt].sort()).toEqual(Object.keys(clientMembers).sort());
});

test.each(Object.entries(asked))("%s is stored, and reset by an update", async (member, given) => {
  const app = await testApp();
  const home = await testPool(app);
  const plain = await settingsOf(app, await create(app, home, {}));
  const named = await create(app, home, given);
  const before = await settingsOf(app, named);
  expect(before).toMatchObject(given);
  expect(before[member as keyof typeof before]).not.toEqual(plain[member as keyof typeof plain]);
  await app.client.send(new UpdateUserPoolClientCommand(named));
  expect(await settingsOf(app, named)).toEqual(plain);
  await app.client.send(new UpdateUserPoolClientCommand({ ...named, ...given }));
  expect(await settingsOf(app, named)).toEqual(before);
});
