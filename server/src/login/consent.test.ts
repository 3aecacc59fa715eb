import { AdminUserGlobalSignOutCommand } from "@aws-sdk/client-cognito-identity-provider";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createClient } from "../domain/clients/create.ts";
import { createResourceServer } from "../domain/resource-servers/change.ts";
import { type TestApp, testApp } from "../testing/app.ts";
import { type TestBrowser, testBrowser, type Visit } from "../testing/browser.ts";
import {
  answerIn,
  askToken,
  authorizeUrl,
  codeClient,
  codeVerifier,
  oauthPool,
  redirectUri,
  signInOnPage,
} from "../testing/oauth.ts";
import { type TestPool, testCall, testUser } from "../testing/pools.ts";

const ada = { username: "ada" };

let app: TestApp;
let home: TestPool;
let browser: TestBrowser;
beforeEach(async () => {
  app = await testApp();
  const { pool } = await oauthPool(app);
  await createResourceServer(testCall(app), pool, {
    ...{ identifier: "orders", name: "Orders" },
    scopes: [{ name: "read", description: "See your <b>orders</b>" }],
  });
  home = { pool, client: await asking("Shop <script>") };
  await testUser(app, pool, { attributes: { email: "ada@example.com" } });
  browser = testBrowser(app);

  function asking(name: string) {
    return createClient(testCall(app), pool, {
      name,
      settings: {
        ...{ explicitAuthFlows: ["ALLOW_USER_PASSWORD_AUTH"], refreshTokenValidity: 36 },
        ...{ tokenValidityUnits: { refreshToken: "hours" }, enableTokenRevocation: true },
        ...{ authSessionValidityMinutes: 3, enablePropagateAdditionalUserContextData: false },
        oauth: { ...codeClient, allowedScopes: [...codeClient.allowedScopes, "orders/read"] },
      },
      extensions: { consent: "on" },
    });
  }
});
afterEach(() => app.close());

const scope = "openid email orders/read";
type Parameters = Readonly<Record<string, string | null>>;

/** The question that a request leads to, in a browser that is or is not signed in. */
async function asked(parameters: Parameters = {}, by = browser, at = home) {
  const url = authorizeUrl(at, { scope, ...parameters });
  const first = await by.get(url);
  const isSignedIn = /\/consent\?/.test(first.location ?? "");
  const shown = await by.follow(isSignedIn ? first : await signInOnPage(by, url, ada));
  return shown.page("consent");
}

async function decide(decision: string, parameters: Parameters = {}): Promise<Visit> {
  return browser.submit((await asked(parameters)).form, { decision });
}

const isAsked = async (parameters: Parameters = {}, at = home) =>
  /\/consent\?/.test(
    (await browser.get(authorizeUrl(at, { scope, ...parameters }))).location ?? "",
  );

const codes = () => app.context.store.db.selectFrom("authorization_codes").selectAll().execute();

test("the user is asked who wants what and for how long, before anything is given", async () => {
  const page = await asked();
  expect(page).toMatchObject({
    clientName: "Shop <script>",
    username: "ada@example.com",
    scopes: [
      { name: "openid" },
      { name: "email" },
      { name: "orders/read", description: "See your <b>orders</b>" },
    ],
    lifetimeDays: 2,
  });
  expect(page).not.toHaveProperty("userCode");
  expect(await codes()).toEqual([]);
});

test("who agrees gives a code for these scopes, and is not asked for them again", async () => {
  const done = await decide("allow");
  expect(done.status).toBe(303);
  const { body } = await askToken(app, home, {
    ...{ grant_type: "authorization_code", client_id: home.client.id },
    ...{ redirect_uri: redirectUri, code_verifier: codeVerifier },
    code: answerIn(done).get("code") ?? "",
  });
  const [, payload = ""] = body.access_token.split(".");
  expect(JSON.parse(Buffer.from(payload, "base64url").toString()).scope).toBe(scope);
  expect(await isAsked()).toBe(false);
  expect(await isAsked({ scope: "openid" })).toBe(false);
  const silent = await browser.get(authorizeUrl(home, { scope, prompt: "none" }));
  expect(answerIn(silent).has("code")).toBe(true);
});

test.each(["deny", "", "Allow", "yes"])("whoever answers %j gives nothing", async (decision) => {
  const done = await decide(decision);
  expect(done.status).toBe(303);
  expect(Object.fromEntries(answerIn(done))).toEqual({
    error: "access_denied",
    state: "state-1",
    iss: `https://localhost:8443/${home.pool.id}`,
  });
  expect(await codes()).toEqual([]);
  expect(await isAsked()).toBe(true);
  const { eventName, errorCode } = (await app.auditEvents()).at(-1) ?? {};
  expect([eventName, errorCode]).toEqual(["Consent_POST", "access_denied"]);
});

