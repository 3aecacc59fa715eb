import {
  AdminDeleteUserCommand,
  AdminDisableUserCommand,
  AdminResetUserPasswordCommand,
  AdminUserGlobalSignOutCommand,
  GetUserCommand,
} from "@aws-sdk/client-cognito-identity-provider";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { changeClient } from "../../domain/clients/change.ts";
import { createClient } from "../../domain/clients/create.ts";
import type { User } from "../../domain/users/user.ts";
import type { Engine } from "../../store/store.ts";
import { type TestApp, testApp } from "../../testing/app.ts";
import { askToken, codeFor, codeVerifier, oauthPool, redirectUri } from "../../testing/oauth.ts";
import { engines } from "../../testing/places.ts";
import { type TestPool, testCall, testUser } from "../../testing/pools.ts";
import { claimsOf } from "../../testing/sign-in.ts";

let app: TestApp;
let home: TestPool;
let user: User;

const attributes = {
  email: "ada@example.com",
  email_verified: "true",
  phone_number: "+12065550100",
  phone_number_verified: "false",
  given_name: "Ada",
};

async function start(engine?: Engine) {
  app = await testApp(engine ? { engine } : {});
  home = await oauthPool(app);
  user = await testUser(app, home.pool, { attributes });
}
beforeEach(() => start());
afterEach(() => app.close());

type Fields = Readonly<Record<string, string | null>>;

/** A right request for a code, but for these fields; `null` leaves one out. */
function redeem(code: string, fields: Fields = {}, at = home) {
  const all: Fields = {
    ...{ grant_type: "authorization_code", client_id: home.client.id, code },
    ...{ redirect_uri: redirectUri, code_verifier: codeVerifier },
    ...fields,
  };
  const given = Object.entries(all).filter(([, value]) => value !== null);
  return askToken(app, at, Object.fromEntries(given));
}

const code = (granted: Partial<Parameters<typeof codeFor>[2]> = {}) =>
  codeFor(app, home, { user, ...granted });
const refused = { status: 400, body: { error: "invalid_grant" } };

async function isAlive({ access_token, refresh_token }: Record<string, string>): Promise<boolean> {
  const input = { AccessToken: access_token };
  const told = await app.client.send(new GetUserCommand(input)).catch(() => undefined);
  const client_id = home.client.id;
  const asked = { grant_type: "refresh_token", client_id, refresh_token };
  const { status } = await askToken(app, home, asked);
  expect(status === 200).toBe(told !== undefined);
  return told !== undefined;
}

const whole = { scope: "openid aws.cognito.signin.user.admin" };

test.each([
  ["openid", ["email", "email_verified", "given_name", "phone_number", "phone_number_verified"]],
  ["openid email", ["email", "email_verified"]],
  ["openid phone", ["phone_number", "phone_number_verified"]],
  ["openid profile", ["given_name"]],
  ["openid email profile", ["email", "email_verified", "given_name"]],
  ["openid aws.cognito.signin.user.admin", Object.keys(attributes)],
])("for %s the ID token tells what userInfo does", async (scope, names) => {
  const { body } = await redeem(await code({ scope }));
  const told = Object.keys(claimsOf(body.id_token)).filter((name) => name in attributes);
  expect(told.sort()).toEqual([...names].sort());
  expect(claimsOf(body.access_token)).toMatchObject({ scope, version: 2 });
});

test("without openid there is no ID token", async () => {
  const { status, body } = await redeem(await code({ scope: "email" }));
  expect(status).toBe(200);
  expect(Object.keys(body)).toEqual(["access_token", "refresh_token", "expires_in", "token_type"]);
});

test("the tokens say when the user signed in, and the ID token holds the nonce and the access token's hash", async () => {
  const authTimeMs = app.clock.now() - 600_000;
  const { body } = await redeem(await code({ authTimeMs, nonce: "n-1" }));
  const time = { auth_time: Math.floor(authTimeMs / 1000) };
  const digest = await crypto.subtle.digest("SHA-256", Buffer.from(body.access_token));
  const atHash = Buffer.from(digest).subarray(0, 16).toString("base64url");
  expect(claimsOf(body.id_token)).toMatchObject({ ...time, nonce: "n-1", at_hash: atHash });
  expect(claimsOf(body.access_token)).toMatchObject(time);
});

describe.each(engines)("on %s", (engine) => {
  beforeEach(async () => {
    await app.close();
    await start(engine);
  });

  test("of twenty requests with one code at once one gets tokens, and then they are revoked", async () => {
    const given = await code(whole);
    const answers = await Promise.all(Array.from({ length: 20 }, () => redeem(given)));
    const [got, ...more] = answers.filter(({ status }) => status === 200);
    expect(more).toEqual([]);
    expect(answers.filter(({ body }) => body.error === "invalid_grant")).toHaveLength(19);
    expect(await isAlive(got?.body)).toBe(false);
  });

  test("a code that comes back, though it be after its time, ends what it gave", async () => {
    const given = await code(whole);
    const { body } = await redeem(given);
    expect(await isAlive(body)).toBe(true);
    app.clock.advance(600_000);
    expect(await redeem(given)).toMatchObject(refused);
    expect(await isAlive(body)).toBe(false);
    expect(await redeem(given)).toMatchObject(refused);
  });
});

