import {
  AdminDeleteUserCommand,
  AdminDisableUserCommand,
  AdminEnableUserCommand,
  AdminResetUserPasswordCommand,
  AdminSetUserPasswordCommand,
  ChangePasswordCommand,
} from "@aws-sdk/client-cognito-identity-provider";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createClient } from "../domain/clients/create.ts";
import { storePool } from "../domain/pools/change.ts";
import type { UserPoolSettings } from "../domain/pools/pool.ts";
import { setClientSsoValidity } from "../domain/sessions/configure.ts";
import { type TestApp, testApp } from "../testing/app.ts";
import { type TestBrowser, testBrowser, type Visit } from "../testing/browser.ts";
import { mfaSettings, setUpApp } from "../testing/mfa.ts";
import {
  answerIn,
  askToken,
  authorizeUrl,
  codeVerifier,
  oauthPool,
  redirectUri,
  signInOnPage,
} from "../testing/oauth.ts";
import { password, type TestPool, testCall, testUser } from "../testing/pools.ts";
import { claimsOf, tokensOf } from "../testing/sign-in.ts";

let app: TestApp;
let home: TestPool;
let browser: TestBrowser;
beforeEach(async () => {
  app = await testApp();
  await start();
});
afterEach(() => app.close());

async function start(settings: Partial<UserPoolSettings> = {}) {
  home = await oauthPool(app, { settings });
  await testUser(app, home.pool, { attributes: { email: "ada@example.com" } });
  browser = testBrowser(app);
}

type Parameters = Readonly<Record<string, string | null>>;

const ask = (parameters: Parameters = {}, at = home) => browser.get(authorizeUrl(at, parameters));
const signIn = (parameters: Parameters = {}, username = "ada") =>
  signInOnPage(browser, authorizeUrl(home, parameters), { username });

/** Whether the client gets its code without a page. */
async function isIn(at = home): Promise<boolean> {
  const answer = answerIn(await ask({ prompt: "none" }, at));
  expect(answer.get("error") ?? "login_required").toBe("login_required");
  return answer.has("code");
}

async function otherClient(at = home): Promise<TestPool> {
  const { settings } = at.client;
  return { ...at, client: await createClient(testCall(app), at.pool, { name: "b", settings }) };
}

async function authTimeOf(visit: Visit): Promise<number> {
  const { body } = await askToken(app, home, {
    ...{ grant_type: "authorization_code", client_id: home.client.id },
    ...{ redirect_uri: redirectUri, code_verifier: codeVerifier },
    code: answerIn(visit).get("code") ?? "",
  });
  return Number(claimsOf(body.id_token)["auth_time"]) * 1000;
}

const tracked = { sessions: { tracking: true, maxPerUser: 20 } };

const key = () => ({ UserPoolId: home.pool.id, Username: "ada" });

describe("one sign-in", () => {
  test("is for all clients of a pool, and for none of another", async () => {
    const other = await otherClient();
    const foreign = await oauthPool(app);
    await testUser(app, foreign.pool);
    expect(await isIn(other)).toBe(false);
    await signIn();
    expect(await isIn()).toBe(true);
    expect(await isIn(other)).toBe(true);
    expect(await isIn(foreign)).toBe(false);
  });

  test("tells when it was, however late the client asks", async () => {
    await signIn();
    const signedInMs = app.clock.now();
    app.clock.advance(1_800_000);
    const authTimeMs = await authTimeOf(await ask());
    expect(Math.abs(authTimeMs - signedInMs)).toBeLessThan(2_000);
  });

  test("is fresh for as long as a client takes it for, each for itself", async () => {
    await start(tracked);
    const strict = await otherClient();
    await setClientSsoValidity(testCall(app), strict.client, 5);
    const never = await otherClient();
    await setClientSsoValidity(testCall(app), never.client, 0);
    await signIn();
    expect([await isIn(), await isIn(strict), await isIn(never)]).toEqual([true, true, false]);
    app.clock.advance(300_000);
    expect([await isIn(), await isIn(strict)]).toEqual([true, false]);
    const page = (await browser.follow(await ask({}, strict))).page("sign-in");
    // To go on as such would lead back here.
    expect(page.signedInAs).toBeUndefined();
    const again = await browser.submit(page.form, { continue: "1" });
    expect(again.page("sign-in").signedInAs).toBeUndefined();
    expect(again.location).toBeUndefined();
  });

  test("may count for longer than an hour where the pool tracks sessions", async () => {
    await start(tracked);
    await setClientSsoValidity(testCall(app), home.client, 120);
    const { pool } = home;
    const { db } = app.context.store;
    const row = await db.selectFrom("user_pool_clients").selectAll().executeTakeFirstOrThrow();
    home = { pool, client: { ...home.client, settings: JSON.parse(row.settings) } };
    await signIn();
    app.clock.advance(100 * 60_000);
    expect(await isIn()).toBe(true);
    app.clock.advance(20 * 60_000);
    expect(await isIn()).toBe(false);
  });
});

test("a pool that remembers devices asks none of browsers, whose session is what is remembered", async () => {
  const deviceConfiguration = {
    challengeRequiredOnNewDevice: true,
    deviceOnlyRememberedOnUserPrompt: false,
  };
  await start({ deviceConfiguration });
  expect(answerIn(await signIn()).has("code")).toBe(true);
});

