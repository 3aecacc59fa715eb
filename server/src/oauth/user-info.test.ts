import {
  AdminDeleteUserCommand,
  AdminDisableUserCommand,
  AdminUserGlobalSignOutCommand,
  DeleteUserPoolClientCommand,
  RevokeTokenCommand,
} from "@aws-sdk/client-cognito-identity-provider";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { User } from "../domain/users/user.ts";
import { type TestApp, testApp } from "../testing/app.ts";
import {
  askToken,
  grantedTokens,
  machinePool,
  machineSecret,
  oauthPool,
} from "../testing/oauth.ts";
import { type TestPool, testPool, testUser } from "../testing/pools.ts";
import { tokensOf } from "../testing/sign-in.ts";

let app: TestApp;
let home: TestPool;
let user: User;
beforeEach(async () => {
  app = await testApp();
  home = await oauthPool(app);
  user = await testUser(app, home.pool, { attributes });
});
afterEach(() => app.close());

const attributes = {
  email: "ada@example.com",
  email_verified: "true",
  phone_number: "+12065550100",
  phone_number_verified: "false",
  given_name: "Ada",
};

const tokenOf = async (scope: string, of: { home: TestPool; user: User } = { home, user }) =>
  (await grantedTokens(app, of.home, { user: of.user, scope })).accessToken;

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

async function ask(
  headers: Record<string, string>,
  {
    method = "GET",
    payload,
    query = "",
    pool = home.pool,
  }: { method?: "GET" | "POST"; payload?: string; query?: string; pool?: TestPool["pool"] } = {},
) {
  const answer = await app.app.inject({
    method,
    url: `/${pool.id}/oauth2/userInfo${query}`,
    headers,
    ...(payload === undefined ? {} : { payload }),
  });
  return { status: answer.statusCode, headers: answer.headers, body: answer.json() };
}

test("openid alone tells all that the client may read, the flags as Cognito's texts", async () => {
  const { status, headers, body } = await ask(bearer(await tokenOf("openid")));
  expect(status).toBe(200);
  expect(body).toEqual({ sub: user.id, ...attributes, username: "ada" });
  expect(headers).toMatchObject({
    "content-type": "application/json",
    "cache-control": "no-store",
    "access-control-allow-origin": "*",
  });
});

test.each([
  ["openid email", ["email", "email_verified"]],
  ["openid phone", ["phone_number", "phone_number_verified"]],
  ["openid profile", ["given_name"]],
  ["openid email phone", ["email", "email_verified", "phone_number", "phone_number_verified"]],
])("%s tells no more than that", async (scope, names) => {
  const { body } = await ask(bearer(await tokenOf(scope)));
  expect(Object.keys(body).sort()).toEqual([...names, "sub", "username"].sort());
});

test("what the client may not read is not told", async () => {
  const client = { readAttributes: ["email"] };
  const narrow = await oauthPool(app, { client });
  const reader = await testUser(app, narrow.pool, { attributes });
  const token = await tokenOf("openid", { home: narrow, user: reader });
  const { body } = await ask(bearer(token), { pool: narrow.pool });
  expect(body).toEqual({ sub: reader.id, email: "ada@example.com", username: "ada" });
});

test("in the hardened profile claims are of the types that OpenID Connect gives them", async () => {
  const hard = await oauthPool(app, { extensions: { profile: "hardened" } });
  const more = { address: "12 St James's Square", updated_at: "1700000000", "custom:n": "7" };
  const reader = await testUser(app, hard.pool, { attributes: { ...attributes, ...more } });
  const token = await tokenOf("openid", { home: hard, user: reader });
  const { body } = await ask(bearer(token), { pool: hard.pool });
  expect(body).toMatchObject({
    ...{ email_verified: true, phone_number_verified: false, "custom:n": "7" },
    ...{ address: { formatted: "12 St James's Square" }, updated_at: 1_700_000_000 },
  });
});

test("a POST may bring the token in its header or in its form, and not in both", async () => {
  const token = await tokenOf("openid email");
  const form = { "content-type": "application/x-www-form-urlencoded" };
  const payload = new URLSearchParams({ access_token: token }).toString();
  const told = { status: 200, body: { sub: user.id } };
  expect(await ask(bearer(token), { method: "POST" })).toMatchObject(told);
  expect(await ask(form, { method: "POST", payload })).toMatchObject(told);
  const refused = { status: 400, body: { error: "invalid_request" } };
  expect(await ask({ ...form, ...bearer(token) }, { method: "POST", payload })).toMatchObject(
    refused,
  );
  const twice = `${payload}&${payload}`;
  expect(await ask(form, { method: "POST", payload: twice })).toMatchObject(refused);
});

