import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type TestApp, testApp } from "../../testing/app.ts";
import { testBrowser } from "../../testing/browser.ts";
import {
  answerIn,
  authorizeUrl,
  codeClient,
  oauthPool,
  redirectUri,
  signInOnPage,
} from "../../testing/oauth.ts";
import { type TestPool, testUser } from "../../testing/pools.ts";
import { mutationsOf } from "../../testing/uri-mutations.ts";

const ada = { username: "ada" };

const registered = [
  redirectUri,
  "https://app.example.com/with?query=1",
  "http://127.0.0.1/callback",
  "http://[::1]:7777/callback",
  "http://localhost:3000/callback",
  "myapp://callback",
  "com.example.app:/oauth",
  "https://bücher.example/öffnen",
];

let app: TestApp;
let home: TestPool;
beforeAll(async () => {
  app = await testApp();
  home = await oauthPool(app, { client: { oauth: { ...codeClient, callbackUrls: registered } } });
  await testUser(app, home.pool);
});
afterAll(() => app.close());

/** Nothing leaves the server: its own page tells of it, at an address that says no more than Cognito's does. */
async function expectUntold(at: TestPool, parameters: Readonly<Record<string, string | null>>) {
  const browser = testBrowser(app);
  const sent = await browser.get(authorizeUrl(at, parameters));
  const query = new URLSearchParams({
    error: "redirect_mismatch",
    ...(parameters["client_id"] === null
      ? {}
      : { client_id: (parameters["client_id"] ?? at.client.id).slice(0, 128) }),
  });
  expect([sent.status, sent.location]).toEqual([302, `/${at.pool.id}/error?${query}`]);
  const shown = await browser.follow(sent);
  expect(shown.status).toBe(400);
  expect(shown.page("error").error).toBe("redirect_mismatch");
  expect(shown.location).toBeUndefined();
  // Nor do the pages themselves, whose addresses anybody may type.
  for (const page of ["login", "signup", "forgotPassword"]) {
    const url = authorizeUrl(at, parameters).replace("oauth2/authorize", page);
    const direct = await browser.get(url);
    expect([direct.status, direct.location]).toEqual([400, undefined]);
    expect(direct.headers["content-security-policy"]).toContain("form-action 'self';");
  }
}

const furtherMutations = [
  "https://app.example.com/callback/../callback",
  "https://app.example.com/./callback",
  "https://app.example.com/Callback",
  "https://app.example.com/call%62ack",
  "https://app.example.com/callback;x",
  "https://app.example.com/callback\\..\\x",
  "https://app.example.com:8443/callback",
  "https://app.example.com.:443/callback",
  "https://аpp.example.com/callback",
  "https://app。example。com/callback",
  "https://ａpp.example.com/callback",
  "https://app.example.com/callback\r\nSet-Cookie: x=1",
  "https://app.example.com/callback?code=x",
  `https://app.example.com/callback?${"x".repeat(1100)}`,
  "https://app.example.com/with?query=1&query=2",
  "https://app.example.com/with?query=1#",
  "https://app.example.com/with",
  "https://xn--bcher-kva.example/%C3%B6ffnen",
  "myapp://callback/",
  "myapp://callback?x=1",
  "myapp:callback",
  "myapp:/callback",
  "MyApp://callback",
  "myapp2://callback",
  "com.example.app:/oauth/x",
];

test.each([...mutationsOf(redirectUri), ...furtherMutations])(
  "nobody is sent to %j",
  (redirect_uri) => expectUntold(home, { redirect_uri }),
);

test.each([
  "http://127.0.0.1:80x/callback",
  "http://127.0.0.1:/callback",
  "http://127.0.0.1:123456/callback",
  "http://127.0.0.1:1/callback/",
  "http://127.0.0.1:1/callback?x=1",
  "http://127.0.0.1:1/",
  "http://127.0.0.1:1@evil.example/callback",
  "http://127.0.0.1:1#/callback",
  "http://127.0.0.1:1\\/callback",
  "http://127.0.0.1.evil.example/callback",
  "http://127.1/callback",
  "http://2130706433/callback",
  "http://0x7f000001/callback",
  "http://127.0.0.2/callback",
  "http://0.0.0.0/callback",
  "https://127.0.0.1/callback",
  "http://[::1]/other",
  "http://[::1]:1.evil.example/callback",
  "http://[0:0:0:0:0:0:0:1]/callback",
  "http://[::ffff:127.0.0.1]/callback",
  "http://localhost/callback",
  "http://localhost:3001/callback",
  "http://localhost.evil.example:3000/callback",
])("nor to %j, which is no loopback address of the client", (redirect_uri) =>
  expectUntold(home, { redirect_uri }),
);

test.each([
  ...registered,
  "http://127.0.0.1:1/callback",
  "http://127.0.0.1:65535/callback",
  "http://[::1]:1/callback",
  "http://[::1]/callback",
])("a code goes to %s", async (redirect_uri) => {
  const done = await signInOnPage(
    testBrowser(app),
    authorizeUrl(home, { redirect_uri, state: "s" }),
    ada,
  );
  expect(done.status).toBe(303);
  const joint = redirect_uri.includes("?") ? "&" : "?";
  const start = redirect_uri.replace(/[^\x21-\x7e]+/gu, encodeURIComponent) + joint;
  expect(done.location?.startsWith(`${start}code=`)).toBe(true);
  expect(answerIn(done).get("state")).toBe("s");
});

describe("a client", () => {
  test.each([
    ["that nobody knows", () => ({ client_id: "1example23456789" })],
    ["without a name", () => ({ client_id: null })],
    ["with a name that is none", () => ({ client_id: "' or 1=1 --\r\n<script>" })],
    ["with a name without end", () => ({ client_id: "x".repeat(4_000) })],
  ])("%s is answered like a redirect URI that it has not", (_what, parameters) =>
    expectUntold(home, parameters()),
  );

  test("of another pool is none of this one", async () => {
    const other = await oauthPool(app, { client: { oauth: home.client.settings.oauth } });
    await expectUntold(home, { client_id: other.client.id });
  });

  test("without addresses has none, not even the one of the request", async () => {
    const bare = await oauthPool(app, { client: { oauth: { allowedFlowsUserPoolClient: false } } });
    await expectUntold(bare, {});
    await expectUntold(bare, { redirect_uri: null });
  });

  test("that names no address gets its answer at its default, if it has one", async () => {
    await expectUntold(home, { redirect_uri: null });
    const oauth = { ...home.client.settings.oauth, defaultRedirectUri: redirectUri };
    const withDefault = await oauthPool(app, { client: { oauth } });
    const url = authorizeUrl(withDefault, { redirect_uri: null, prompt: "none" });
    const { location = "" } = await testBrowser(app).get(url);
    expect(location.startsWith(`${redirectUri}?error=login_required`)).toBe(true);
  });
});
