import { GetUserCommand } from "@aws-sdk/client-cognito-identity-provider";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createClient } from "../domain/clients/create.ts";
import type { User } from "../domain/users/user.ts";
import { type TestApp, testApp } from "../testing/app.ts";
import {
  askToken,
  basic,
  codeClient,
  grantedTokens,
  machinePool,
  machineSecret,
  oauthPool,
} from "../testing/oauth.ts";
import { type TestPool, type TestPoolOptions, testCall, testUser } from "../testing/pools.ts";
import { tokensOf } from "../testing/sign-in.ts";

let app: TestApp;
let home: TestPool;
let user: User;

async function start(options: TestPoolOptions = {}) {
  home = await oauthPool(app, options);
  user = await testUser(app, home.pool);
}
beforeEach(async () => {
  app = await testApp();
  await start();
});
afterEach(() => app.close());

const scope = "openid aws.cognito.signin.user.admin";
const granted = (at = home) => grantedTokens(app, at, { user, scope });
const revoke = (fields: Record<string, unknown>, at = home) =>
  askToken(app, at, { path: "/oauth2/revoke", client_id: at.client.id, ...fields });

const done = { status: 200, body: undefined };

async function isAlive({
  accessToken,
  refreshToken,
}: {
  accessToken: string;
  refreshToken: string;
}) {
  const input = { AccessToken: accessToken };
  const told = await app.client.send(new GetUserCommand(input)).catch(() => undefined);
  const { status } = await askToken(app, home, {
    grant_type: "refresh_token",
    client_id: home.client.id,
    refresh_token: refreshToken,
  });
  expect(status === 200).toBe(told !== undefined);
  return told !== undefined;
}

test("a refresh token is revoked with all that came of it, and the answer is empty", async () => {
  const [tokens, others] = [await granted(), await granted()];
  const answer = await revoke({ token: tokens.refreshToken });
  expect(answer).toMatchObject(done);
  expect(answer.headers).toMatchObject({
    "content-length": "0",
    "cache-control": "no-store",
    "access-control-allow-origin": "*",
  });
  expect(answer.headers["content-type"]).toBeUndefined();
  expect(await isAlive(tokens)).toBe(false);
  expect(await isAlive(others)).toBe(true);
});

test("so is one of a sign-in by the API, whatever kind it is said to be", async () => {
  const { access, refresh } = await tokensOf(app, home);
  expect(await revoke({ token: refresh, token_type_hint: "access_token" })).toMatchObject(done);
  expect(await isAlive({ accessToken: access, refreshToken: refresh })).toBe(false);
});

test("what nobody has, what is over and what is revoked already are answered alike", async () => {
  const { refreshToken } = await granted();
  for (const token of ["unknown", refreshToken, refreshToken, "x".repeat(60_000)]) {
    expect(await revoke({ token })).toMatchObject(done);
  }
});

test("the token of another client stays, and nobody is told that it is one", async () => {
  const oauth = { ...codeClient, allowedFlows: ["code" as const] };
  const settings = { ...home.client.settings, oauth };
  const other = await createClient(testCall(app), home.pool, { name: "other", settings });
  const tokens = await granted();
  expect(await revoke({ token: tokens.refreshToken, client_id: other.id })).toMatchObject(done);
  expect(await isAlive(tokens)).toBe(true);
});

test("access and ID tokens are of a kind that Cognito does not revoke", async () => {
  const tokens = await granted();
  for (const token of [tokens.accessToken, tokens.idToken, "a.b.c"]) {
    expect(await revoke({ token })).toMatchObject({
      status: 400,
      body: { error: "unsupported_token_type" },
    });
  }
  expect(await isAlive(tokens)).toBe(true);
});

test("in the hardened profile an access token of its own ends the sign-in", async () => {
  await start({ extensions: { profile: "hardened" } });
  const tokens = await granted();
  const unsupported = { status: 400, body: { error: "unsupported_token_type" } };
  expect(await revoke({ token: tokens.idToken })).toMatchObject(unsupported);
  expect(await revoke({ token: "a.b.c" })).toMatchObject(done);
  expect(await revoke({ token: `${tokens.accessToken.slice(0, -4)}AAAA` })).toMatchObject(done);
  expect(await isAlive(tokens)).toBe(true);
  expect(await revoke({ token: tokens.accessToken })).toMatchObject(done);
  expect(await isAlive(tokens)).toBe(false);
});

test("nor does it end there the sign-in of another client", async () => {
  await start({ extensions: { profile: "hardened" } });
  const { settings } = home.client;
  const other = await createClient(testCall(app), home.pool, { name: "other", settings });
  const tokens = await granted();
  expect(await revoke({ token: tokens.accessToken, client_id: other.id })).toMatchObject(done);
  expect(await isAlive(tokens)).toBe(true);
});

test("the token of a client itself cannot be revoked: nothing of it is stored", async () => {
  const machines = await machinePool(app, { extensions: { profile: "hardened" } });
  const headers = basic(machines.client.id);
  const { body } = await askToken(app, machines, { grant_type: "client_credentials", headers });
  const answer = await askToken(app, machines, {
    ...{ path: "/oauth2/revoke", headers, token: body.access_token },
  });
  expect(answer).toMatchObject({ status: 400, body: { error: "unsupported_token_type" } });
});

test("a client with a secret must show it: 401 and the way to do it", async () => {
  const secret = machineSecret;
  await start({ secret });
  const tokens = await granted();
  const { id } = home.client;
  const refused = { status: 401, body: { error: "invalid_client" } };
  const token = tokens.refreshToken;
  expect(await revoke({ token })).toMatchObject(refused);
  const answer = await revoke({ token, headers: basic(id, "wrong") });
  expect(answer).toMatchObject(refused);
  expect(answer.headers["www-authenticate"]).toBe(`Basic realm="${home.pool.id}"`);
  expect(await revoke({ token, client_id: "unknown" })).toMatchObject(refused);
  expect(
    await askToken(app, home, { path: "/oauth2/revoke", token, headers: basic(id) }),
  ).toMatchObject(done);
  const again = { grant_type: "refresh_token", refresh_token: token, headers: basic(id) };
  expect(await askToken(app, home, again)).toMatchObject({ body: { error: "invalid_grant" } });
});

test.each([
  ["no token", { token: "" }],
  ["no client", { client_id: "", token: "x" }],
])("%s is a bad request", async (_, fields) => {
  expect(await revoke(fields)).toMatchObject({ status: 400, body: { error: "invalid_request" } });
});

test("where revocation is switched off, that is what is said", async () => {
  await start({ client: { enableTokenRevocation: false } });
  const tokens = await granted();
  const answer = await revoke({ token: tokens.refreshToken });
  expect(answer).toMatchObject({ status: 400, body: { error: "invalid_request" } });
  expect(await isAlive(tokens)).toBe(true);
});

test("the row names the user whose sign-in ended, and no token", async () => {
  const { refreshToken } = await granted();
  await revoke({ token: refreshToken });
  const row = (await app.auditEvents()).find(({ eventName }) => eventName === "Revoke_POST");
  expect(JSON.stringify(row)).toContain(user.id);
  expect(JSON.stringify(row)).not.toContain(refreshToken);
});
