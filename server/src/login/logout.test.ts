import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { changeClient } from "../domain/clients/change.ts";
import { type TestApp, testApp } from "../testing/app.ts";
import { type TestBrowser, testBrowser } from "../testing/browser.ts";
import { hostedTokens } from "../testing/hosted-tokens.ts";
import {
  answerIn,
  askToken,
  authorizeUrl,
  codeClient,
  oauthPool,
  redirectUri,
  signInOnPage,
} from "../testing/oauth.ts";
import { type TestPool, testCall, testUser } from "../testing/pools.ts";
import { mutationsOf } from "../testing/uri-mutations.ts";

const logoutUri = "https://app.example.com/signed-out";
const appUri = "myapp://signout";

let app: TestApp;
let home: TestPool;
let browser: TestBrowser;

async function open(profile: "compat" | "hardened" = "compat") {
  home = await oauthPool(app, {
    extensions: { profile },
    client: {
      oauth: { ...codeClient, logoutUrls: [logoutUri, appUri, "https://app.example.com/größe"] },
    },
  });
  await testUser(app, home.pool, { attributes: { email: "ada@example.com" } });
  browser = testBrowser(app);
  return signInOnPage(browser, authorizeUrl(home), { username: "ada" });
}

beforeEach(async () => {
  app = await testApp();
});
afterEach(() => app.close());

const sessionCookie = () => `__Host-cognito-${home.pool.id}`;
const logoutUrl = (parameters: Record<string, string>) =>
  `/${home.pool.id}/logout?${new URLSearchParams(parameters)}`;
const ofClient = (parameters: Record<string, string> = {}) =>
  logoutUrl({ client_id: home.client.id, logout_uri: logoutUri, ...parameters });

/** Whether the browser would get a code without being asked. */
async function isSignedIn(): Promise<boolean> {
  const answer = await browser.get(authorizeUrl(home, { prompt: "none" }));
  return answerIn(answer).has("code");
}

describe("as Cognito has it", () => {
  beforeEach(() => open());

  test("logout_uri signs the browser out and sends it there, whoever sent it", async () => {
    expect(await isSignedIn()).toBe(true);
    const left = await browser.get(ofClient(), { "sec-fetch-site": "cross-site" });
    expect(left.status).toBe(302);
    expect(left.location).toBe(logoutUri);
    expect(browser.cookies.has(sessionCookie())).toBe(false);
    expect(await isSignedIn()).toBe(false);
  });

  test("the cookie from before is worth nothing, should somebody have kept it", async () => {
    const kept = browser.cookies.get(sessionCookie()) ?? "";
    await browser.get(ofClient());
    browser.cookies.set(sessionCookie(), kept);
    expect(await isSignedIn()).toBe(false);
  });

  test("tokens stay as they are", async () => {
    const { refresh_token } = await hostedTokens({ ...home, app, browser });
    await browser.get(ofClient());
    const refreshed = await askToken(app, home, {
      grant_type: "refresh_token",
      client_id: home.client.id,
      refresh_token,
    });
    expect(refreshed.status).toBe(200);
  });

  test("state is not returned, and what else is said does not matter", async () => {
    const left = await browser.get(ofClient({ state: "s", id_token_hint: "x.y.z", lang: "de" }));
    expect(left.location).toBe(logoutUri);
  });

  test("an app gets its user back at its own scheme", async () => {
    const left = await browser.get(ofClient({ logout_uri: appUri }));
    expect(left.location).toBe(appUri);
    expect(browser.cookies.has(sessionCookie())).toBe(false);
  });

  test("an address with letters beyond ASCII is written as a header can hold it", async () => {
    const left = await browser.get(ofClient({ logout_uri: "https://app.example.com/größe" }));
    expect(left.location).toBe("https://app.example.com/gr%C3%B6%C3%9Fe");
  });

  test("whoever is not signed in is sent on as well", async () => {
    browser.cookies.clear();
    expect((await browser.get(ofClient())).location).toBe(logoutUri);
  });

  test("redirect_uri leads to a new sign-in with the same request", async () => {
    const query = authorizeUrl(home).split("?")[1];
    const left = await browser.get(`/${home.pool.id}/logout?${query}`);
    expect(left.status).toBe(302);
    expect(left.location).toBe(`/${home.pool.id}/login?${query}`);
    expect(browser.cookies.has(sessionCookie())).toBe(false);
    expect((await browser.follow(left)).page("sign-in").signedInAs).toBeUndefined();
    expect(await isSignedIn()).toBe(false);
  });

  test("logout_uri wins over redirect_uri", async () => {
    const query = authorizeUrl(home, { logout_uri: logoutUri }).split("?")[1];
    expect((await browser.get(`/${home.pool.id}/logout?${query}`)).location).toBe(logoutUri);
  });

  test.each([
    ["a callback URL as logout_uri", () => ofClient({ logout_uri: redirectUri })],
    ["a logout URL as redirect_uri", () => authorizeUrl(home, { redirect_uri: logoutUri })],
    ["an unknown client", () => ofClient({ client_id: "nobody" })],
    ["a client id of many characters", () => ofClient({ client_id: "a".repeat(5000) })],
    ["no client", () => logoutUrl({ logout_uri: logoutUri })],
    ["neither address", () => logoutUrl({ client_id: home.client.id })],
    ["nothing", () => logoutUrl({})],
    ["logout_uri twice", () => `${ofClient()}&logout_uri=${encodeURIComponent(logoutUri)}`],
    ["a client of another pool", () => ofClient({ client_id: "other" })],
    [
      "another standard's word for the address",
      () => logoutUrl({ client_id: home.client.id, post_logout_redirect_uri: logoutUri }),
    ],
  ])("%s is told on a page of ours, and nobody is signed out", async (_name, url) => {
    const other = await oauthPool(app);
    const address = url()
      .replace("client_id=other", `client_id=${other.client.id}`)
      .replace("/oauth2/authorize", "/logout");
    const refused = await browser.get(address);
    expect(refused.status).toBe(400);
    expect(refused.location).toBeUndefined();
    refused.page("error");
    expect(await isSignedIn()).toBe(true);
  });

  test.each(mutationsOf(logoutUri))("no redirect to %j", async (uri) => {
    const refused = await browser.get(ofClient({ logout_uri: uri }));
    expect(refused.status).toBe(400);
    expect(refused.location).toBeUndefined();
    expect(JSON.stringify(refused.page("error"))).not.toContain("evil");
    expect(await isSignedIn()).toBe(true);
  });

  test("a session is ended at its own pool alone", async () => {
    const handle = browser.cookies.get(sessionCookie()) ?? "";
    const other = await oauthPool(app, {
      client: { oauth: { ...codeClient, logoutUrls: [logoutUri] } },
    });
    const query = new URLSearchParams({ client_id: other.client.id, logout_uri: logoutUri });
    const stranger = testBrowser(app);
    stranger.cookies.set(`__Host-cognito-${other.pool.id}`, handle);
    expect((await stranger.get(`/${other.pool.id}/logout?${query}`)).status).toBe(302);
    expect(await isSignedIn()).toBe(true);
  });

  test("an end of a session has a row in the trail, a visit of nobody has none", async () => {
    await browser.get(ofClient());
    await browser.get(ofClient());
    const rows = (await app.auditEvents()).filter(({ eventName }) => eventName === "Logout_GET");
    expect(rows).toHaveLength(1);
    expect(rows[0]?.additionalEventData).toMatchObject({
      userPoolId: home.pool.id,
      clientId: home.client.id,
      sub: expect.any(String),
    });
    expect(JSON.stringify(rows)).not.toContain("example.com");
  });

  test("two at once end it once, and both are sent on", async () => {
    const both = await Promise.all([browser.get(ofClient()), browser.get(ofClient())]);
    expect(both.map(({ location }) => location)).toEqual([logoutUri, logoutUri]);
  });
});

