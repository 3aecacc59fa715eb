import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createDomain } from "../domain/domains/change.ts";
import { type TestApp, testApp } from "../testing/app.ts";
import { type TestBrowser, testBrowser, type Visit } from "../testing/browser.ts";
import {
  answerIn,
  authorizeUrl,
  codeClient,
  oauthPool,
  redirectUri,
  signInOnPage,
} from "../testing/oauth.ts";
import { password, type TestPool, testCall, testUser } from "../testing/pools.ts";

let app: TestApp;
let home: TestPool;
let browser: TestBrowser;
beforeEach(async () => {
  app = await testApp();
  home = await oauthPool(app);
  await testUser(app, home.pool);
  browser = testBrowser(app);
});
afterEach(() => app.close());

const ada = { username: "ada", password };
const pageAt = (path: string, at = home) => authorizeUrl(at).replace("/oauth2/authorize", path);

/** What each directive of a page's policy allows. */
function policyOf({ headers }: Visit): ReadonlyMap<string, readonly string[]> {
  const directives = String(headers["content-security-policy"]).split(";");
  return new Map(
    directives.map((each) => {
      const [name = "", ...sources] = each.trim().split(" ");
      return [name, sources];
    }),
  );
}

const cookiesOf = ({ headers }: Visit) => [headers["set-cookie"] ?? []].flat().map(String);

describe("every page", () => {
  const paths = [
    "/login",
    "/signup",
    "/forgotPassword",
    "/error",
    "/signed-out",
    "/challenge",
    "/mfa",
    "/confirm",
    "/confirmForgotPassword",
    "/consent",
  ];

  test.each(paths)(
    "%s is kept to one browser, framed by nobody and read by no other site",
    async (path) => {
      const visit = await browser.get(pageAt(path), { origin: "https://evil.example" });
      expect(visit.headers).toMatchObject({
        "cache-control": "no-store",
        "referrer-policy": "no-referrer",
        "x-content-type-options": "nosniff",
        "x-frame-options": "DENY",
        "content-type": "text/html; charset=utf-8",
      });
      expect(visit.headers).not.toHaveProperty("cross-origin-opener-policy");
      const policy = policyOf(visit);
      expect(policy.get("default-src")).toEqual(["'none'"]);
      expect(policy.get("frame-ancestors")).toEqual(["'none'"]);
      expect(policy.get("base-uri")).toEqual(["'none'"]);
      expect(policy.get("script-src")).toEqual(["'self'"]);
      expect(policy.get("style-src")).toEqual(["'self'"]);
      expect([...policy.values()].flat().join(" ")).not.toMatch(/unsafe|\*|http:/);
      expectClosed(visit);
    },
  );

  test("a refusal has the same headers as the page", async () => {
    const wrong = await signInOnPage(browser, authorizeUrl(home), { ...ada, password: "x" });
    expect(wrong.status).toBe(400);
    expect(wrong.headers).toMatchObject({ "cache-control": "no-store", "x-frame-options": "DENY" });
    expect(policyOf(wrong).get("form-action")).toEqual(["'self'", "https://app.example.com"]);
  });
});

/** No other origin may read it. */
function expectClosed({ headers }: Pick<Visit, "headers">): void {
  const open = Object.keys(headers).filter((name) => name.startsWith("access-control-"));
  expect(open).toEqual([]);
}

describe("where a page's form may lead", () => {
  const logoutUrls = ["https://out.example.com/bye"];

  test.each([
    ["https://app.example.com/callback?x=1", "https://app.example.com"],
    ["https://app.example.com:8444/callback", "https://app.example.com:8444"],
    ["http://localhost:3000/callback", "http://localhost:3000"],
    // A policy has no form for addresses in brackets.
    ["http://[::1]/callback", "http:"],
    ["com.example.app:/callback", "com.example.app:"],
    ["myapp://callback;script-src-*", "myapp:"],
    ["https://bücher.example/x", "https://xn--bcher-kva.example"],
  ])(
    "to %s by its origin or scheme, and to the client's other addresses",
    async (address, source) => {
      const at = await oauthPool(app, {
        client: { oauth: { ...codeClient, callbackUrls: [redirectUri, address], logoutUrls } },
      });
      const url = authorizeUrl(at, { redirect_uri: address });
      const shown = await browser.follow(await browser.get(url));
      const others = ["https://app.example.com", "https://out.example.com"];
      expect(policyOf(shown).get("form-action")).toEqual([
        ...new Set(["'self'", source, ...others]),
      ]);
    },
  );

  test("to the one that is asked for, and no more than twenty of the others", async () => {
    const callbackUrls = Array.from({ length: 40 }, (_, i) => `https://app${i}.example.com/back`);
    const at = await oauthPool(app, { client: { oauth: { ...codeClient, callbackUrls } } });
    const url = authorizeUrl(at, { redirect_uri: callbackUrls[39] ?? "" });
    const shown = await browser.follow(await browser.get(url));
    const sources = policyOf(shown).get("form-action") ?? [];
    expect(sources.slice(0, 3)).toEqual([
      ...["'self'", "https://app39.example.com", "https://app0.example.com"],
    ]);
    expect(sources).toHaveLength(21);
  });

  test("to nobody, where the request is refused", async () => {
    const url = authorizeUrl(home, { redirect_uri: "https://evil.example/" });
    const shown = await browser.get(url.replace("/oauth2/authorize", "/login"));
    expect(shown.page("error").error).toBe("redirect_mismatch");
    expect(policyOf(shown).get("form-action")).toEqual(["'self'"]);
    expect(JSON.stringify(shown.headers)).not.toContain("evil");
  });

  test("to the client, where its answer is a form of its own", async () => {
    const at = await oauthPool(app, { clientExtensions: { formPost: "on" } });
    const asked = { response_mode: "form_post", prompt: "none" };
    const shown = await browser.get(authorizeUrl(at, asked));
    expect(shown.page("form-post").action).toBe(redirectUri);
    expect(policyOf(shown).get("form-action")).toEqual(["'self'", "https://app.example.com"]);
    expect(shown.headers).toMatchObject({
      "cache-control": "no-store",
      "referrer-policy": "no-referrer",
    });
  });
});

