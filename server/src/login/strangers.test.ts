import { AdminDisableUserCommand } from "@aws-sdk/client-cognito-identity-provider";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createClient } from "../domain/clients/create.ts";
import { type TestApp, testApp } from "../testing/app.ts";
import { type TestBrowser, testBrowser, type Visit } from "../testing/browser.ts";
import { deliverOutbox, lastCode } from "../testing/codes.ts";
import { answerIn, authorizeUrl, codeClient, oauthPool, signInOnPage } from "../testing/oauth.ts";
import { passkeySettings } from "../testing/passkeys.ts";
import { engines } from "../testing/places.ts";
import { password, storedUser, type TestPool, testCall, testUser } from "../testing/pools.ts";

/** What strangers try at the pages of new accounts and forgotten passwords. */
let app: TestApp;
let home: TestPool;
let browser: TestBrowser;

const settings = { ...passkeySettings, autoVerifiedAttributes: ["email"] } as const;
const email = "ada@example.com";
const newPassword = "Another-Horse-7-Staple";
const grace = { username: "grace", password, "requiredAttributes[email]": "grace@example.com" };

async function open(options: Parameters<typeof testApp>[0] = {}): Promise<void> {
  app = await testApp(options);
  browser = testBrowser(app);
  home = await oauthPool(app, { settings });
  await testUser(app, home.pool, { attributes: { email, email_verified: "true" } });
}
beforeEach(() => open());
afterEach(() => app.close());

const at = (path: string, more: Record<string, string | null> = {}) =>
  authorizeUrl(home, more).replace("/oauth2/authorize", path);
const addUrl = () =>
  `/${home.pool.id}/passkeys/add?${new URLSearchParams({
    ...{ client_id: home.client.id, redirect_uri: codeClient.callbackUrls[0] },
  })}`;

async function signUp(by = browser) {
  const { form } = (await by.get(at("/signup"))).page("sign-up");
  return by.submit(form, grace);
}

async function forgot(username = "ada", by = browser) {
  const { form } = (await by.get(at("/forgotPassword"))).page("forgot-password");
  return by.submit(form, { username });
}

/** Signs in by the password, in whatever steps the pool has for it. */
async function signIn(by: TestBrowser, given = password): Promise<Visit> {
  return signInOnPage(by, authorizeUrl(home), { username: "ada", password: given });
}

const users = () => app.context.store.db.selectFrom("users").selectAll().execute();

describe("a form of another site, or of another browser", () => {
  const forms: [string, (by: TestBrowser) => Promise<[string, Record<string, string>]>][] = [
    ["/signup", async () => [at("/signup"), grace]],
    ["/confirm", async (by) => [(await signUp(by)).location ?? "", { code: lastCode(app) }]],
    [
      "/resendcode",
      async (by) => [((await signUp(by)).location ?? "").replace("/confirm", "/resendcode"), {}],
    ],
    ["/forgotPassword", async () => [at("/forgotPassword"), { username: "ada" }]],
    [
      "/confirmForgotPassword",
      async (by) => [
        (await forgot("ada", by)).location ?? "",
        { code: lastCode(app), password: newPassword },
      ],
    ],
    [
      "/passkeys/add",
      async (by) => {
        await signIn(by);
        return [addUrl(), { credential: "{}" }];
      },
    ],
    ["/login", async () => [at("/login"), { credential: "{}", passkey: "x" }]],
  ];

  test.each(forms)("does nothing at %s", async (_path, prepare) => {
    const [action, fields] = await prepare(browser);
    const before = { users: await users(), sent: app.sent.length };
    const stranger = testBrowser(app);
    const theirs = (await stranger.get(at("/signup"))).page("sign-up").form.csrf;
    const own = (await browser.get(at("/signup"))).page("sign-up").form.csrf;
    const good = { ...fields, _csrf: own };
    const tries = [
      await browser.post(action, fields),
      await browser.post(action, { ...fields, _csrf: theirs }),
      await browser.post(action, { ...fields, _csrf: "" }),
      await browser.post(action, good, { origin: "https://evil.example.com" }),
      await browser.post(action, good, { origin: "https://localhost:9443" }),
      await browser.post(action, good, { "sec-fetch-site": "cross-site" }),
      await browser.post(action, good, { "sec-fetch-site": "same-site" }),
      await browser.post(action, good, { "content-type": "text/plain" }),
    ];
    expect(tries.map(({ status }) => status)).toEqual([403, 403, 403, 403, 403, 403, 403, 400]);
    for (const each of tries) expect(each.location).toBeUndefined();
    expect({ users: await users(), sent: app.sent.length }).toEqual(before);
  });
});

