import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createClient } from "../../domain/clients/create.ts";
import type { User } from "../../domain/users/user.ts";
import type { Engine } from "../../store/store.ts";
import { type TestApp, testApp } from "../../testing/app.ts";
import { askToken, basic, grantedTokens, machineSecret, oauthPool } from "../../testing/oauth.ts";
import { engines } from "../../testing/places.ts";
import { type TestPool, type TestPoolOptions, testCall, testUser } from "../../testing/pools.ts";
import { claimsOf, tokensOf } from "../../testing/sign-in.ts";

let app: TestApp;
let home: TestPool;
let user: User;

async function start(options: TestPoolOptions & { engine?: Engine } = {}) {
  const { engine, ...pool } = options;
  app = await testApp(engine ? { engine } : {});
  home = await oauthPool(app, pool);
  user = await testUser(app, home.pool);
}
beforeEach(() => start());
afterEach(() => app.close());

const granted = (scope = "openid email profile") => grantedTokens(app, home, { user, scope });
const refresh = (refreshToken: string, fields: Record<string, unknown> = {}) =>
  askToken(app, home, {
    ...{ grant_type: "refresh_token", client_id: home.client.id, refresh_token: refreshToken },
    ...fields,
  });
const refused = { status: 400, body: { error: "invalid_grant" } };
const rotation = { feature: "ENABLED", retryGracePeriodSeconds: 0 } as const;
const rotating = { client: { explicitAuthFlows: [], refreshTokenRotation: rotation } };

test("new tokens keep the sign-in's time and family, and repeat no nonce", async () => {
  const { refreshToken, accessToken } = await granted();
  app.clock.advance(60_000);
  const { status, body } = await refresh(refreshToken);
  expect(status).toBe(200);
  expect(Object.keys(body)).toEqual(["id_token", "access_token", "expires_in", "token_type"]);
  const [before, after] = [claimsOf(accessToken), claimsOf(body.access_token)];
  for (const name of ["auth_time", "origin_jti", "scope", "sub"]) {
    expect(after[name]).toBe(before[name]);
  }
  for (const name of ["jti", "iat", "event_id"]) expect(after[name]).not.toBe(before[name]);
  expect(claimsOf(body.id_token)).not.toHaveProperty("nonce");
  expect(claimsOf(body.id_token)).toMatchObject({ at_hash: expect.any(String) });
});

test("a part of the scope may be asked for, and the refresh token keeps the whole", async () => {
  const { refreshToken } = await granted();
  const { body } = await refresh(refreshToken, { scope: "email" });
  expect(claimsOf(body.access_token)).toMatchObject({ scope: "email" });
  expect(body).not.toHaveProperty("id_token");
  const whole = await refresh(refreshToken);
  expect(claimsOf(whole.body.access_token)).toMatchObject({ scope: "openid email profile" });
});

test.each([
  ["more than was granted", "openid phone"],
  ["the user's account", "openid aws.cognito.signin.user.admin"],
  ["what is no scope", "openid  email"],
])("%s is not to be had, and nothing is used up", async (_, scope) => {
  const { refreshToken } = await granted();
  const invalid = { status: 400, body: { error: "invalid_scope" } };
  expect(await refresh(refreshToken, { scope })).toMatchObject(invalid);
  expect((await refresh(refreshToken)).status).toBe(200);
});

test("a token of the API's sign-in is taken, and stays of that kind", async () => {
  const { refresh: token } = await tokensOf(app, home);
  const { body } = await refresh(token);
  expect(claimsOf(body.access_token)).not.toHaveProperty("version");
  const wide = await refresh(token, { scope: "openid" });
  expect(wide).toMatchObject({ body: { error: "invalid_scope" } });
});

test("it is for the client that it was given to, at its pool", async () => {
  const { settings } = home.client;
  const other = await createClient(testCall(app), home.pool, { name: "other", settings });
  const { refreshToken } = await granted();
  expect(await refresh(refreshToken, { client_id: other.id })).toMatchObject(refused);
  const elsewhere = await oauthPool(app);
  const asked = { grant_type: "refresh_token", refresh_token: refreshToken };
  const foreign = { ...asked, client_id: elsewhere.client.id };
  expect(await askToken(app, elsewhere, foreign)).toMatchObject(refused);
  const strange = { ...asked, client_id: home.client.id };
  const unknown = { body: { error: "invalid_client" } };
  expect(await askToken(app, elsewhere, strange)).toMatchObject(unknown);
  expect((await refresh(refreshToken)).status).toBe(200);
});

test("a confidential client must prove itself for it", async () => {
  await app.close();
  await start({ secret: machineSecret });
  const { refreshToken } = await granted();
  expect(await refresh(refreshToken)).toMatchObject({ body: { error: "invalid_client" } });
  const headers = basic(home.client.id);
  expect((await refresh(refreshToken, { headers })).status).toBe(200);
});

test.each(["x", "'", "a.b.c", "x".repeat(60_000)])("%.10s is no refresh token", async (token) => {
  expect(await refresh(token)).toMatchObject(refused);
});

test("neither an access token nor an ID token nor a code is one", async () => {
  const { accessToken, idToken } = await granted();
  for (const token of [accessToken, idToken]) expect(await refresh(token)).toMatchObject(refused);
});

test("rotation gives the next one for the time that is left, and ends all where one comes back", async () => {
  await app.close();
  await start(rotating);
  const { refreshToken } = await granted();
  const first = await refresh(refreshToken);
  expect(first.body.refresh_token).toMatch(/^[\w-]{43}$/);
  app.clock.advance(29 * 86_400_000);
  const second = await refresh(first.body.refresh_token);
  expect(second.status).toBe(200);
  app.clock.advance(86_400_000);
  expect(await refresh(second.body.refresh_token)).toMatchObject(refused);

  const other = await granted();
  const next = await refresh(other.refreshToken);
  expect(await refresh(other.refreshToken)).toMatchObject(refused);
  expect(await refresh(next.body.refresh_token)).toMatchObject(refused);
});

describe.each(engines)("on %s", (engine) => {
  test("of twenty uses at once one gets the next token, and the others end it", async () => {
    await app.close();
    await start({ engine, ...rotating });
    const { refreshToken } = await granted();
    const answers = await Promise.all(Array.from({ length: 20 }, () => refresh(refreshToken)));
    const [got, ...more] = answers.filter(({ status }) => status === 200);
    expect(more).toEqual([]);
    expect(await refresh(got?.body.refresh_token)).toMatchObject(refused);
  });
});