const hex = (letter: string) => `%${letter.charCodeAt(0).toString(16)}`;

describe("other origins", () => {
  const pages = [
    "/oauth2/authorize",
    "/login",
    "/signup",
    "/logout",
    "/consent",
    "/challenge",
    "/mfa",
    "/error",
    "/forgotPassword",
    "/confirmForgotPassword",
    "/confirm",
    "/confirmUser",
    "/resendcode",
    "/passkeys/add",
    "/device",
    "/signed-out",
  ];

  test.each(pages)("are granted no request to %s, nor asked for one", async (path) => {
    await createDomain(testCall(app), home.pool, { domain: "shop" });
    const origin = "https://evil.example";
    for (const [host, url] of [
      ["localhost:8443", `/${home.pool.id}${path}`],
      // As the router reads it too.
      ["localhost:8443", `/${home.pool.id}${path.replace(/[a-z](?=[^/]*$)/, hex)}`],
      ["shop.auth.localhost:8443", path],
    ] as const) {
      const preflight = await app.app.inject({
        ...{ method: "OPTIONS", url },
        headers: { host, origin, "access-control-request-method": "POST" },
      });
      expectClosed(preflight);
      for (const method of ["GET", "POST"] as const) {
        expectClosed(await app.app.inject({ method, url, headers: { host, origin } }));
      }
    }
  });

  test("may ask the endpoints that take no cookies", async () => {
    for (const path of ["/oauth2/token", "/oauth2/userInfo", "/.well-known/jwks.json"]) {
      const url = `/${home.pool.id}${path}`;
      const answer = await app.app.inject({ method: "OPTIONS", url });
      expect(answer.headers["access-control-allow-origin"]).toBe("*");
      expect(answer.headers).not.toHaveProperty("access-control-allow-credentials");
    }
  });
});

describe("cookies", () => {
  test("are of this host alone, over TLS, for no script, and not sent along by other sites", async () => {
    const shown = await browser.follow(await browser.get(authorizeUrl(home)));
    const done = await browser.submit(shown.page("sign-in").form, ada);
    const cookies = [...cookiesOf(shown), ...cookiesOf(done)];
    expect(cookies.length).toBeGreaterThanOrEqual(4);
    for (const cookie of cookies) {
      expect(cookie).toMatch(/; Secure; HttpOnly; SameSite=Lax/);
      expect(cookie).not.toMatch(/domain=/i);
      const isHostCookie = cookie.startsWith("__Host-");
      expect(cookie).toContain(isHostCookie ? "; Path=/;" : `; Path=/${home.pool.id};`);
      expect(isHostCookie || cookie.startsWith("XSRF-TOKEN=")).toBe(true);
    }
  });

  test("of the browser are set once, and changed by the sign-in", async () => {
    const name = `__Host-browser-${home.pool.id}`;
    const shown = await browser.follow(await browser.get(authorizeUrl(home)));
    const before = browser.cookies.get(name);
    expect(before).toMatch(/^[\w-]{43}$/);
    expect(cookiesOf(await browser.get(pageAt("/login")))).toEqual([]);
    await browser.submit(shown.page("sign-in").form, ada);
    expect(browser.cookies.get(name)).toMatch(/^[\w-]{43}$/);
    expect(browser.cookies.get(name)).not.toBe(before);
  });

  test("that somebody planted are replaced by the sign-in, and name nothing", async () => {
    const planted = "P".repeat(43);
    browser.cookies.set(`__Host-browser-${home.pool.id}`, planted);
    browser.cookies.set(`__Host-cognito-${home.pool.id}`, planted);
    const done = await signInOnPage(browser, authorizeUrl(home), ada);
    expect(answerIn(done).has("code")).toBe(true);
    expect([...browser.cookies.values()]).not.toContain(planted);
    const attacker = testBrowser(app);
    attacker.cookies.set(`__Host-browser-${home.pool.id}`, planted);
    attacker.cookies.set(`__Host-cognito-${home.pool.id}`, planted);
    const answer = answerIn(await attacker.get(authorizeUrl(home, { prompt: "none" })));
    expect(answer.get("error")).toBe("login_required");
  });

  test.each(["", "x", "a b", "P".repeat(42), "P".repeat(4000), "../../x", "%00"])(
    "of another form are none: %.20s",
    async (value) => {
      browser.cookies.set(`__Host-browser-${home.pool.id}`, value);
      browser.cookies.set(`__Host-cognito-${home.pool.id}`, value);
      const shown = await browser.follow(await browser.get(authorizeUrl(home)));
      expect(shown.status).toBe(200);
      expect(browser.cookies.get(`__Host-browser-${home.pool.id}`)).toMatch(/^[\w-]{43}$/);
    },
  );
});