describe("the address of a step", () => {
  const steps = {
    confirm: async () => (await signUp()).location ?? "",
    reset: async () => (await forgot()).location ?? "",
  };
  const shows = { confirm: "/confirm", reset: "/confirmForgotPassword" } as const;
  const isOver = (visit: Visit) => expect(visit.page("error").error).toBe("session-expired");

  test.each(["confirm", "reset"] as const)("of %s is good in its browser alone", async (kind) => {
    const address = await steps[kind]();
    expect((await browser.get(address)).status).toBe(200);
    const thief = testBrowser(app);
    isOver(await thief.get(address));
    const { csrf } = (await thief.get(at("/signup"))).page("sign-up").form;
    const sent = app.sent.length;
    const fields = { code: lastCode(app), password: newPassword };
    isOver(await thief.submit({ action: address, csrf }, fields));
    const action = address.replace(shows[kind], "/resendcode");
    isOver(await thief.submit({ action, csrf }, {}));
    expect(app.sent).toHaveLength(sent);
  });

  test.each(["confirm", "reset"] as const)("of %s is good for nothing else", async (kind) => {
    const address = await steps[kind]();
    const { csrf } = (await browser.get(at("/signup"))).page("sign-up").form;
    const pages = ["/confirm", "/confirmForgotPassword", "/challenge", "/mfa", "/consent"];
    for (const path of pages.filter((each) => each !== shows[kind])) {
      const wrong = address.replace(shows[kind], path);
      isOver(await browser.get(wrong));
      const fields = { code: lastCode(app), password: newPassword, decision: "allow" };
      isOver(await browser.submit({ action: wrong, csrf }, fields));
    }
    isOver(await browser.get(address.slice(0, -1)));
    isOver(await browser.get(address.replace(/flow=.*/, "")));
    isOver(await browser.get(address.replace(/flow=.*/, `flow=${"x".repeat(5000)}`)));
  });

  test("is of no use in another pool, by another client, or after a quarter of an hour", async () => {
    const address = await steps.confirm();
    const other = await oauthPool(app, { settings });
    const there = address.replace(home.pool.id, other.pool.id);
    isOver(await browser.get(there));
    const client = await createClient(testCall(app), home.pool, {
      ...{ name: "other", settings: home.client.settings, extensions: {} },
    });
    const { form } = (await browser.get(`${address}&client_id=${client.id}`)).page("confirm");
    app.clock.advance(15 * 60_000 - 60_000);
    const done = await browser.submit(form, { code: lastCode(app) });
    expect(answerIn(done).get("code")).toBeTruthy();
    const row = await app.context.store.db
      .selectFrom("authorization_codes")
      .select("client_id")
      .executeTakeFirst();
    expect(row?.client_id).toBe(home.client.id);
    const late = testBrowser(app);
    const reset = (await forgot("ada", late)).location ?? "";
    app.clock.advance(15 * 60_000);
    isOver(await late.get(reset));
  });

  test("is worth nothing once the browser was signed in by it", async () => {
    const address = await steps.confirm();
    const { form } = (await browser.get(address)).page("confirm");
    const before = new Map(browser.cookies);
    await browser.submit(form, { code: lastCode(app) });
    isOver(await browser.get(address));
    browser.cookies.clear();
    for (const [name, value] of before) browser.cookies.set(name, value);
    const again = await browser.submit(form, { code: lastCode(app) });
    expect([again.status, again.location]).toEqual([400, undefined]);
  });

  test("says but what the server has to say, whatever is written into it", async () => {
    const address = await steps.confirm();
    for (const sent of ["<script>", "again<b>", "constructor", "__proto__", "AGAIN"]) {
      const shown = await browser.get(`${address}&sent=${encodeURIComponent(sent)}`);
      expect(shown.notice).toBeUndefined();
    }
  });
});

