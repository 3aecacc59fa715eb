import {
  AdminListUserAuthEventsCommand,
  AdminUserGlobalSignOutCommand,
  CreateUserPoolDomainCommand,
} from "@aws-sdk/client-cognito-identity-provider";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createClient } from "../domain/clients/create.ts";
import { updateUser } from "../store/users.ts";
import { type TestApp, testApp } from "../testing/app.ts";
import { Authenticator } from "../testing/authenticator.ts";
import { type TestBrowser, testBrowser, type Visit } from "../testing/browser.ts";
import { awaitStep, mfaSettings, setUpApp } from "../testing/mfa.ts";
import { answerIn, authorizeUrl, oauthPool, redirectUri } from "../testing/oauth.ts";
import { passkeySettings } from "../testing/passkeys.ts";
import { password, storedUser, type TestPool, testCall, testUser } from "../testing/pools.ts";
import { tokensOf } from "../testing/sign-in.ts";
import { handleTriggers, triggersOf } from "../testing/triggers.ts";

let app: TestApp;
let home: TestPool;
let browser: TestBrowser;
beforeEach(async () => {
  app = await testApp();
  browser = testBrowser(app);
  home = await oauthPool(app, { settings: passkeySettings });
  await testUser(app, home.pool);
});
afterEach(() => app.close());

const addUrl = () =>
  `/${home.pool.id}/passkeys/add?${new URLSearchParams({
    client_id: home.client.id,
    redirect_uri: redirectUri,
  })}`;

/** Signs in by name and password, step by step. */
async function signIn(): Promise<Visit> {
  const page = (await browser.follow(await browser.get(authorizeUrl(home)))).page("sign-in");
  return browser.submit(page.form, { username: "ada", password });
}

async function addPasskey(authenticator = new Authenticator()): Promise<Authenticator> {
  await signIn();
  const page = (await browser.get(addUrl())).page("add-passkey");
  const credential = JSON.stringify(authenticator.create(JSON.parse(page.options)));
  const done = await browser.submit(page.form, { credential });
  expect(done.location).toBe(redirectUri);
  return authenticator;
}

async function offered(visitor: TestBrowser) {
  const page = (await visitor.follow(await visitor.get(authorizeUrl(home)))).page("sign-in");
  if (!page.passkey) throw new Error("no passkey is offered");
  return { form: page.form, ...page.passkey };
}

test("a signed-in user adds a passkey, and signs in with it from the browser's own list", async () => {
  const authenticator = await addPasskey();
  expect((await storedUser(app, home))?.factors.passkeys).toBe(1);
  const fresh = testBrowser(app);
  const { form, options, handle } = await offered(fresh);
  expect(JSON.parse(options).allowCredentials).toEqual([]);
  const credential = JSON.stringify(authenticator.get(JSON.parse(options)));
  const done = await fresh.submit(form, { credential, passkey: handle });
  expect(answerIn(done).get("code")).toMatch(/^[\w-]{43}$/);
});

test("what a passkey signed counts once", async () => {
  const authenticator = await addPasskey(new Authenticator({ counts: false }));
  const fresh = testBrowser(app);
  const { form, options, handle } = await offered(fresh);
  const fields = {
    credential: JSON.stringify(authenticator.get(JSON.parse(options))),
    passkey: handle,
  };
  const cookies = new Map(fresh.cookies);
  expect((await fresh.submit(form, fields)).status).toBe(303);
  fresh.cookies.clear();
  for (const [name, value] of cookies) fresh.cookies.set(name, value);
  const again = await fresh.submit(form, fields);
  expect(again.status).toBe(400);
  expect(again.location).toBeUndefined();
});

test.each([
  ["another challenge", { challenge: "x".repeat(43) }],
  ["another page", { origin: "https://evil.example.com" }],
  ["another user's handle", { userHandle: "bm9ib2R5" }],
])("a passkey that signed for %s signs nobody in", async (_what, lies) => {
  const authenticator = await addPasskey();
  const fresh = testBrowser(app);
  const { form, options, handle } = await offered(fresh);
  const credential = JSON.stringify(authenticator.get(JSON.parse(options), lies));
  const refused = await fresh.submit(form, { credential, passkey: handle });
  expect(refused.notice).toEqual({ kind: "error", code: "NotAuthorizedException" });
  expect(refused.page("sign-in").passkey?.handle).not.toBe(handle);
});

