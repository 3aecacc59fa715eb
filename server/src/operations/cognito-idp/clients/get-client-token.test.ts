import {
  CreateUserPoolClientCommand,
  type ExplicitAuthFlowsType,
  GetClientTokenCommand,
  GetUserCommand,
  InitiateAuthCommand,
} from "@aws-sdk/client-cognito-identity-provider";
import { afterEach, beforeEach, expect, test } from "vitest";
import { changeClient } from "../../../domain/clients/change.ts";
import type { UserPoolClient } from "../../../domain/clients/client.ts";
import { readCount } from "../../../store/counters.ts";
import { type TestApp, testApp } from "../../../testing/app.ts";
import { clientKey, jwksOf } from "../../../testing/assertions.ts";
import {
  askToken,
  basic,
  machineClient,
  machinePool,
  machineSecret,
} from "../../../testing/oauth.ts";
import { password, type TestPool, testCall, testUser } from "../../../testing/pools.ts";
import { claimsOf } from "../../../testing/sign-in.ts";

let app: TestApp;
let home: TestPool;
let client: UserPoolClient;
const flow = "ALLOW_CLIENT_TOKEN_AUTH";

beforeEach(async () => {
  app = await testApp({ settings: { rateLimits: true } });
  home = await machinePool(app);
  client = await machineClient(app, home, { explicitAuthFlows: [flow] });
});
afterEach(() => app.close());

const get = (given: { Secret?: string; Scopes?: string[]; ClientId?: string } = {}) =>
  app.client.send(
    new GetClientTokenCommand({ ClientId: client.id, Secret: machineSecret, ...given }),
  );

test("a client gets the token that the token endpoint gives", async () => {
  const { ClientAuthenticationResult: result } = await get({ Scopes: ["orders/read"] });
  expect(result).toEqual({
    AccessToken: expect.any(String),
    ExpiresIn: 3600,
    TokenType: "Bearer",
  });
  const { access_token } = (
    await askToken(app, home, {
      ...{ grant_type: "client_credentials", scope: "orders/read", headers: basic(client.id) },
    })
  ).body;
  const [left, right] = [result?.AccessToken ?? "", access_token].map(claimsOf);
  expect(Object.keys(left ?? {})).toEqual(Object.keys(right ?? {}));
  expect(left).toMatchObject({ sub: client.id, scope: "orders/read", token_use: "access" });
});

test("without scopes it has all that the client has", async () => {
  const { ClientAuthenticationResult: result } = await get();
  expect(claimsOf(result?.AccessToken ?? "")["scope"]).toBe("orders/read orders/write");
});

test("it opens nothing of a user, and the client's introspection knows it", async () => {
  const AccessToken = (await get()).ClientAuthenticationResult?.AccessToken ?? "";
  const getUser = app.client.send(new GetUserCommand({ AccessToken }));
  await expect(getUser).rejects.toMatchObject({ name: "NotAuthorizedException" });
  const named = { userPoolId: home.pool.id, clientId: client.id };
  const extensions = { tokenIntrospection: "on" } as const;
  await changeClient(testCall(app), named, () => ({ extensions }));
  const asked = { path: "/oauth2/introspect", token: AccessToken, headers: basic(client.id) };
  expect((await askToken(app, home, asked)).body).toMatchObject({ active: true });
});

test.each([
  ["another client's", ["orders/delete"]],
  ["a standard one", ["openid"]],
  ["the user's account", ["aws.cognito.signin.user.admin"]],
  ["none", []],
])("a scope that is not to be had is refused: %s", async (_, Scopes) => {
  await expect(get({ Scopes })).rejects.toMatchObject({ name: "InvalidParameterException" });
});

test("a client without the flow gets none, though the token endpoint gives it one", async () => {
  await expect(get({ ClientId: home.client.id })).rejects.toMatchObject({
    name: "InvalidParameterException",
    message: "CLIENT_TOKEN_AUTH is not enabled for the client.",
  });
});

test("a wrong secret and an unknown client are refused, and wrong guesses count", async () => {
  await expect(get({ Secret: "w".repeat(24) })).rejects.toMatchObject({
    name: "NotAuthorizedException",
  });
  await expect(get({ ClientId: "unknown" })).rejects.toMatchObject({
    name: "ResourceNotFoundException",
  });
  const from = "203.0.113.9";
  const answer = await app.app.inject({
    method: "POST",
    url: "/",
    remoteAddress: from,
    headers: { "x-amz-target": "AWSCognitoIdentityProviderService.GetClientToken" },
    payload: JSON.stringify({ ClientId: client.id, Secret: "w".repeat(24) }),
  });
  expect(answer.statusCode).toBe(400);
  const counter = { name: `source/failures/${from}`, nowMs: app.clock.now() };
  expect(await readCount(app.context.store.db, counter)).toBe(1);
});

test.each([{ assertionKeys: jwksOf(clientKey()) }, { dpop: "required" } as const])(
  "a client that may not use its secret, or bearer tokens, gets none: %j",
  async (extensions) => {
    const named = { userPoolId: home.pool.id, clientId: client.id };
    await changeClient(testCall(app), named, () => ({ extensions }));
    await expect(get()).rejects.toMatchObject({ name: "NotAuthorizedException" });
  },
);

test("the flow is the client's only one, and needs a secret", async () => {
  const create = (flows: string[], GenerateSecret: boolean) =>
    app.client.send(
      new CreateUserPoolClientCommand({
        UserPoolId: home.pool.id,
        ClientName: "machine",
        ExplicitAuthFlows: flows as ExplicitAuthFlowsType[],
        GenerateSecret,
      }),
    );
  const refused = { name: "InvalidParameterException" };
  await expect(create([flow, "ALLOW_USER_AUTH"], true)).rejects.toMatchObject(refused);
  await expect(create([flow], false)).rejects.toMatchObject(refused);
  const { UserPoolClient } = await create([flow], true);
  expect(UserPoolClient).toMatchObject({ ExplicitAuthFlows: [flow] });
});

test("no user signs in by such a client", async () => {
  await testUser(app, home.pool);
  const asked = { ClientId: client.id, AuthFlow: "USER_PASSWORD_AUTH" } as const;
  const AuthParameters = { USERNAME: "ada", PASSWORD: password };
  const signIn = app.client.send(new InitiateAuthCommand({ ...asked, AuthParameters }));
  await expect(signIn).rejects.toMatchObject({
    message: "USER_PASSWORD_AUTH flow not enabled for this client",
  });
});