test("other scopes, and another client, are asked for again", async () => {
  await decide("allow", { scope: "openid" });
  expect(await isAsked({ scope: "openid" })).toBe(false);
  expect(await isAsked({ scope: "openid email" })).toBe(true);
  await decide("allow", { scope: "email" });
  // What was agreed to before still is.
  expect(await isAsked({ scope: "openid email" })).toBe(false);
  const { settings, extensions } = home.client;
  const client = await createClient(testCall(app), home.pool, {
    ...{ name: "other", settings, extensions },
  });
  expect(await isAsked({ scope: "openid" }, { ...home, client })).toBe(true);
});

test("what one user agreed to another is asked for", async () => {
  await decide("allow");
  await testUser(app, home.pool, { username: "grace" });
  const other = testBrowser(app);
  const url = authorizeUrl(home, { scope });
  const led = await signInOnPage(other, url, { username: "grace" });
  expect((await other.follow(led)).page("consent").username).toBe("grace");
});

test("prompt=consent asks again, of clients that never ask as well", async () => {
  await decide("allow");
  expect(await isAsked({ prompt: "consent" })).toBe(true);
  const quiet = await createClient(testCall(app), home.pool, {
    ...{ name: "quiet", settings: home.client.settings },
  });
  const at = { ...home, client: quiet };
  expect(await isAsked({}, at)).toBe(false);
  const page = await asked({ prompt: "consent" }, browser, at);
  const done = await browser.submit(page.form, { decision: "allow" });
  expect(answerIn(done).has("code")).toBe(true);
});

test("prompt=none asks nothing and says that it would have to", async () => {
  await asked();
  const { location = "" } = await browser.get(authorizeUrl(home, { scope, prompt: "none" }));
  expect(answerIn({ location } as Visit).get("error")).toBe("consent_required");
});

test("whoever signs in anew, or chooses to go on, is asked after that", async () => {
  await asked();
  const again = await signInOnPage(browser, authorizeUrl(home, { scope, prompt: "login" }), ada);
  const page = (await browser.follow(again)).page("consent");
  expect(answerIn(await browser.submit(page.form, { decision: "allow" })).has("code")).toBe(true);
  const url = authorizeUrl(home, { scope: "openid phone", prompt: "select_account" });
  const choice = (await browser.follow(await browser.get(url))).page("sign-in");
  expect(choice.signedInAs).toBe("ada@example.com");
  const led = await browser.submit(choice.form, { continue: "1" });
  const question = (await browser.follow(led)).page("consent");
  expect(answerIn(await browser.submit(question.form, { decision: "allow" })).has("code")).toBe(
    true,
  );
});

test("a question is answered once, however often its form is sent", async () => {
  const { form } = await asked();
  const answers = await Promise.all(
    Array.from({ length: 6 }, () => browser.submit(form, { decision: "allow" })),
  );
  expect(answers.filter((visit) => answerIn(visit).has("code"))).toHaveLength(1);
  for (const visit of answers.filter(({ location }) => location === undefined)) {
    expect([visit.status, visit.page("error").error]).toEqual([400, "session-expired"]);
  }
  expect(await codes()).toHaveLength(1);
});

test("the form of another browser, or of another user's question, agrees to nothing", async () => {
  const { form } = await asked();
  const stranger = testBrowser(app);
  const theirs = await asked({}, stranger);
  for (const [by, given] of [
    [stranger, form],
    [browser, { ...form, csrf: theirs.form.csrf }],
    [browser, { action: theirs.form.action, csrf: form.csrf }],
    [testBrowser(app), form],
  ] as const) {
    const visit = await by.submit(given, { decision: "allow" });
    expect([400, 403]).toContain(visit.status);
    expect(visit.location).toBeUndefined();
  }
  expect(await codes()).toEqual([]);
});

test("who is signed out meanwhile, or somebody else by now, agrees to nothing", async () => {
  const { form } = await asked();
  const key = { UserPoolId: home.pool.id, Username: "ada" };
  await app.client.send(new AdminUserGlobalSignOutCommand(key));
  const out = await browser.submit(form, { decision: "allow" });
  expect(out.page("error").error).toBe("session-expired");
  const second = await asked();
  await testUser(app, home.pool, { username: "grace" });
  await signInOnPage(browser, authorizeUrl(home, { prompt: "login" }), { username: "grace" });
  expect((await browser.submit(second.form, { decision: "allow" })).location).toBeUndefined();
  expect(await codes()).toEqual([]);
});

test("a question is for a quarter of an hour", async () => {
  const { form } = await asked();
  app.clock.advance(15 * 60_000);
  expect((await browser.get(form.action)).page("error").error).toBe("session-expired");
  expect((await browser.submit(form, { decision: "allow" })).status).toBe(400);
});
