import { GetUserCommand } from "@aws-sdk/client-cognito-identity-provider";
import { afterEach, beforeEach, expect, test } from "vitest";
import { updateResourceServer } from "../../domain/resource-servers/change.ts";
import { type TestApp, testApp } from "../../testing/app.ts";
import {
  askToken,
  basic,
  codeClient,
  machineClient,
  machinePool,
  machineSecret,
} from "../../testing/oauth.ts";
import { type TestPool, testCall } from "../../testing/pools.ts";
import { claimsOf } from "../../testing/sign-in.ts";
import { handleTriggers, triggersOf } from "../../testing/triggers.ts";

let app: TestApp;
let home: TestPool;
beforeEach(async () => {
  app = await testApp();
  home = await machinePool(app);
});
afterEach(() => app.close());

const ask = (fields: Record<string, unknown> = {}, at = home) =>
  askToken(app, at, {
    grant_type: "client_credentials",
    client_id: at.client.id,
    client_secret: machineSecret,
    ...fields,
  });

test("a client gets a token for itself, and nothing else", async () => {
  const { status, headers, body } = await ask();
  expect(status).toBe(200);
  expect(headers).toMatchObject({ "cache-control": "no-store", pragma: "no-cache" });
  expect(body).toEqual({
    access_token: expect.any(String),
    expires_in: 3600,
    token_type: "Bearer",
  });
});

test("the token says what Cognito's say of a client: no name, no session, no user", async () => {
  const { body } = await ask({ scope: "orders/read" });
  const claims = claimsOf(body.access_token);
  expect(claims).toEqual({
    sub: home.client.id,
    client_id: home.client.id,
    token_use: "access",
    scope: "orders/read",
    auth_time: claims["iat"],
    iss: `https://localhost:8443/${home.pool.id}`,
    iat: expect.any(Number),
    exp: Number(claims["iat"]) + 3600,
    version: 2,
    jti: expect.stringMatching(/^[\da-f-]{36}$/),
  });
});

test("without a scope it has all custom ones of the client, for as long as the client's tokens live", async () => {
  const client = await machineClient(app, home, {
    accessTokenValidity: 10,
    tokenValidityUnits: { accessToken: "minutes" },
  });
  const { body } = await ask({}, { ...home, client });
  expect(body.expires_in).toBe(600);
  expect(claimsOf(body.access_token)).toMatchObject({ scope: "orders/read orders/write" });
});

test("it is bound to a resource that is asked for", async () => {
  const { body } = await ask({ resource: "https://orders.example.com/" });
  expect(claimsOf(body.access_token)).toMatchObject({ aud: "https://orders.example.com/" });
  expect(await ask({ resource: "orders" })).toMatchObject({ body: { error: "invalid_target" } });
});

test.each([
  ["of another client", "orders/delete"],
  ["that nobody has", "orders/nothing"],
  ["of users", "openid"],
  ["of users' accounts", "aws.cognito.signin.user.admin"],
  ["beside an allowed one", "orders/read orders/delete"],
  ["that is no scope", 'orders/read"'],
  ["that is empty", "orders/read  orders/write"],
])("a scope %s is refused", async (_, scope) => {
  expect(await ask({ scope })).toMatchObject({ status: 400, body: { error: "invalid_scope" } });
});

test("a scope that is named twice is in the token once", async () => {
  const { body } = await ask({ scope: "orders/read orders/read" });
  expect(claimsOf(body.access_token)).toMatchObject({ scope: "orders/read" });
});

test("standard scopes of the client are never in such a token, though nothing else is left", async () => {
  const oauth = { ...home.client.settings.oauth, allowedScopes: ["openid", "email"] };
  const client = await machineClient(app, home, { oauth });
  expect(await ask({}, { ...home, client })).toMatchObject({ body: { error: "invalid_scope" } });
});

test("a scope that the resource server has lost is in no token", async () => {
  const scopes = [{ name: "write", description: "write" }];
  const server = { identifier: "orders", name: "Orders", scopes };
  await updateResourceServer(testCall(app), home.pool, server);
  expect(await ask({ scope: "orders/read" })).toMatchObject({ body: { error: "invalid_scope" } });
  expect(claimsOf((await ask()).body.access_token)).toMatchObject({ scope: "orders/write" });
});

