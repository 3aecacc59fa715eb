import {
  CreateUserPoolClientCommand,
  type CreateUserPoolClientCommandInput,
  CreateUserPoolCommand,
  type CreateUserPoolCommandInput,
  DescribeUserPoolClientCommand,
  ListUserPoolClientsCommand,
} from "@aws-sdk/client-cognito-identity-provider";
import { describe, expect, test } from "vitest";
import { type AdminCall, type Fixed, makeCall } from "../../../domain/call.ts";
import { type TestApp, testApp } from "../../../testing/app.ts";
import { engines } from "../../../testing/places.ts";
import { testPool } from "../../../testing/pools.ts";
import { signedCall } from "../../../testing/signed-call.ts";
import { CreateUserPoolClient } from "./create-user-pool-client.ts";

type Settings = Omit<CreateUserPoolClientCommandInput, "UserPoolId" | "ClientName">;

async function makePool(
  { client }: TestApp,
  settings: Omit<CreateUserPoolCommandInput, "PoolName"> = {},
): Promise<string> {
  const request = new CreateUserPoolCommand({ PoolName: "shop", ...settings });
  return (await client.send(request)).UserPool?.Id ?? "";
}

async function create({ client }: TestApp, UserPoolId: string, settings: Settings = {}) {
  const request = new CreateUserPoolClientCommand({ UserPoolId, ClientName: "web", ...settings });
  return (await client.send(request)).UserPoolClient ?? {};
}

async function clientNames({ client }: TestApp, UserPoolId: string) {
  const { UserPoolClients } = await client.send(new ListUserPoolClientsCommand({ UserPoolId }));
  return UserPoolClients?.map(({ ClientName }) => ClientName);
}

test("a client made by name alone has AWS's defaults and nothing else", async () => {
  const app = await testApp();
  const UserPoolId = await makePool(app);
  const made = await create(app, UserPoolId);
  expect(made).toEqual({
    UserPoolId,
    ClientName: "web",
    ClientId: expect.stringMatching(/^[a-z0-9]{26}$/),
    CreationDate: expect.any(Date),
    LastModifiedDate: expect.any(Date),
    RefreshTokenValidity: 30,
    TokenValidityUnits: {},
    EnableTokenRevocation: true,
    EnablePropagateAdditionalUserContextData: false,
    AllowedOAuthFlowsUserPoolClient: false,
    AuthSessionValidity: 3,
  });
});

test("what is asked for is shown, by the answer and by DescribeUserPoolClient alike", async () => {
  const app = await testApp();
  const UserPoolId = await makePool(app, {
    Schema: [
      { Name: "email", Required: true },
      { Name: "team", AttributeDataType: "String" },
    ],
  });
  const asked = {
    ExplicitAuthFlows: ["ALLOW_USER_SRP_AUTH"],
    RefreshTokenValidity: 120,
    AccessTokenValidity: 5,
    IdTokenValidity: 3600,
    TokenValidityUnits: { AccessToken: "minutes", IdToken: "seconds", RefreshToken: "minutes" },
    ReadAttributes: ["email", "email_verified", "custom:team", "sub"],
    WriteAttributes: ["email", "custom:team"],
    SupportedIdentityProviders: ["COGNITO"],
    CallbackURLs: ["https://example.com/in", "http://localhost:5173/", "myapp://signed-in"],
    LogoutURLs: ["http://127.0.0.1/out", "http://[::1]:8080/"],
    DefaultRedirectURI: "myapp://signed-in",
    AllowedOAuthFlows: ["code"],
    AllowedOAuthScopes: ["openid", "email", "profile"],
    AllowedOAuthFlowsUserPoolClient: true,
    PreventUserExistenceErrors: "ENABLED",
    EnableTokenRevocation: false,
    EnablePropagateAdditionalUserContextData: true,
    AuthSessionValidity: 15,
    RefreshTokenRotation: { Feature: "ENABLED", RetryGracePeriodSeconds: 10 },
  } satisfies Settings;
  const made = await create(app, UserPoolId, { ...asked, GenerateSecret: true });
  expect(made).toMatchObject(asked);
  const described = await app.client.send(
    new DescribeUserPoolClientCommand({ UserPoolId, ClientId: made.ClientId }),
  );
  expect(described.UserPoolClient).toEqual(made);
});