test("a passkey that nobody has, and a challenge of another browser, sign nobody in", async () => {
  const authenticator = await addPasskey();
  const fresh = testBrowser(app);
  const { form, options, handle } = await offered(fresh);
  const stranger = new Authenticator();
  stranger.create({ ...JSON.parse(options), rp: { id: "localhost" }, user: { id: "eA" } });
  const unknown = JSON.stringify(stranger.get(JSON.parse(options)));
  const refused = await fresh.submit(form, { credential: unknown, passkey: handle });
  expect(refused.notice?.code).toBe("NotAuthorizedException");
  const other = testBrowser(app);
  const theirs = await offered(other);
  const credential = JSON.stringify(authenticator.get(JSON.parse(theirs.options)));
  const crossed = await fresh.submit(form, { credential, passkey: theirs.handle });
  expect(crossed.status).toBe(400);
  expect(crossed.location).toBeUndefined();
});

test("what a passkey signed for one client, or too long ago, signs nobody in", async () => {
  const authenticator = await addPasskey();
  const fresh = testBrowser(app);
  const { form, options, handle } = await offered(fresh);
  const signed = () => ({
    credential: JSON.stringify(authenticator.get(JSON.parse(options))),
    passkey: handle,
  });
  const other = await createClient(testCall(app), home.pool, {
    ...{ name: "other", settings: home.client.settings, extensions: {} },
  });
  const action = form.action.replace(home.client.id, other.id);
  const crossed = await fresh.submit({ ...form, action }, signed());
  expect(crossed.notice?.code).toBe("NotAuthorizedException");
  app.clock.advance(15 * 60_000);
  const late = await fresh.submit(form, signed());
  expect([late.status, late.notice?.code]).toEqual([400, "session-expired"]);
  expect(late.page("sign-in").passkey?.handle).not.toBe(handle);
});

test("whoever is asked for a second factor gets in by no passkey that is but one", async () => {
  home = await oauthPool(app, { settings: { ...passkeySettings, ...mfaSettings } });
  await testUser(app, home.pool);
  const authenticator = await addPasskey();
  awaitStep(app);
  await setUpApp(app, (await tokensOf(app, home)).access);
  const fresh = testBrowser(app);
  const { form, options, handle } = await offered(fresh);
  const credential = JSON.stringify(authenticator.get(JSON.parse(options)));
  const refused = await fresh.submit(form, { credential, passkey: handle });
  expect(refused.notice?.code).toBe("NotAuthorizedException");
});

test("the pool's function may refuse who comes by a passkey, and hears of nobody else", async () => {
  const settings = { ...passkeySettings, lambdaConfig: triggersOf("PreAuthentication") };
  home = await oauthPool(app, { settings });
  await testUser(app, home.pool);
  handleTriggers(app, { PreAuthentication: () => undefined });
  const authenticator = await addPasskey();
  const events = handleTriggers(app, {
    PreAuthentication() {
      throw new Error("Not today.");
    },
  });
  const fresh = testBrowser(app);
  const { form, options, handle } = await offered(fresh);
  const credential = JSON.stringify(authenticator.get(JSON.parse(options)));
  const refused = await fresh.submit(form, { credential, passkey: handle });
  expect(refused.notice).toMatchObject({ code: "UserLambdaValidationException" });
  expect(events.map(({ userName }) => userName)).toEqual(["ada"]);
  const stranger = new Authenticator();
  stranger.create({ ...JSON.parse(options), rp: { id: "localhost" }, user: { id: "eA" } });
  const unknown = JSON.stringify(stranger.get(JSON.parse(options)));
  await fresh.submit(form, { credential: unknown, passkey: handle });
  expect(events).toHaveLength(1);
});