test.each([
  ["no header", {}],
  ["another scheme", { authorization: "Basic YTpi" }],
  ["a scheme alone", { authorization: "Bearer " }],
  ["two tokens", { authorization: "Bearer a, Bearer b" }],
])("%s is a bad request, in Cognito's words", async (_, headers) => {
  const answer = await ask(headers as Record<string, string>);
  expect(answer).toMatchObject({
    status: 400,
    body: {
      error: "invalid_request",
      error_description: "Bad OAuth2 request at UserInfo Endpoint",
    },
  });
  expect(answer.headers["www-authenticate"]).toBe(
    `Bearer realm="${home.pool.id}", error="invalid_request", error_description="Bad OAuth2 request at UserInfo Endpoint"`,
  );
});

test("a token in the address counts for nothing", async () => {
  const token = await tokenOf("openid");
  expect(await ask({}, { query: `?access_token=${token}` })).toMatchObject({ status: 400 });
});

const worthless = {
  status: 401,
  body: {
    error: "invalid_token",
    error_description:
      "Access token is expired, disabled, or deleted, or the user has globally signed out.",
  },
};

test("a token that is over is refused, and browsers may read why", async () => {
  const token = await tokenOf("openid");
  app.clock.advance(3_600_000);
  const answer = await ask(bearer(token));
  expect(answer).toMatchObject(worthless);
  expect(answer.headers["www-authenticate"]).toBe(
    `Bearer realm="${home.pool.id}", error="invalid_token", error_description="${worthless.body.error_description}"`,
  );
  expect(answer.headers["access-control-allow-origin"]).toBe("*");
  expect(answer.headers["access-control-expose-headers"]).toMatch(/(^|,)www-authenticate(,|$)/);
});

const named = () => ({ UserPoolId: home.pool.id, Username: "ada" });

test.each([
  ["signed out everywhere", () => new AdminUserGlobalSignOutCommand(named())],
  ["disabled", () => new AdminDisableUserCommand(named())],
  ["deleted", () => new AdminDeleteUserCommand(named())],
])("a user who was %s is told nothing of", async (_, command) => {
  const token = await tokenOf("openid");
  await app.client.send(command() as AdminDeleteUserCommand);
  expect(await ask(bearer(token))).toMatchObject(worthless);
});

test("a token of a revoked sign-in, or of a client that is gone, is refused", async () => {
  const { accessToken, refreshToken } = await grantedTokens(app, home, { user, scope: "openid" });
  const other = await tokenOf("openid");
  const ClientId = home.client.id;
  await app.client.send(new RevokeTokenCommand({ Token: refreshToken, ClientId }));
  expect(await ask(bearer(accessToken))).toMatchObject(worthless);
  expect((await ask(bearer(other))).status).toBe(200);
  await app.client.send(new DeleteUserPoolClientCommand({ UserPoolId: home.pool.id, ClientId }));
  expect(await ask(bearer(other))).toMatchObject(worthless);
});

test("tokens of another pool, ID tokens and what is no token are refused alike", async () => {
  const other = await testPool(app);
  const stranger = await testUser(app, other.pool, { attributes });
  const { idToken, accessToken } = await grantedTokens(app, home, { user, scope: "openid" });
  const foreign = await tokenOf("openid", { home: other, user: stranger });
  const changed = `${accessToken.slice(0, -4)}AAAA`;
  for (const token of [idToken, foreign, changed, "a.b.c", "x", "é".repeat(10)]) {
    expect(await ask(bearer(encodeURI(token)))).toMatchObject(worthless);
  }
});

test("a token that is bound to a key counts for nothing without its proof", async () => {
  const given = { user, scope: "openid", dpopJkt: "k".repeat(43) };
  const { accessToken } = await grantedTokens(app, home, given);
  expect(await ask(bearer(accessToken))).toMatchObject(worthless);
});

test("without openid it is refused: tokens of the API's sign-ins too", async () => {
  const { access } = await tokensOf(app, home);
  for (const token of [access, await tokenOf("email aws.cognito.signin.user.admin")]) {
    const answer = await ask(bearer(token));
    expect(answer).toMatchObject({ status: 403, body: { error: "insufficient_scope" } });
    expect(answer.headers["www-authenticate"]).toMatch(
      /error="insufficient_scope".*scope="openid"/,
    );
  }
});

test("the token of a client, which stands for no user, tells of nobody", async () => {
  const machines = await machinePool(app);
  const { body } = await askToken(app, machines, {
    grant_type: "client_credentials",
    client_id: machines.client.id,
    client_secret: machineSecret,
  });
  expect(await ask(bearer(body.access_token), { pool: machines.pool })).toMatchObject(worthless);
});

test("what it tells is what holds now, and leaves no row; a refusal leaves one", async () => {
  await ask(bearer(await tokenOf("openid")));
  await ask(bearer("x"));
  const rows = (await app.auditEvents()).filter(({ eventName }) => eventName === "UserInfo_GET");
  expect(rows).toMatchObject([{ errorCode: "invalid_token" }]);
});