describe("the secret", () => {
  const chosen = "ChosenByTheCaller1234567+";

  async function trailOf(app: TestApp): Promise<string> {
    return JSON.stringify(await app.auditEvents());
  }

  test("is made when asked for, shown, and in no list, row, log or trail", async () => {
    const app = await testApp();
    const UserPoolId = await makePool(app);
    const { ClientSecret = "", ClientId } = await create(app, UserPoolId, { GenerateSecret: true });
    expect(ClientSecret).toMatch(/^[a-z0-9]{51}$/);
    const row = await app.context.store.db
      .selectFrom("user_pool_clients")
      .selectAll()
      .executeTakeFirstOrThrow();
    expect(JSON.stringify(row)).not.toContain(ClientSecret);
    expect(await trailOf(app)).toContain(ClientId);
    expect(await trailOf(app)).not.toContain(ClientSecret);
    expect(JSON.stringify(app.logged)).not.toContain(ClientSecret);
    const listed = await app.client.send(new ListUserPoolClientsCommand({ UserPoolId }));
    expect(JSON.stringify(listed)).not.toContain(ClientSecret);
  });

  test("can be the caller's own, and is hidden in the trail whether taken or refused", async () => {
    const app = await testApp();
    const UserPoolId = await makePool(app);
    const made = await create(app, UserPoolId, { ClientSecret: chosen });
    expect(made.ClientSecret).toBe(chosen);
    const both = create(app, UserPoolId, { ClientSecret: chosen, GenerateSecret: true });
    await expect(both).rejects.toMatchObject({
      name: "InvalidParameterException",
      message: "You cannot specify both GenerateSecret as true and provide a ClientSecret value.",
    });
    const events = await app.auditEvents();
    expect(events.filter(({ eventName }) => eventName === "CreateUserPoolClient")).toHaveLength(2);
    expect(JSON.stringify(events)).not.toContain(chosen);
    expect(events.at(-1)?.requestParameters["clientSecret"]).toBe("HIDDEN_DUE_TO_SECURITY_REASONS");
  });

  test.each(["short", "x".repeat(65), "twenty-four characters ..."])(
    "of another form is refused without being repeated: %s",
    async (ClientSecret) => {
      const app = await testApp();
      const UserPoolId = await makePool(app);
      const error: Error = await create(app, UserPoolId, { ClientSecret }).catch(
        (caught) => caught,
      );
      expect(error.name).toBe("InvalidParameterException");
      expect(error.message).toMatch(/^1 validation error detected: Value at 'clientSecret'/);
      expect(error.message).not.toContain(ClientSecret);
    },
  );
});

const redirecting = {
  AllowedOAuthFlowsUserPoolClient: true,
  AllowedOAuthFlows: ["code" as const],
  AllowedOAuthScopes: ["openid"],
};
const callback = (url: string) => ({ ...redirecting, CallbackURLs: [url] });
const invalid = "InvalidParameterException";
const lifetimes = "Invalid range for token validity.";
const oauthOff =
  "To use authorization server features, set AllowedOAuthFlowsUserPoolClient to true.";