test("the user's history tells of sign-ins by passkey, right and wrong", async () => {
  const settings = { ...passkeySettings, tier: "PLUS", advancedSecurityMode: "AUDIT" } as const;
  home = await oauthPool(app, { settings });
  await testUser(app, home.pool);
  const authenticator = await addPasskey();
  const fresh = testBrowser(app);
  const { form, options, handle } = await offered(fresh);
  const sign = (lies = {}) =>
    fresh.submit(form, {
      credential: JSON.stringify(authenticator.get(JSON.parse(options), lies)),
      passkey: handle,
    });
  await sign({ challenge: "x".repeat(43) });
  await sign();
  const { AuthEvents = [] } = await app.client.send(
    new AdminListUserAuthEventsCommand({ UserPoolId: home.pool.id, Username: "ada" }),
  );
  const told = AuthEvents.map(({ EventType, EventResponse, ChallengeResponses = [] }) => [
    ...[EventType, EventResponse],
    ...ChallengeResponses.map((each) => `${each.ChallengeName}:${each.ChallengeResponse}`),
  ]);
  expect(told).toEqual([
    ["SignIn", "Pass", "Mfa:Success"],
    ["SignIn", "Fail", "Mfa:Failure"],
    ["SignIn", "Pass", "Password:Success"],
  ]);
});

test("a disabled user's passkey signs nobody in", async () => {
  const authenticator = await addPasskey();
  const user = await storedUser(app, home);
  await updateUser(
    app.context.store.db,
    { userPoolId: home.pool.id, id: user?.id ?? "" },
    { set: { enabled: 0 } },
  );
  const fresh = testBrowser(app);
  const { form, options, handle } = await offered(fresh);
  const credential = JSON.stringify(authenticator.get(JSON.parse(options)));
  expect((await fresh.submit(form, { credential, passkey: handle })).location).toBeUndefined();
});

test("whoever is not signed in signs in first, and comes back to add a passkey, and then to the app", async () => {
  const led = await browser.get(addUrl());
  expect(led.status).toBe(302);
  const page = (await browser.follow(led)).page("sign-in");
  const wrong = await browser.submit(page.form, { username: "ada", password: "wrong" });
  const { form } = wrong.page("sign-in");
  const back = await browser.submit(form, { username: "ada", password });
  expect(back.status).toBe(303);
  expect(back.location).toBe(`https://localhost:8443${addUrl()}`);
  const add = (await browser.get(addUrl())).page("add-passkey");
  expect([add.username, add.skipUrl]).toEqual(["ada", redirectUri]);
  const credential = JSON.stringify(new Authenticator().create(JSON.parse(add.options)));
  expect((await browser.submit(add.form, { credential })).location).toBe(redirectUri);
});

test("a sign-in on the way to a page of ours gives no client anything, whatever it is told to give", async () => {
  const asked = authorizeUrl(home, { own_page: "/passkeys/add", prompt: "none", state: "x" });
  const page = (await browser.follow(await browser.get(asked))).page("sign-in");
  const back = await browser.submit(page.form, { username: "ada", password });
  expect(new URL(back.location ?? "").pathname).toBe(`/${home.pool.id}/passkeys/add`);
  const again = await browser.get(asked);
  expect(again.location).toBe(back.location);
  const { db } = app.context.store;
  expect(await db.selectFrom("authorization_codes").selectAll().execute()).toEqual([]);
  const elsewhere = asked.replace(encodeURIComponent(redirectUri), "https%3A%2F%2Fevil.example");
  for (const path of ["/oauth2/authorize", "/login", "/signup", "/forgotPassword"]) {
    const refused = await browser.get(elsewhere.replace("/oauth2/authorize", path));
    expect(`${refused.location ?? ""} ${refused.body}`).toContain("redirect_mismatch");
  }
});

test("a sign-in that is too old for the client is done again, and a form that waited too long leads there", async () => {
  await signIn();
  const { form, options } = (await browser.get(addUrl())).page("add-passkey");
  const credential = JSON.stringify(new Authenticator().create(JSON.parse(options)));
  await app.client.send(
    new AdminUserGlobalSignOutCommand({ UserPoolId: home.pool.id, Username: "ada" }),
  );
  const late = await browser.submit(form, { credential });
  expect([late.status, late.location]).toEqual([303, expect.stringContaining("/login?client_id=")]);
  expect((await storedUser(app, home))?.factors.passkeys).toBe(0);
});

