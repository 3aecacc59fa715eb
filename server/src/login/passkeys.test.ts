import { afterEach, beforeEach, expect, test } from "vitest";
import { updateUser } from "../store/users.ts";
import { type TestApp, testApp } from "../testing/app.ts";
import { Authenticator } from "../testing/authenticator.ts";
import { type TestBrowser, testBrowser, type Visit } from "../testing/browser.ts";
import { answerIn, authorizeUrl, oauthPool, redirectUri } from "../testing/oauth.ts";
import { passkeySettings } from "../testing/passkeys.ts";
import { password, storedUser, type TestPool, testUser } from "../testing/pools.ts";

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

test("a passkey is added by nobody who is not signed in, and leads back to no unregistered place", async () => {
  expect((await browser.get(addUrl())).page("error").error).toBe("login_required");
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

test("a pool without passkeys offers none and makes no challenge", async () => {
  home = await oauthPool(app);
  const page = (await browser.follow(await browser.get(authorizeUrl(home)))).page("sign-in");
  expect(page.passkey).toBeUndefined();
  const { db } = app.context.store;
  expect(await db.selectFrom("login_flows").selectAll().execute()).toEqual([]);
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