test.each<[string, Settings, string, string]>([
  [
    "old and new names of flows together",
    { ExplicitAuthFlows: ["ADMIN_NO_SRP_AUTH", "ALLOW_USER_SRP_AUTH"] },
    invalid,
    "Auth flow name with prefix 'ALLOW' cannot be used with legacy auth flow names.",
  ],
  [
    "rotation with the flow that cannot rotate",
    {
      ExplicitAuthFlows: ["ALLOW_REFRESH_TOKEN_AUTH"],
      RefreshTokenRotation: { Feature: "ENABLED" },
    },
    invalid,
    "ALLOW_REFRESH_TOKEN_AUTH cannot be used when refresh token rotation is enabled.",
  ],
  [
    "an access token of under five minutes",
    { AccessTokenValidity: 299, TokenValidityUnits: { AccessToken: "seconds" } },
    invalid,
    lifetimes,
  ],
  ["an ID token of over a day", { IdTokenValidity: 25 }, invalid, lifetimes],
  [
    "an access token of as many days as hours were meant",
    { AccessTokenValidity: 2, TokenValidityUnits: { AccessToken: "days" } },
    invalid,
    lifetimes,
  ],
  [
    "a refresh token of under an hour",
    { RefreshTokenValidity: 59, TokenValidityUnits: { RefreshToken: "minutes" } },
    invalid,
    lifetimes,
  ],
  [
    "a refresh token of thirty minutes, by its unit alone",
    { TokenValidityUnits: { RefreshToken: "minutes" } },
    invalid,
    lifetimes,
  ],
  ["a refresh token of over ten years", { RefreshTokenValidity: 3651 }, invalid, lifetimes],
  [
    "an access token that outlives the refresh token",
    {
      AccessTokenValidity: 2,
      RefreshTokenValidity: 1,
      TokenValidityUnits: { RefreshToken: "hours" },
    },
    invalid,
    "Access and Id Token expiration times must be less than or equal to refresh token expiration times.",
  ],
  [
    "a session of under three minutes",
    { AuthSessionValidity: 2 },
    invalid,
    "1 validation error detected: Value '2' at 'authSessionValidity' failed to satisfy constraint: Member must have value greater than or equal to 3",
  ],
  [
    "reading what is not in the schema",
    { ReadAttributes: ["custom:none"] },
    invalid,
    "Invalid read attributes specified while creating a client",
  ],
  [
    "writing what is not in the schema",
    { WriteAttributes: ["email", "custom:none"] },
    invalid,
    "Invalid write attributes specified while creating a client",
  ],
  [
    "writing what only a code proves",
    { WriteAttributes: ["email", "email_verified"] },
    invalid,
    "Invalid write attributes specified while creating a client",
  ],
  [
    "writing the id",
    { WriteAttributes: ["email", "sub"] },
    invalid,
    "Invalid write attributes specified while creating a client",
  ],
  [
    "writing what is for developers alone",
    { WriteAttributes: ["email", "dev:custom:score"] },
    invalid,
    "Invalid write attributes specified while creating a client",
  ],
  [
    "not writing what every user must have",
    { WriteAttributes: ["name"] },
    invalid,
    "Invalid write attributes specified while creating a client",
  ],
  [
    "user context without a secret",
    { EnablePropagateAdditionalUserContextData: true },
    invalid,
    "Client Secret is required to set EnablePropagateAdditionalUserContextData as true",
  ],
  ["flows of OAuth, switched off", { AllowedOAuthFlows: ["code"] }, invalid, oauthOff],
  ["scopes, OAuth being off", { AllowedOAuthScopes: ["openid"] }, invalid, oauthOff],
  ["a callback, OAuth being off", { CallbackURLs: ["https://example.com"] }, invalid, oauthOff],
  ["a logout URL, OAuth being off", { LogoutURLs: ["https://example.com"] }, invalid, oauthOff],
  [
    "OAuth without flows and scopes",
    { AllowedOAuthFlowsUserPoolClient: true },
    invalid,
    "AllowedOAuthFlows and AllowedOAuthScopes are required if user pool client is allowed to use OAuth flows.",
  ],
  [
    "the code flow without a callback",
    redirecting,
    "InvalidOAuthFlowException",
    "CallbackUrls can not be empty when code flow or implicit flow is selected",
  ],
  [
    "client credentials beside another flow",
    { ...callback("https://example.com"), AllowedOAuthFlows: ["client_credentials", "code"] },
    "InvalidOAuthFlowException",
    "client_credentials flow can not be selected along with code flow or implicit flow.",
  ],
  [
    "client credentials without a secret",
    { ...redirecting, AllowedOAuthFlows: ["client_credentials"] },
    "InvalidOAuthFlowException",
    "client_credentials flow can not be selected if client does not have a client secret.",
  ],
  [
    "a scope of no resource server",
    { ...callback("https://example.com"), AllowedOAuthScopes: ["openid", "api/read"] },
    "ScopeDoesNotExistException",
    "Invalid scope requested: api/read",
  ],
  [
    "a default redirect that is no callback",
    { ...callback("https://example.com"), DefaultRedirectURI: "https://evil.example" },
    invalid,
    "The default redirect URI https://evil.example is not in the callback URIs list.",
  ],
  [
    "a provider that is not built",
    { SupportedIdentityProviders: ["COGNITO", "Google"] },
    invalid,
    "SupportedIdentityProviders cannot be set to more than COGNITO alone: federation is not built yet.",
  ],
  [
    "analytics",
    { AnalyticsConfiguration: { UserDataShared: false } },
    invalid,
    "AnalyticsConfiguration cannot be set: analytics are not built yet.",
  ],
])("%s: refused, and nothing is made", async (_what, settings, ...[name, message]) => {
  const app = await testApp();
  const UserPoolId = await makePool(app, {
    Schema: [
      { Name: "email", Required: true },
      { Name: "score", AttributeDataType: "Number", DeveloperOnlyAttribute: true },
    ],
  });
  await expect(create(app, UserPoolId, settings)).rejects.toMatchObject({ name, message });
  expect(await clientNames(app, UserPoolId)).toEqual([]);
});