describe("of a hardened client", () => {
  beforeEach(() => open("hardened"));

  test.each([{ "sec-fetch-site": "cross-site" }, {}])(
    "another site cannot sign users out, it can only have them asked: %j",
    async (headers) => {
      const asked = await browser.get(ofClient(), headers);
      expect(asked.status).toBe(200);
      expect(asked.page("logout-confirm").username).toBe("ada@example.com");
      expect(await isSignedIn()).toBe(true);
      const left = await browser.submit(asked.page("logout-confirm").form, {
        decision: "sign-out",
      });
      expect(left.status).toBe(303);
      expect(left.location).toBe(logoutUri);
      expect(await isSignedIn()).toBe(false);
    },
  );

  test("whoever stays signed in goes back to the app as well", async () => {
    const asked = await browser.get(ofClient(), { "sec-fetch-site": "cross-site" });
    const left = await browser.submit(asked.page("logout-confirm").form, { decision: "stay" });
    expect(left.location).toBe(logoutUri);
    expect(await isSignedIn()).toBe(true);
  });

  test.each(["same-origin", "same-site", "none"])("no question from %s", async (site) => {
    const left = await browser.get(ofClient(), { "sec-fetch-site": site });
    expect(left.location).toBe(logoutUri);
    expect(await isSignedIn()).toBe(false);
  });

  test("nobody is asked who is not signed in", async () => {
    browser.cookies.clear();
    const left = await browser.get(ofClient(), { "sec-fetch-site": "cross-site" });
    expect(left.location).toBe(logoutUri);
  });

  test("a new sign-in is asked about too", async () => {
    const query = authorizeUrl(home).split("?")[1];
    const asked = await browser.get(`/${home.pool.id}/logout?${query}`, {
      "sec-fetch-site": "cross-site",
    });
    const left = await browser.submit(asked.page("logout-confirm").form, {
      decision: "sign-out",
    });
    expect(left.location).toBe(`/${home.pool.id}/login?${query}`);
    expect(await isSignedIn()).toBe(false);
  });

  test("another site cannot answer in the user's place", async () => {
    const asked = await browser.get(ofClient(), { "sec-fetch-site": "cross-site" });
    const { form } = asked.page("logout-confirm");
    const fields = { decision: "sign-out", _csrf: form.csrf };
    const forged = [
      browser.post(form.action, { ...fields, _csrf: "x".repeat(43) }),
      browser.post(form.action, { decision: "sign-out" }),
      browser.post(form.action, fields, { origin: "https://evil.example" }),
      browser.post(form.action, fields, { "sec-fetch-site": "cross-site" }),
    ];
    for (const { status } of await Promise.all(forged)) expect(status).toBe(403);
    expect(await isSignedIn()).toBe(true);
  });

  test("an address that was taken from the client meanwhile is none any more", async () => {
    const asked = await browser.get(ofClient(), { "sec-fetch-site": "cross-site" });
    const named = { userPoolId: home.pool.id, clientId: home.client.id };
    await changeClient(testCall(app), named, ({ client: { settings } }) => ({
      settings: { ...settings, oauth: { ...settings.oauth, logoutUrls: [] } },
    }));
    const refused = await browser.submit(asked.page("logout-confirm").form, {
      decision: "sign-out",
    });
    refused.page("error");
    expect(refused.status).toBe(400);
    expect(await isSignedIn()).toBe(true);
  });
});