test("a client that does not list the flow, or cannot prove itself, gets nothing", async () => {
  const code = await machineClient(app, home, { oauth: codeClient });
  const refused = { status: 400, body: { error: "unauthorized_client" } };
  expect(await ask({}, { ...home, client: code })).toMatchObject(refused);
  expect(await ask({ client_secret: "wrong" })).toMatchObject({
    body: { error: "invalid_client" },
  });
  const { client_secret: _, ...fields } = { client_secret: "", client_id: home.client.id };
  const asked = { grant_type: "client_credentials", ...fields };
  expect(await askToken(app, home, asked)).toMatchObject({ body: { error: "invalid_client" } });
});

test("the secret may come by HTTP Basic", async () => {
  const headers = basic(home.client.id);
  const answer = await askToken(app, home, { grant_type: "client_credentials", headers });
  expect(answer.status).toBe(200);
});

test("it opens nothing of a user", async () => {
  const { body } = await ask();
  const getUser = app.client.send(new GetUserCommand({ AccessToken: body.access_token }));
  await expect(getUser).rejects.toMatchObject({
    name: "NotAuthorizedException",
    message: "Invalid Access Token",
  });
});

test("the row in the trail names the client and the grant, and no secret", async () => {
  await ask({ aws_client_metadata: '{"note":"hidden"}' });
  const row = (await app.auditEvents()).find(({ eventName }) => eventName === "Token_POST");
  expect(row).toMatchObject({ requestParameters: { grant_type: "client_credentials" } });
  expect(JSON.stringify(row)).toContain(home.client.id);
  for (const secret of [machineSecret, "hidden"]) expect(JSON.stringify(row)).not.toContain(secret);
});

test("the pool's function edits it, told of the client and what the client says", async () => {
  const arn = "arn:aws:lambda:us-east-1:123456789012:function:PreTokenGeneration";
  const lambdaConfig = { PreTokenGeneration: { arn, version: "V3_0" as const } };
  const edited = await machinePool(app, { settings: { lambdaConfig } });
  const accessTokenGeneration = {
    claimsToAddOrOverride: { tenant: { id: 7 }, username: "ada", sub: "x", cnf: { jkt: "y" } },
    claimsToSuppress: ["version", "client_id"],
    scopesToAdd: ["extra", "aws.cognito.signin.user.admin"],
    scopesToSuppress: ["orders/write"],
  };
  const events = handleTriggers(app, {
    PreTokenGeneration(event) {
      event.response = { claimsAndScopeOverrideDetails: { accessTokenGeneration } };
    },
  });
  const { body } = await ask({ aws_client_metadata: '{"tenant":"seven"}' }, edited);
  expect(events).toMatchObject([
    {
      version: "3",
      triggerSource: "TokenGeneration_ClientCredentials",
      userName: "ClientCredentials",
      callerContext: { clientId: edited.client.id },
      request: {
        userAttributes: {},
        groupConfiguration: null,
        scopes: ["orders/read", "orders/write"],
        clientMetadata: { tenant: "seven" },
      },
      response: { claimsAndScopeOverrideDetails: null },
    },
  ]);
  const claims = claimsOf(body.access_token);
  expect(claims).toMatchObject({
    sub: edited.client.id,
    client_id: edited.client.id,
    tenant: { id: 7 },
    scope: "orders/read extra",
    version: 2,
  });
  expect(claims).not.toHaveProperty("username");
  expect(claims).not.toHaveProperty("cnf");
});

test("a function that refuses lets no token out; one of an older version is not asked", async () => {
  const arn = "arn:aws:lambda:us-east-1:123456789012:function:PreTokenGeneration";
  const lambdaConfig = { PreTokenGeneration: { arn, version: "V3_0" as const } };
  const refusing = await machinePool(app, { settings: { lambdaConfig } });
  handleTriggers(app, {
    PreTokenGeneration() {
      throw new Error("not today");
    },
  });
  const { status, body } = await ask({}, refusing);
  expect({ status, body }).toMatchObject({ status: 400, body: { error: "invalid_grant" } });
  expect(body.error_description).toBe("PreTokenGeneration failed with error not today.");
  const older = await machinePool(app, {
    settings: { lambdaConfig: triggersOf("PreTokenGeneration") },
  });
  expect((await ask({}, older)).status).toBe(200);
});

test.each([
  "[]",
  "1",
  "null",
  '{"a":1}',
  '{"a":"b"',
  '{"a":"1","a":"2"}',
  `{"a":"${"x".repeat(9000)}"}`,
])("aws_client_metadata that is no object of texts is refused: %.20s", async (text) => {
  expect(await ask({ aws_client_metadata: text })).toMatchObject({
    status: 400,
    body: { error: "invalid_request" },
  });
});