test.each([
  ["http://example.com", "cannot use the HTTP protocol."],
  ["HTTP://EXAMPLE.COM/", "cannot use the HTTP protocol."],
  ["http://localhost.evil.example", "cannot use the HTTP protocol."],
  ["http://localhost@evil.example", "cannot use the HTTP protocol."],
  ["http://evil.example\\@localhost", "cannot use the HTTP protocol."],
  ["http://localhost\\@evil.example", "cannot use the HTTP protocol."],
  ["http://127.0.0.1.nip.io", "cannot use the HTTP protocol."],
  ["https://example.com/#", "cannot use fragment"],
  ["https://example.com/#/signed-in", "cannot use fragment"],
  ["myapp://in#x", "cannot use fragment"],
  ["/signed-in", "is not an absolute URL"],
  ["example.com/signed-in", "is not an absolute URL"],
  ["//example.com", "is not an absolute URL"],
  ["https://", "is not an absolute URL"],
  ["javascript:alert(1)", "cannot use the javascript scheme"],
  ["JaVaScRiPt:alert(1)", "cannot use the javascript scheme"],
  ["data:text/html,hello", "cannot use the data scheme"],
  ["file:///etc/passwd", "cannot use the file scheme"],
])("no browser is sent to %s, on the way in or out", async (url, message) => {
  const app = await testApp();
  const UserPoolId = await makePool(app);
  const refusal = { name: invalid, message: `${url} ${message}` };
  await expect(create(app, UserPoolId, callback(url))).rejects.toMatchObject(refusal);
  const logout = { ...callback("https://example.com"), LogoutURLs: [url] };
  await expect(create(app, UserPoolId, logout)).rejects.toMatchObject(refusal);
});

test("a refresh token's zero means thirty days, whatever the unit", async () => {
  const app = await testApp();
  const made = await create(app, await makePool(app), {
    RefreshTokenValidity: 0,
    TokenValidityUnits: { RefreshToken: "seconds" },
  });
  expect(made).toMatchObject({
    RefreshTokenValidity: 30,
    TokenValidityUnits: { RefreshToken: "days" },
  });
});

