import { afterEach, beforeEach, expect, test } from "vitest";
import { parseJws } from "../domain/tokens/jws.ts";
import { type TestApp, testApp } from "../testing/app.ts";
import { testBrowser } from "../testing/browser.ts";
import {
  answerIn,
  askToken,
  authorizeUrl,
  codeVerifier,
  oauthPool,
  redirectUri,
  signInOnPage,
} from "../testing/oauth.ts";
import { type TestPool, testUser } from "../testing/pools.ts";

let app: TestApp;
let home: TestPool;
beforeEach(async () => {
  app = await testApp();
  home = await oauthPool(app);
  await testUser(app, home.pool);
});
afterEach(() => app.close());

const ada = { username: "ada" };

const redeem = (code: string, more: Record<string, string> = {}) =>
  askToken(app, home, {
    grant_type: "authorization_code",
    client_id: home.client.id,
    redirect_uri: redirectUri,
    code_verifier: codeVerifier,
    code,
    ...more,
  });

test("a user signs in by password, and the client gets a code for its tokens", async () => {
  const browser = testBrowser(app);
  const done = await signInOnPage(browser, authorizeUrl(home, { nonce: "n-1" }), ada);
  expect(done.status).toBe(303);
  const answer = answerIn(done);
  expect(Object.fromEntries(answer)).toEqual({
    code: expect.any(String),
    state: "state-1",
    iss: `https://localhost:8443/${home.pool.id}`,
  });
  const { status, body } = await redeem(answer.get("code") ?? "");
  expect(status).toBe(200);
  expect(body).toEqual({
    id_token: expect.any(String),
    access_token: expect.any(String),
    refresh_token: expect.any(String),
    expires_in: 3600,
    token_type: "Bearer",
  });
  expect(parseJws(body.id_token)?.payload).toMatchObject({ nonce: "n-1", token_use: "id" });
  expect(parseJws(body.access_token)?.payload).toMatchObject({
    scope: "openid email",
    version: 2,
  });
});

test("a browser that is signed in is not asked again", async () => {
  const browser = testBrowser(app);
  await signInOnPage(browser, authorizeUrl(home), ada);
  const again = await browser.get(authorizeUrl(home));
  expect(again.status).toBe(302);
  expect(answerIn(again).get("code")).toMatch(/^[\w-]{43}$/);
});

test("a wrong password is told on the page, with the name still there", async () => {
  const browser = testBrowser(app);
  const visit = await signInOnPage(browser, authorizeUrl(home), { ...ada, password: "wrong" });
  expect(visit.status).toBe(400);
  expect(visit.page("sign-in").username).toBe("ada");
  expect(visit.notice).toEqual({ kind: "error", code: "NotAuthorizedException" });
});

test("a code is good once, and coming back it ends what it gave", async () => {
  const browser = testBrowser(app);
  const code = answerIn(await signInOnPage(browser, authorizeUrl(home), ada)).get("code") ?? "";
  const { body } = await redeem(code);
  expect(await redeem(code)).toMatchObject({ status: 400, body: { error: "invalid_grant" } });
  const refreshed = await askToken(app, home, {
    grant_type: "refresh_token",
    client_id: home.client.id,
    refresh_token: body.refresh_token,
  });
  expect(refreshed).toMatchObject({ status: 400, body: { error: "invalid_grant" } });
});

test("after too many wrong passwords the page says so, and the right one has to wait", async () => {
  const browser = testBrowser(app);
  for (let tries = 0; tries < 5; tries += 1) {
    await signInOnPage(browser, authorizeUrl(home), { ...ada, password: "wrong" });
  }
  const locked = await signInOnPage(browser, authorizeUrl(home), ada);
  expect(locked.notice).toEqual({ kind: "error", code: "locked" });
  app.clock.advance(60_000);
  expect(answerIn(await signInOnPage(browser, authorizeUrl(home), ada)).get("code")).toBeTruthy();
});

test("a user who was invited chooses a password on the way, and both must be the same", async () => {
  await testUser(app, home.pool, {
    username: "grace",
    status: "FORCE_CHANGE_PASSWORD",
    temporaryPasswordExpiresAtMs: app.context.clock.now() + 60_000,
  });
  const browser = testBrowser(app);
  const led = await signInOnPage(browser, authorizeUrl(home), { username: "grace" });
  const page = (await browser.follow(led)).page("new-password");
  const chosen = "Another-Horse-7-Staple";
  const unlike = await browser.submit(page.form, { password: chosen, confirmPassword: "other" });
  expect(unlike.notice).toEqual({ kind: "error", code: "passwords-differ" });
  const done = await browser.submit(page.form, { password: chosen, confirmPassword: chosen });
  expect(answerIn(done).get("code")).toBeTruthy();
});
