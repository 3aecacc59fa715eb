import {
  AdminDisableUserCommand,
  AdminUserGlobalSignOutCommand,
  RevokeTokenCommand,
} from "@aws-sdk/client-cognito-identity-provider";
import { afterEach, beforeEach, expect, test } from "vitest";
import { changeClient } from "../domain/clients/change.ts";
import type { UserPoolClient } from "../domain/clients/client.ts";
import { createClient } from "../domain/clients/create.ts";
import { deleteResourceServer, updateResourceServer } from "../domain/resource-servers/change.ts";
import type { User } from "../domain/users/user.ts";
import { type TestApp, testApp } from "../testing/app.ts";
import {
  askToken,
  basic,
  codeClient,
  grantedTokens,
  machineClient,
  machinePool,
  machineSecret,
} from "../testing/oauth.ts";
import { type TestPool, testCall, testUser } from "../testing/pools.ts";

let app: TestApp;
/** A client that users sign in to. */
let home: TestPool;
let machine: UserPoolClient;
let user: User;
const extensions = { tokenIntrospection: "on" } as const;

beforeEach(async () => {
  app = await testApp();
  const { pool } = await machinePool(app);
  const client = await machineClient(app, { pool }, { oauth: codeClient, extensions });
  home = { pool, client };
  machine = await machineClient(app, { pool }, { extensions });
  user = await testUser(app, pool);
});
afterEach(() => app.close());

const granted = (more = {}) => grantedTokens(app, home, { user, scope: "openid email", ...more });
const ask = (token: string, client = home.client) =>
  askToken(app, home, { path: "/oauth2/introspect", token, headers: basic(client.id) });
const inactive = { status: 200, body: { active: false } };

async function machineToken(fields = {}): Promise<string> {
  const headers = basic(machine.id);
  const asked = { grant_type: "client_credentials", headers, ...fields };
  return (await askToken(app, home, asked)).body.access_token;
}

test("an access token of a user is told of as RFC 7662 has it", async () => {
  const { accessToken } = await granted();
  const { status, headers, body } = await ask(accessToken);
  expect(status).toBe(200);
  expect(headers["cache-control"]).toBe("no-store");
  expect(body).toEqual({
    active: true,
    client_id: home.client.id,
    token_type: "Bearer",
    iss: `https://localhost:8443/${home.pool.id}`,
    sub: user.id,
    username: "ada",
    scope: "openid email",
    iat: expect.any(Number),
    exp: body.iat + 3600,
    jti: expect.any(String),
  });
});

test("a refresh token is told of for as long as it is good", async () => {
  const { refreshToken } = await granted();
  const { body } = await ask(refreshToken);
  expect(body).toEqual({
    active: true,
    client_id: home.client.id,
    iss: `https://localhost:8443/${home.pool.id}`,
    sub: user.id,
    username: "ada",
    scope: "openid email",
    iat: expect.any(Number),
    exp: body.iat + 30 * 86_400,
  });
});

test("a token of the client itself has no user", async () => {
  const token = await machineToken({ resource: "https://orders.example.com/" });
  const { body } = await ask(token, machine);
  expect(body).toMatchObject({
    active: true,
    sub: machine.id,
    scope: "orders/read orders/write",
    aud: "https://orders.example.com/",
  });
  expect(body).not.toHaveProperty("username");
});

test("a token that is bound to a key says to which", async () => {
  const dpopJkt = "k".repeat(43);
  const { accessToken, refreshToken } = await granted({ dpopJkt });
  const bound = { active: true, cnf: { jkt: dpopJkt } };
  expect((await ask(accessToken)).body).toMatchObject({ ...bound, token_type: "DPoP" });
  expect((await ask(refreshToken)).body).toMatchObject(bound);
});

test("nobody is told of the tokens of another client, ID tokens, or what is no token", async () => {
  const { accessToken, refreshToken, idToken } = await granted();
  const changed = `${accessToken.slice(0, -4)}AAAA`;
  for (const token of [accessToken, refreshToken]) {
    expect(await ask(token, machine)).toEqual(expect.objectContaining(inactive));
  }
  for (const token of [idToken, changed, "a.b.c", "x", "é", await machineToken()]) {
    const answer = await ask(token);
    expect(answer).toMatchObject(inactive);
    expect(answer.body).toEqual({ active: false });
  }
});

const named = () => ({ UserPoolId: home.pool.id, Username: "ada" });