describe("in a hardened pool", () => {
  test("a client hides who exists and rotates its refresh tokens, unless it says otherwise", async () => {
    const app = await testApp({ settings: { profile: "hardened" } });
    const UserPoolId = await makePool(app);
    expect(await create(app, UserPoolId)).toMatchObject({
      PreventUserExistenceErrors: "ENABLED",
      RefreshTokenRotation: { Feature: "ENABLED", RetryGracePeriodSeconds: 10 },
    });
    const open = await create(app, UserPoolId, {
      PreventUserExistenceErrors: "LEGACY",
      RefreshTokenRotation: { Feature: "DISABLED" },
    });
    expect(open).toMatchObject({
      PreventUserExistenceErrors: "LEGACY",
      RefreshTokenRotation: { Feature: "DISABLED" },
    });
    const older = await create(app, UserPoolId, {
      ExplicitAuthFlows: ["ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
    });
    expect(older.RefreshTokenRotation).toBeUndefined();
  });
});

test("a pool that is not there, or is another region's, gets no client", async () => {
  const app = await testApp();
  const UserPoolId = await makePool(app);
  await expect(create(app, "us-east-1_NotThere1")).rejects.toMatchObject({
    name: "ResourceNotFoundException",
    message: "User pool us-east-1_NotThere1 does not exist.",
  });
  const input = { UserPoolId, ClientName: "web" };
  const request = {
    target: "AWSCognitoIdentityProviderService.CreateUserPoolClient",
    input,
  } as const;
  await expect(signedCall(app, request, { region: "eu-west-1" })).rejects.toMatchObject({
    name: "ResourceNotFoundException",
  });
  expect(await clientNames(app, UserPoolId)).toEqual([]);
});

test.each(["ClientId", "Secret", "Extensions", "sealedSecrets"])(
  "%s, which the operation does not have, is refused",
  async (member) => {
    const app = await testApp();
    const UserPoolId = await makePool(app);
    const input = { UserPoolId, ClientName: "web", [member]: "mine" };
    await expect(
      signedCall(app, { target: "AWSCognitoIdentityProviderService.CreateUserPoolClient", input }),
    ).rejects.toMatchObject({ name: "SerializationException" });
    expect(await clientNames(app, UserPoolId)).toEqual([]);
  },
);

describe("what a template fixes", () => {
  /** The operation as the machinery of stacks calls it, with what no request has a member for. */
  async function createFixed(app: TestApp, UserPoolId: string, fixed: Fixed) {
    const facts = {
      service: "cognito-idp",
      operation: "CreateUserPoolClient",
      readOnly: false,
      requestId: "test",
      sourceIp: "127.0.0.1",
      userAgent: "test",
    };
    const principal = { arn: "arn:aws:iam::1:root", accessKeyId: "A", region: "us-east-1" };
    const call = makeCall(app.context, facts, { principal, fixed }) as AdminCall;
    const input = { UserPoolId, ClientName: "fixed", GenerateSecret: true };
    return (await CreateUserPoolClient.handle(call as never, input)).UserPoolClient ?? {};
  }

  test.each(engines)(
    "the id, given once in all pools, of two at once too, on %s",
    async (engine) => {
      const app = await testApp({ engine });
      const { pool } = await testPool(app);
      const { pool: other } = await testPool(app);
      const id = "poolhousedemoweb0000000001";
      const both = await Promise.allSettled([
        createFixed(app, pool.id, { id }),
        createFixed(app, other.id, { id }),
      ]);
      expect(both.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
      await expect(createFixed(app, pool.id, { id })).rejects.toMatchObject({
        code: invalid,
        message: `The client id ${id} is taken.`,
      });
      await app.close();
    },
  );

  test.each(["", "a b", "é", "a/b", "x".repeat(129)])(
    "not an id of another form: '%s'",
    async (id) => {
      const app = await testApp();
      const { pool } = await testPool(app);
      await expect(createFixed(app, pool.id, { id })).rejects.toMatchObject({ code: invalid });
      expect(await clientNames(app, pool.id)).toEqual(["test"]);
    },
  );

  test("no extension, since none is known", async () => {
    const app = await testApp();
    const { pool } = await testPool(app);
    const extensions = { RequirePkse: "on" };
    await expect(createFixed(app, pool.id, { extensions })).rejects.toThrow("RequirePkse");
    expect((await createFixed(app, pool.id, { extensions: {} })).ClientName).toBe("fixed");
  });
});