describe("a client asks", () => {
  test("with prompt=login for a sign-in though there was one, and gets the time of that", async () => {
    await signIn();
    app.clock.advance(600_000);
    const page = (await browser.follow(await ask({ prompt: "login" }))).page("sign-in");
    expect(page.signedInAs).toBeUndefined();
    const refused = await browser.submit(page.form, { continue: "1" });
    expect(refused.location).toBeUndefined();
    expect(refused.page("sign-in").form.action).toBe(page.form.action);
    const done = await browser.submit(page.form, { username: "ada", password });
    expect(Math.abs((await authTimeOf(done)) - app.clock.now())).toBeLessThan(3_000);
  });

  test("with prompt=select_account who it is to be: the one who is signed in, or another", async () => {
    await testUser(app, home.pool, { username: "grace" });
    await signIn();
    const page = (await browser.follow(await ask({ prompt: "select_account" }))).page("sign-in");
    expect(page.signedInAs).toBe("ada@example.com");
    const done = await browser.submit(page.form, { continue: "1" });
    expect(done.status).toBe(303);
    expect(answerIn(done).has("code")).toBe(true);
    const other = await browser.submit(page.form, { username: "grace", password });
    expect(answerIn(other).has("code")).toBe(true);
    const again = (await browser.follow(await ask({ prompt: "select_account" }))).page("sign-in");
    expect(again.signedInAs).toBe("grace");
  });

  test("who it is to be of nobody, and then nobody goes on", async () => {
    const page = (await browser.follow(await ask({ prompt: "select_account" }))).page("sign-in");
    expect(page.signedInAs).toBeUndefined();
    const refused = await browser.submit(page.form, { continue: "1" });
    expect(refused.location).toBeUndefined();
    expect(refused.notice).toEqual({ kind: "info", code: "session-expired" });
  });

  test("for a choice and a sign-in, and the choice is not enough", async () => {
    await signIn();
    const url = authorizeUrl(home, { prompt: "select_account login" });
    const page = (await browser.follow(await browser.get(url))).page("sign-in");
    expect(page.signedInAs).toBeUndefined();
    expect((await browser.submit(page.form, { continue: "1" })).location).toBeUndefined();
  });

  test("for a choice of a sign-in that is not older than this", async () => {
    await signIn();
    app.clock.advance(60_000);
    for (const [max_age, expected] of [
      ["3600", "ada@example.com"],
      ["30", undefined],
    ] as const) {
      const url = authorizeUrl(home, { prompt: "select_account", max_age });
      const page = (await browser.follow(await browser.get(url))).page("sign-in");
      expect(page.signedInAs).toBe(expected);
      const done = await browser.submit(page.form, { continue: "1" });
      expect(answerIn(done).has("code")).toBe(expected !== undefined);
    }
  });

  test("with max_age=0 as with prompt=login", async () => {
    await signIn();
    expect((await ask({ max_age: "0" })).location).toMatch(/\/login\?/);
    expect(answerIn(await ask({ max_age: "0", prompt: "none" })).get("error")).toBe(
      "login_required",
    );
    const done = await signIn({ max_age: "0" });
    expect(answerIn(done).has("code")).toBe(true);
  });
});

describe("a session is void once", () => {
  const strong = "Another-Horse-7-Staple";

  test("an administrator has set another password", async () => {
    await signIn();
    const given = { ...key(), Password: strong, Permanent: true };
    await app.client.send(new AdminSetUserPasswordCommand(given));
    expect(await isIn()).toBe(false);
  });

  test("the user has another password", async () => {
    const { access: AccessToken } = await tokensOf(app, home);
    await signIn();
    const given = { AccessToken, PreviousPassword: password, ProposedPassword: strong };
    await app.client.send(new ChangePasswordCommand(given));
    expect(await isIn()).toBe(false);
  });

  test("the password must be reset", async () => {
    await start({ autoVerifiedAttributes: ["email"] });
    await signIn();
    await app.context.store.db
      .updateTable("users")
      .set({ attributes: JSON.stringify({ email: "ada@example.com", email_verified: "true" }) })
      .execute();
    await app.client.send(new AdminResetUserPasswordCommand(key()));
    expect(await isIn()).toBe(false);
  });

  test("the user was disabled, also when they are enabled again", async () => {
    await signIn();
    await app.client.send(new AdminDisableUserCommand(key()));
    expect(await isIn()).toBe(false);
    expect((await ask()).location).toMatch(/\/login\?/);
    await app.client.send(new AdminEnableUserCommand(key()));
    expect(await isIn()).toBe(false);
  });

  test("the user was deleted, though another one has the name by now", async () => {
    await signIn();
    await app.client.send(new AdminDeleteUserCommand(key()));
    expect(await isIn()).toBe(false);
    await testUser(app, home.pool);
    expect(await isIn()).toBe(false);
  });

  test("the user has an authenticator app, which the sign-in did not ask for", async () => {
    await start(mfaSettings);
    const { access } = await tokensOf(app, home);
    await signIn();
    expect(await isIn()).toBe(true);
    await setUpApp(app, access);
    expect(await isIn()).toBe(false);
  });

  test("the pool asks everybody for a second factor", async () => {
    await signIn();
    const call = testCall(app);
    const settings = { ...home.pool.settings, ...mfaSettings, mfaConfiguration: "ON" } as const;
    await call.change((trx) => storePool(trx, call, { ...home.pool, settings }));
    expect(await isIn()).toBe(false);
  });
});
