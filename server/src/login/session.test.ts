import { AdminUserGlobalSignOutCommand } from "@aws-sdk/client-cognito-identity-provider";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type TestApp, testApp } from "../testing/app.ts";
import { type TestBrowser, testBrowser } from "../testing/browser.ts";
import { answerIn, authorizeUrl, codeClient, oauthPool, signInOnPage } from "../testing/oauth.ts";
import { engines } from "../testing/places.ts";
import { type TestPool, testUser } from "../testing/pools.ts";

const logoutUri = "https://app.example.com/";
const ada = { username: "ada" };

describe.each(engines)("the session of a browser on %s", (engine) => {
  let app: TestApp;
  let home: TestPool;
  let browser: TestBrowser;

  beforeEach(async () => {
    app = await testApp({ engine });
    home = await oauthPool(app, { client: { oauth: { ...codeClient, logoutUrls: [logoutUri] } } });
    await testUser(app, home.pool);
    browser = testBrowser(app);
  });
  afterEach(() => app.close());

  const session = (pool = home.pool) => `__Host-cognito-${pool.id}`;
  const known = (pool = home.pool) => `__Host-browser-${pool.id}`;
  const signIn = () => signInOnPage(browser, authorizeUrl(home), ada);
  async function isSignedIn(by = browser, at = home): Promise<boolean> {
    return answerIn(await by.get(authorizeUrl(at, { prompt: "none" }))).has("code");
  }
  /** Another browser with these cookies alone. */
  function holding(cookies: Readonly<Record<string, string>>): TestBrowser {
    const other = testBrowser(app);
    for (const [name, value] of Object.entries(cookies)) other.cookies.set(name, value);
    return other;
  }

  test("is a cookie that only this host gets, over TLS, and no script, for an hour", async () => {
    const done = await signIn();
    const cookies = [done.headers["set-cookie"] ?? []].flat().map(String);
    const cookie = cookies.find((each) => each.startsWith(`${session()}=`));
    const attributes = "Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=3600";
    expect(cookie).toMatch(new RegExp(`^${session()}=[\\w-]{43}; ${attributes}$`));
    const rows = await app.context.store.db.selectFrom("login_sessions").selectAll().execute();
    expect(JSON.stringify(rows)).not.toContain(browser.cookies.get(session()));
  });

  test("ends an hour after the sign-in, however much it is used", async () => {
    await signIn();
    for (let minute = 0; minute < 59; minute += 10) {
      app.clock.advance(590_000);
      expect(await isSignedIn()).toBe(true);
    }
    app.clock.advance(60_000);
    expect(await isSignedIn()).toBe(false);
  });

  test("has a new handle at each sign-in, and the one before is dead", async () => {
    await signIn();
    const before = browser.cookies.get(session()) ?? "";
    await signInOnPage(browser, authorizeUrl(home, { prompt: "login" }), ada);
    const after = browser.cookies.get(session()) ?? "";
    expect(after).not.toBe(before);
    expect(await isSignedIn(holding({ [session()]: before }))).toBe(false);
    expect(await isSignedIn(holding({ [session()]: after }))).toBe(true);
  });

  test("is not one that somebody planted before the sign-in", async () => {
    const planted = "p".repeat(43);
    browser.cookies.set(session(), planted);
    browser.cookies.set(known(), planted);
    await signIn();
    expect(browser.cookies.get(session())).not.toBe(planted);
    expect(browser.cookies.get(known())).not.toBe(planted);
    expect(await isSignedIn(holding({ [session()]: planted, [known()]: planted }))).toBe(false);
  });

  test("of an attacker that is planted ends when the victim signs in over it", async () => {
    await testUser(app, home.pool, { username: "eve" });
    const eve = testBrowser(app);
    await signInOnPage(eve, authorizeUrl(home), { username: "eve" });
    browser.cookies.set(session(), eve.cookies.get(session()) ?? "");
    await signInOnPage(browser, authorizeUrl(home, { prompt: "login" }), ada);
    expect(await isSignedIn(eve)).toBe(false);
    expect(await isSignedIn()).toBe(true);
  });

  test("no page of before the sign-in can be sent after it", async () => {
    const visit = await browser.follow(await browser.get(authorizeUrl(home)));
    const { form } = visit.page("sign-in");
    const name = browser.cookies.get(known());
    await signIn();
    expect(browser.cookies.get(known())).not.toBe(name);
    const late = await browser.submit(form, { username: "ada", password: "x" });
    expect(late.status).toBe(403);
  });

  test("is of no use in another pool", async () => {
    await signIn();
    const other = await oauthPool(app);
    await testUser(app, other.pool);
    const handle = browser.cookies.get(session()) ?? "";
    const thief = holding({ [session(other.pool)]: handle });
    expect(await isSignedIn(thief, other)).toBe(false);
    expect(await isSignedIn()).toBe(true);
  });

  test("is over after a logout for whoever kept the cookie", async () => {
    await signIn();
    const thief = holding({ [session()]: browser.cookies.get(session()) ?? "" });
    expect(await isSignedIn(thief)).toBe(true);
    const query = new URLSearchParams({ client_id: home.client.id, logout_uri: logoutUri });
    await browser.get(`/${home.pool.id}/logout?${query}`);
    expect(await isSignedIn(thief)).toBe(false);
    const page = await thief.follow(await thief.get(authorizeUrl(home)));
    expect(page.page("sign-in").signedInAs).toBeUndefined();
  });

  test("is over after a sign-out everywhere, and a new one is not", async () => {
    await signIn();
    const user = { UserPoolId: home.pool.id, Username: "ada" };
    await app.client.send(new AdminUserGlobalSignOutCommand(user));
    expect(await isSignedIn()).toBe(false);
    await signIn();
    expect(await isSignedIn()).toBe(true);
  });

  test.each(["", "x", "a".repeat(42), "a".repeat(44), "é".repeat(43), `${"a".repeat(42)};`])(
    "is not had by a made-up handle: %j",
    async (handle) => {
      expect(await isSignedIn(holding({ [session()]: handle }))).toBe(false);
    },
  );

  test("two sign-ins at once in one browser leave two sessions, both whole", async () => {
    await signIn();
    const url = authorizeUrl(home, { prompt: "login" });
    const [first, second] = await Promise.all(
      [0, 1].map(async () => (await browser.follow(await browser.get(url))).page("sign-in").form),
    );
    if (!first || !second) throw new Error("no forms");
    const own = browser.cookies.get(known()) ?? "";
    const before = browser.cookies.get(session()) ?? "";
    const browsers = [0, 1].map(() => holding({ [known()]: own, [session()]: before }));
    const fields = { username: "ada", password: "Correct-Horse-9-Battery" };
    await Promise.all(browsers.map((each, n) => each.submit(n === 0 ? first : second, fields)));
    for (const each of browsers) expect(await isSignedIn(each)).toBe(true);
    expect(await isSignedIn(holding({ [session()]: before }))).toBe(false);
  });
});