test("a pool without passkeys, and a domain that they are not bound to, say so at once", async () => {
  const webAuthn = {
    relyingPartyId: "login.example.com",
    userVerification: "preferred",
    factorConfiguration: "SINGLE_FACTOR",
  } as const;
  const mfa = { sms: false, softwareToken: false, webAuthn };
  home = await oauthPool(app, { settings: { ...passkeySettings, mfa } });
  const refused = await browser.get(addUrl());
  expect(refused.page("error").error).toBe("WebAuthnOriginNotAllowedException");
  home = await oauthPool(app);
  expect((await browser.get(addUrl())).page("error").error).toBe("WebAuthnNotEnabledException");
});

test("at a domain that passkeys are not bound to the pages put none up for choice", async () => {
  await addPasskey();
  await app.client.send(
    new CreateUserPoolDomainCommand({ UserPoolId: home.pool.id, Domain: "ada-pool" }),
  );
  const there = testBrowser(app, "ada-pool.auth.localhost:8443");
  const at = authorizeUrl(home).replace(`/${home.pool.id}`, "");
  const page = (await there.follow(await there.get(at))).page("sign-in");
  expect(page.passkey).toBeUndefined();
  const asked = await there.follow(await there.submit(page.form, { username: "ada" }));
  const done = await there.submit(asked.page("password").form, { password });
  expect(answerIn(done).get("code")).toBeTruthy();
});

test("a passkey leads back to no unregistered place", async () => {
  await signIn();
  const elsewhere = addUrl().replace(
    encodeURIComponent(redirectUri),
    "https%3A%2F%2Fevil.example.com",
  );
  expect((await browser.get(elsewhere)).page("error").error).toBe("redirect_mismatch");
  const page = (await browser.get(addUrl())).page("add-passkey");
  const broken = await browser.submit(page.form, { credential: "{" });
  expect(broken.status).toBe(400);
  expect(broken.page("add-passkey").form).toEqual(page.form);
});

test("an offer that nobody takes up leaves nothing behind, and a pool without passkeys makes none", async () => {
  await offered(browser);
  const { db } = app.context.store;
  for (const table of ["login_flows", "used_ids", "challenges"] as const) {
    expect([table, await db.selectFrom(table).selectAll().execute()]).toEqual([table, []]);
  }
  home = await oauthPool(app);
  const page = (await browser.follow(await browser.get(authorizeUrl(home)))).page("sign-in");
  expect(page.passkey).toBeUndefined();
});

test("with several ways to begin, the name is asked first and then the way", async () => {
  await addPasskey();
  const fresh = testBrowser(app);
  const page = (await fresh.follow(await fresh.get(authorizeUrl(home)))).page("sign-in");
  expect(page.asks).toBe("identifier");
  const choose = (await fresh.follow(await fresh.submit(page.form, { username: "ada" }))).page(
    "choose-factor",
  );
  expect(choose.factors).toEqual(["PASSWORD", "WEB_AUTHN"]);
  const typed = (await fresh.follow(await fresh.submit(choose.form, { answer: "PASSWORD" }))).page(
    "password",
  );
  const done = await fresh.submit(typed.form, { password });
  expect(answerIn(done).get("code")).toBeTruthy();
});

test("a passkey that was chosen signs in, and a wrong one leaves the page open", async () => {
  const authenticator = await addPasskey();
  const fresh = testBrowser(app);
  const page = (await fresh.follow(await fresh.get(authorizeUrl(home)))).page("sign-in");
  const choose = await fresh.follow(await fresh.submit(page.form, { username: "ada" }));
  const { form } = choose.page("choose-factor");
  const asked = await fresh.follow(await fresh.submit(form, { answer: "WEB_AUTHN" }));
  const options = JSON.parse(asked.page("passkey").options);
  expect(options.allowCredentials).toHaveLength(1);
  const lie = authenticator.get(options, { challenge: "x".repeat(43) });
  const refused = await fresh.submit(asked.page("passkey").form, {
    credential: JSON.stringify(lie),
  });
  expect([refused.status, refused.location]).toEqual([400, undefined]);
  expect(refused.notice?.kind).toBe("error");
  const credential = JSON.stringify(authenticator.get(options));
  const done = await fresh.submit(refused.page("passkey").form, { credential });
  expect(answerIn(done).get("code")).toMatch(/^[\w-]{43}$/);
});