test("a code is good for five minutes", async () => {
  const [early, late] = [await code(), await code()];
  app.clock.advance(299_000);
  expect((await redeem(early)).status).toBe(200);
  app.clock.advance(1_000);
  expect(await redeem(late)).toMatchObject(refused);
});

test.each<[string, Fields]>([
  ["no verifier", { code_verifier: null }],
  ["another verifier", { code_verifier: "w".repeat(43) }],
  ["a verifier in other letters", { code_verifier: codeVerifier.toUpperCase() }],
  ["another redirect_uri", { redirect_uri: "https://app.example.com/other" }],
  ["the redirect_uri with a slash", { redirect_uri: `${redirectUri}/` }],
  ["the redirect_uri with a query", { redirect_uri: `${redirectUri}?a=b` }],
  ["no redirect_uri", { redirect_uri: null }],
  ["another code", { code: "x".repeat(43) }],
  ["a code of a kind that there is not", { code: "'; drop table users; --" }],
])("%s gets nothing, and takes nothing from whoever has it all", async (_, fields) => {
  const given = await code(whole);
  expect(await redeem(given, fields)).toMatchObject(refused);
  const { status, body } = await redeem(given);
  expect(status).toBe(200);
  // It comes back without all that belongs to it: whoever found it in a log ends nobody's sign-in.
  expect(await redeem(given, fields)).toMatchObject(refused);
  expect(await isAlive(body)).toBe(true);
});

test("a code is for the client that it was given to, in its pool", async () => {
  const given = await code();
  const name = "other";
  const other = await createClient(testCall(app), home.pool, {
    name,
    settings: home.client.settings,
  });
  expect(await redeem(given, { client_id: other.id })).toMatchObject(refused);
  const elsewhere = await oauthPool(app);
  const foreign = { client_id: elsewhere.client.id };
  expect(await redeem(given, foreign, elsewhere)).toMatchObject(refused);
  expect(await redeem(given, {}, elsewhere)).toMatchObject({ body: { error: "invalid_client" } });
  expect((await redeem(given)).status).toBe(200);
});

const s256 = async (verifier: string) =>
  Buffer.from(await crypto.subtle.digest("SHA-256", Buffer.from(verifier))).toString("base64url");

test.each([
  [42, false],
  [43, true],
  [128, true],
  [129, false],
])("a verifier of %i characters: %s", async (length, isFine) => {
  const verifier = "-._~".padEnd(length, "aZ9");
  const given = await code({ codeChallenge: await s256(verifier) });
  const { status } = await redeem(given, { code_verifier: verifier });
  expect(status === 200).toBe(isFine);
});

test.each(["+", "=", " ", "é", "/"])("a verifier with %s is none", async (letter) => {
  const verifier = letter.repeat(43);
  const given = await code({ codeChallenge: await s256(verifier) });
  expect(await redeem(given, { code_verifier: verifier })).toMatchObject(refused);
});

test("what was challenged needs its verifier, and what was not takes none", async () => {
  const challenge = await s256(codeVerifier);
  // As `plain` would have it.
  expect(await redeem(await code(), { code_verifier: challenge })).toMatchObject(refused);
  const open = await code({ codeChallenge: undefined });
  expect(await redeem(open)).toMatchObject(refused);
  expect((await redeem(open, { code_verifier: null })).status).toBe(200);
});

test("redirect_uri may be left out where the authorization request had left it out", async () => {
  const granted = { redirectUriGiven: false };
  expect((await redeem(await code(granted), { redirect_uri: null })).status).toBe(200);
  expect((await redeem(await code(granted))).status).toBe(200);
  const other = { redirect_uri: "https://app.example.com/other" };
  expect(await redeem(await code(granted), other)).toMatchObject(refused);
});

const named = () => ({ UserPoolId: home.pool.id, Username: "ada" });

test.each([
  ["disabled", () => new AdminDisableUserCommand(named())],
  ["deleted", () => new AdminDeleteUserCommand(named())],
  ["signed out everywhere", () => new AdminUserGlobalSignOutCommand(named())],
  ["asked for another password", () => new AdminResetUserPasswordCommand(named())],
])("a code of a user who was %s since is worth nothing", async (_, command) => {
  const given = await code();
  await app.client.send(command() as AdminDeleteUserCommand);
  expect(await redeem(given)).toMatchObject(refused);
});

test("a client that may not use codes any more gets nothing for one", async () => {
  const given = await code();
  const { id: clientId, userPoolId, settings } = home.client;
  const allowedFlows = ["implicit" as const];
  await changeClient(testCall(app), { userPoolId, clientId }, () => ({
    settings: { ...settings, oauth: { ...settings.oauth, allowedFlows } },
  }));
  expect(await redeem(given)).toMatchObject({ body: { error: "unauthorized_client" } });
});

test("the trail tells of a code that came back, and never the code", async () => {
  const given = await code();
  await redeem(given);
  await redeem(given);
  const rows = (await app.auditEvents()).filter(({ eventName }) => eventName === "Token_POST");
  expect(rows).toMatchObject([
    { requestParameters: { grant_type: "authorization_code" } },
    { errorCode: "invalid_grant", additionalEventData: { reuse: true } },
  ]);
  for (const secret of [given, codeVerifier]) expect(JSON.stringify(rows)).not.toContain(secret);
});