describe("the pages lead", () => {
  const elsewhere = [
    "https://evil.example.com/",
    "//evil.example.com/callback",
    "https://app.example.com/callback/../evil",
    "https://app.example.com/callback?next=https://evil.example.com",
    "https://app.example.com.evil.example.com/callback",
    "https://app.example.com/callback#@evil.example.com",
    "https://user@app.example.com/callback",
    "http://app.example.com/callback",
    "javascript:alert(1)",
    "https://app.example.com/callbacK",
  ];

  test.each(["/signup", "/forgotPassword"])("from %s to no unregistered place", async (path) => {
    for (const redirect of elsewhere) {
      const shown = await browser.get(at(path, { redirect_uri: redirect }));
      expect([shown.status, shown.page("error").error]).toEqual([400, "redirect_mismatch"]);
      expect(shown.location).toBeUndefined();
      expect(JSON.stringify(shown.page("error"))).not.toContain("evil");
      expect(String(shown.headers["content-security-policy"])).not.toContain("evil");
    }
    const { csrf } = (await browser.get(at("/signup"))).page("sign-up").form;
    for (const redirect of elsewhere) {
      const action = at(path, { redirect_uri: redirect });
      const refused = await browser.submit({ action, csrf }, { ...grace, username: "eve" });
      expect([refused.status, refused.location]).toEqual([400, undefined]);
    }
    const twice = `${at(path)}&redirect_uri=https%3A%2F%2Fevil.example.com`;
    expect((await browser.get(twice)).page("error").error).toBe("invalid_request");
    expect(await storedUser(app, home, "eve")).toBeUndefined();
    expect(app.sent).toEqual([]);
  });

  test("from page to page below the pool, whatever the request says besides", async () => {
    const more = { state: "https://evil.example.com", lang: "//evil.example.com", next: "//evil" };
    const page = (await browser.get(at("/signup", more))).page("sign-up");
    const prefix = `/${home.pool.id}/`;
    for (const link of [page.signInUrl, page.form.action])
      expect(link.startsWith(prefix)).toBe(true);
    const confirm = await browser.follow(await browser.submit(page.form, grace));
    const { form, resend, signInUrl } = confirm.page("confirm");
    for (const link of [form.action, resend?.action ?? "", signInUrl]) {
      expect(link.startsWith(prefix)).toBe(true);
    }
    const done = await browser.submit(form, { code: lastCode(app) });
    expect(new URL(done.location ?? "").origin).toBe("https://app.example.com");
    expect(answerIn(done).get("state")).toBe(more.state);
  });
});

test("every page keeps to itself: no frame, no cache, no script but ours, no address told", async () => {
  const visits = [
    await browser.get(at("/signup")),
    await browser.get(at("/forgotPassword")),
    await browser.follow(await signUp()),
    await browser.follow(await forgot()),
    await browser.get(`/${home.pool.id}/confirmUser?client_id=${home.client.id}`),
    await browser.get(addUrl().replace("callback", "other")),
  ];
  for (const { headers } of visits) {
    expect(headers).toMatchObject({
      "cache-control": "no-store",
      "referrer-policy": "no-referrer",
      "x-content-type-options": "nosniff",
      "x-frame-options": "DENY",
    });
    const policy = String(headers["content-security-policy"]);
    expect(policy).toContain("default-src 'none'; script-src 'self'; ");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toMatch(/unsafe|\*/);
  }
});

describe("who exists", () => {
  /** A page without what is the reader's own. */
  const shapeOf = ({ status, body }: Visit) =>
    JSON.stringify([status, JSON.parse(body)], (key, value) =>
      ["action", "csrf", "username", "signInUrl", "languageUrl", "destination"].includes(key)
        ? typeof value
        : value,
    );

  test.each(["compat", "hardened"] as const)(
    "is told by no page of a forgotten password, in the %s profile",
    async (profile) => {
      home = await oauthPool(app, {
        settings: { ...settings, accountRecovery: [{ name: "verified_email", priority: 1 }] },
        extensions: { profile },
        client: { preventUserExistenceErrors: "ENABLED" },
      });
      const attributes = { email, email_verified: "true" };
      await testUser(app, home.pool, { attributes });
      await testUser(app, home.pool, { username: "off", attributes, enabled: false });
      await testUser(app, home.pool, { username: "new", attributes, status: "UNCONFIRMED" });
      await testUser(app, home.pool, { username: "bare" });
      const shapes: string[][] = [];
      for (const name of ["ada", "nobody", "off", "new", "bare"]) {
        const by = testBrowser(app);
        const shown = await by.follow(await forgot(name, by));
        const page = shown.page("reset-password");
        expect(page.destination).toMatch(/^\w\*\*\*@\w\*\*\*$/);
        const fields = { code: "wrong", password: newPassword };
        const wrong = await by.submit(page.form, fields);
        const again = await by.follow(await by.submit(page.resend, {}));
        shapes.push([shown, wrong, again].map(shapeOf));
      }
      for (const each of shapes) expect(each).toEqual(shapes[0]);
      await deliverOutbox(app);
      expect(app.sent.map(({ to }) => to)).toEqual([email, email]);
    },
  );

  test("and how often a code may be asked for, is the same for nobody", async () => {
    home = await oauthPool(app, { settings, client: { preventUserExistenceErrors: "ENABLED" } });
    await testUser(app, home.pool, { attributes: { email, email_verified: "true" } });
    const tried = async (name: string) => {
      const statuses: number[] = [];
      for (let n = 0; n < 6; n += 1) statuses.push((await forgot(name)).status);
      return statuses;
    };
    expect(await tried("nobody")).toEqual(await tried("ada"));
  });
});