test.each<[string, (refresh: string) => Promise<unknown>]>([
  ["revoked", (Token) => app.client.send(new RevokeTokenCommand({ Token, ...secretOf() }))],
  ["signed out", () => app.client.send(new AdminUserGlobalSignOutCommand(named()))],
  ["disabled", () => app.client.send(new AdminDisableUserCommand(named()))],
])("what counts no more is told at once: %s", async (_, end) => {
  const { accessToken, refreshToken } = await granted();
  await end(refreshToken);
  expect((await ask(accessToken)).body).toEqual({ active: false });
  expect((await ask(refreshToken)).body).toEqual({ active: false });
});

const secretOf = () => ({ ClientId: home.client.id, ClientSecret: machineSecret });

test("a token that is over is inactive", async () => {
  const { accessToken, refreshToken } = await granted();
  app.clock.advance(3_600_000);
  expect((await ask(accessToken)).body).toEqual({ active: false });
  expect((await ask(refreshToken)).body).toMatchObject({ active: true });
  app.clock.advance(30 * 86_400_000);
  expect((await ask(refreshToken)).body).toEqual({ active: false });
});

test("a refresh token that was replaced is inactive after its grace, and asking ends nothing", async () => {
  const refreshTokenRotation = { feature: "ENABLED", retryGracePeriodSeconds: 10 } as const;
  const client = await machineClient(app, home, {
    ...{ oauth: codeClient, extensions, refreshTokenRotation },
  });
  home = { ...home, client };
  const { refreshToken } = await granted();
  const refresh = (token: string) =>
    askToken(app, home, {
      ...{ grant_type: "refresh_token", refresh_token: token, headers: basic(client.id) },
    });
  const { body } = await refresh(refreshToken);
  expect((await ask(refreshToken)).body).toMatchObject({ active: true });
  app.clock.advance(10_000);
  expect((await ask(refreshToken)).body).toEqual({ active: false });
  expect((await ask(body.refresh_token)).body).toMatchObject({ active: true });
  expect((await refresh(body.refresh_token)).status).toBe(200);
});

test("a client's own token is inactive once the client may have it no more", async () => {
  const [read, both] = [await machineToken({ scope: "orders/read" }), await machineToken()];
  const scopes = [{ name: "read", description: "read" }];
  const server = { identifier: "orders", name: "Orders", scopes };
  await updateResourceServer(testCall(app), home.pool, server);
  expect((await ask(both, machine)).body).toEqual({ active: false });
  expect((await ask(read, machine)).body).toMatchObject({ active: true });
  const clientId = machine.id;
  await changeClient(testCall(app), { userPoolId: home.pool.id, clientId }, ({ client }) => ({
    settings: { ...client.settings, oauth: codeClient },
  }));
  expect((await ask(read, machine)).body).toEqual({ active: false });
});

test("a token of an earlier client of the same id is inactive", async () => {
  const id = "fixed0client0id0000000000";
  const make = () =>
    createClient(testCall(app), home.pool, {
      ...{ id, name: "fixed", secret: machineSecret, extensions, settings: machine.settings },
    });
  machine = await make();
  const token = await machineToken();
  await app.context.store.db.deleteFrom("user_pool_clients").where("id", "=", id).execute();
  app.clock.advance(1_000);
  machine = await make();
  expect((await ask(token, machine)).body).toEqual({ active: false });
  expect((await ask(await machineToken(), machine)).body).toMatchObject({ active: true });
});

test("a refresh token of which no scope is left is inactive", async () => {
  const { refreshToken } = await granted({ scope: "orders/read" });
  await deleteResourceServer(testCall(app), home.pool, "orders");
  expect((await ask(refreshToken)).body).toEqual({ active: false });
});

test("only a client that proves itself and has it switched on is answered", async () => {
  const off = await machineClient(app, home);
  const { accessToken } = await granted();
  expect(await ask(accessToken, off)).toMatchObject({
    status: 400,
    body: { error: "unauthorized_client" },
  });
  const path = "/oauth2/introspect";
  const { id } = home.client;
  const refused = { status: 401, body: { error: "invalid_client" } };
  for (const shown of [{ client_id: id }, { headers: basic(id, "wrong") }, { client_id: "no" }]) {
    const answer = await askToken(app, home, { path, token: accessToken, ...shown });
    expect(answer).toMatchObject(refused);
    expect(answer.headers["www-authenticate"]).toMatch(/^Basic /);
  }
  const given = { name: "public", settings: machine.settings, extensions };
  const open = await createClient(testCall(app), home.pool, given);
  const asked = { path, token: accessToken, client_id: open.id };
  expect(await askToken(app, home, asked)).toMatchObject(refused);
});

test("a request without a token is a bad one", async () => {
  expect(await ask("")).toMatchObject({ status: 400, body: { error: "invalid_request" } });
});