describe("a form", () => {
  const formIn = async (by: TestBrowser, at = home) =>
    (await by.follow(await by.get(authorizeUrl(at)))).page("sign-in").form;

  async function expectRefused(visit: Visit): Promise<void> {
    expect(visit.status).toBe(403);
    expect(visit.notice).toMatchObject({ code: "csrf" });
    expect(cookiesOf(visit).some((each) => each.startsWith("__Host-cognito-"))).toBe(false);
    const silent = await browser.get(authorizeUrl(home, { prompt: "none" }));
    expect(answerIn(silent).get("error")).toBe("login_required");
  }

  test("with the token of another browser, of another pool, or without one counts for nothing", async () => {
    const form = await formIn(browser);
    const other = await formIn(testBrowser(app));
    const elsewhere = await formIn(browser, await oauthPool(app));
    for (const csrf of [other.csrf, elsewhere.csrf, "", form.csrf.slice(1), `${form.csrf}A`]) {
      await expectRefused(await browser.submit({ ...form, csrf }, ada));
    }
    await expectRefused(await browser.post(form.action, ada));
  });

  test("that comes without the cookie that it was shown with is none of this browser", async () => {
    const form = await formIn(browser);
    browser.cookies.delete(`__Host-browser-${home.pool.id}`);
    await expectRefused(await browser.submit(form, ada));
  });

  test.each([
    [{ origin: "https://evil.example" }],
    [{ origin: "https://localhost" }],
    [{ origin: "http://localhost:8443" }],
    [{ "sec-fetch-site": "cross-site" }],
    [{ "sec-fetch-site": "same-site" }],
    [{ origin: "https://localhost:8443.evil.example", "sec-fetch-site": "same-origin" }],
  ])("that another site sends is refused, though it knew the token: %j", async (headers) => {
    const { action, csrf } = await formIn(browser);
    await expectRefused(await browser.post(action, { _csrf: csrf, ...ada }, headers));
  });

  test("of this site is taken", async () => {
    const { action, csrf } = await formIn(browser);
    const headers = { origin: "https://localhost:8443", "sec-fetch-site": "same-origin" };
    const done = await browser.post(action, { _csrf: csrf, ...ada }, headers);
    expect(answerIn(done).has("code")).toBe(true);
  });
});

describe("what is echoed", () => {
  const broken = "x\r\nSet-Cookie: planted=1\r\n\r\n<script>alert(1)</script>";

  test.each([
    "state",
    "nonce",
    "login_hint",
    "lang",
    "ui_locales",
    "scope",
    "client_id",
    "redirect_uri",
    "unknown",
  ])("%s with line breaks starts no header", async (name) => {
    const sent = await browser.get(authorizeUrl(home, { [name]: broken }));
    for (const visit of [sent, await browser.get(sent.location ?? "/").catch(() => sent)]) {
      expect(Object.values(visit.headers).flat().join("\n")).not.toContain("\r");
      expect(cookiesOf(visit).join()).not.toContain("planted");
      expect(visit.location ?? "").not.toMatch(/[\r\n<]/);
    }
  });

  test("in a form's fields neither", async () => {
    const shown = await browser.follow(await browser.get(authorizeUrl(home, { state: broken })));
    const visit = await browser.submit(shown.page("sign-in").form, {
      username: broken,
      password: broken,
    });
    expect(visit.status).toBe(400);
    expect(visit.page("sign-in").username).toBe(broken);
    expect(cookiesOf(visit).join()).not.toContain("planted");
  });

  test("the error page shows nothing of its address but the fault's name", async () => {
    const query = new URLSearchParams({
      error: broken,
      error_description: "Call 555-0100",
      client_id: "<b>",
    });
    const visit = await browser.get(`/${home.pool.id}/error?${query}`);
    expect(visit.page("error")).toEqual({
      ...{ name: "error", error: "invalid_request" },
      requestId: expect.stringMatching(/^[\da-f-]{36}$/),
    });
  });
});