describe.each(engines)("two at once on %s", (engine) => {
  beforeEach(async () => {
    await app.close();
    await open({ engine });
  });
  const statuses = (visits: readonly Visit[]) => visits.map(({ status }) => status).sort();

  test("with one code confirm and sign in once", async () => {
    const { form } = (await browser.follow(await signUp())).page("confirm");
    const others = [0, 1, 2].map(() => {
      const other = testBrowser(app);
      for (const [name, value] of browser.cookies) other.cookies.set(name, value);
      return other;
    });
    const code = lastCode(app);
    const visits = await Promise.all(others.map((each) => each.submit(form, { code })));
    expect(statuses(visits)).toEqual([303, 400, 400]);
  });

  test("with one code set one password", async () => {
    const { form } = (await browser.follow(await forgot())).page("reset-password");
    const code = lastCode(app);
    const passwords = [newPassword, "Third-Horse-5-Saddle", "Fourth-Horse-3-Bridle"];
    const visits = await Promise.all(
      passwords.map((each) => browser.submit(form, { code, password: each })),
    );
    expect(statuses(visits)).toEqual([200, 400, 400]);
    const [set] = passwords.filter((_, n) => visits[n]?.status === 200);
    for (const each of passwords) {
      const signedIn = await signIn(testBrowser(app), each);
      expect(answerIn(signedIn).has("code")).toBe(each === set);
    }
  });

  test("of one name make one account", async () => {
    const browsers = [testBrowser(app), testBrowser(app), testBrowser(app)];
    const visits = await Promise.all(browsers.map((each) => signUp(each)));
    expect(statuses(visits)).toEqual([303, 400, 400]);
    expect(await users()).toHaveLength(2);
    expect(app.sent).toHaveLength(1);
  });
});

test("a disabled user is neither confirmed nor signed in by the right code", async () => {
  const { form } = (await browser.follow(await signUp())).page("confirm");
  const key = { UserPoolId: home.pool.id, Username: "grace" };
  await app.client.send(new AdminDisableUserCommand(key));
  const refused = await browser.submit(form, { code: lastCode(app) });
  expect([refused.status, refused.location]).toEqual([400, undefined]);
  expect((await storedUser(app, home, "grace"))?.status).toBe("UNCONFIRMED");
});

test("a new password ends the sessions of all browsers, and signs nobody in", async () => {
  const thief = testBrowser(app);
  await signIn(thief);
  const isSignedIn = async (by: TestBrowser) =>
    answerIn(await by.get(authorizeUrl(home, { prompt: "none" }))).has("code");
  expect(await isSignedIn(thief)).toBe(true);
  const { form } = (await browser.follow(await forgot())).page("reset-password");
  const done = await browser.submit(form, { code: lastCode(app), password: newPassword });
  expect(done.page("sign-in").username).toBe("ada");
  expect(await isSignedIn(thief)).toBe(false);
  expect(await isSignedIn(browser)).toBe(false);
});

test("what is typed comes back as it was typed, and nothing that is secret comes back at all", async () => {
  const { form } = (await browser.get(at("/signup"))).page("sign-up");
  const name = `"'><script>alert(1)</script>`;
  const shown = await browser.submit(form, { ...grace, username: name, password: "sh0rt-secret" });
  expect(shown.page("sign-up").username).toBe(name);
  const reset = (await browser.follow(await forgot())).page("reset-password");
  const fields = { code: "Secret-code-1", password: "sh0rt-secret", confirmPassword: "other" };
  const refused = await browser.submit(reset.form, fields);
  for (const { body } of [shown, refused]) {
    expect(body).not.toContain("sh0rt-secret");
    expect(body).not.toContain("Secret-code-1");
  }
  const trail = JSON.stringify(await app.auditEvents()) + JSON.stringify(app.logged);
  for (const secret of ["sh0rt-secret", "Secret-code-1", password, lastCode(app)]) {
    expect(trail).not.toContain(secret);
  }
});
