import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { changeClient } from "../domain/clients/change.ts";
import type { UserPoolClientExtensions } from "../domain/clients/client.ts";
import { createClient } from "../domain/clients/create.ts";
import { parseJws } from "../domain/tokens/jws.ts";
import { type TestApp, testApp } from "../testing/app.ts";
import { testBrowser, type Visit } from "../testing/browser.ts";
import { dpopKey, endpointUrl } from "../testing/dpop.ts";
import {
  answerIn,
  askToken,
  authorizeUrl,
  basic,
  codeVerifier,
  oauthPool,
  redirectUri,
  signInOnPage,
} from "../testing/oauth.ts";
import { engines } from "../testing/places.ts";
import { type TestPool, testCall, testUser } from "../testing/pools.ts";

const ada = { username: "ada" };
const secret = "client-secret-0123456789-abcdef";

let app: TestApp;
let home: TestPool;
async function start(
  clientExtensions: UserPoolClientExtensions = {},
  options: { secret?: string } = {},
) {
  home = await oauthPool(app, {
    clientExtensions: { pushedAuthorizationRequests: "on", ...clientExtensions },
    ...options,
  });
  await testUser(app, home.pool);
}
beforeEach(async () => {
  app = await testApp();
  await start();
});
afterEach(() => app.close());

/** The parameters of an authorization request, as the browser would carry them. */
const asked = (more: Record<string, string | null> = {}) =>
  Object.fromEntries(new URL(authorizeUrl(home, more), "https://x").searchParams);

const push = (
  more: Record<string, string | null> = {},
  about: { headers?: Record<string, string> } = {},
) => askToken(app, home, { path: "/oauth2/par", ...asked(more), ...about });

async function pushed(more: Record<string, string | null> = {}): Promise<string> {
  const { status, body } = await push(more);
  expect(status).toBe(201);
  return body.request_uri;
}

const shortUrl = (requestUri: string, more: Record<string, string> = {}) =>
  `/${home.pool.id}/oauth2/authorize?${new URLSearchParams({
    ...{ client_id: home.client.id, request_uri: requestUri },
    ...more,
  })}`;

const redeem = (visit: Visit, more: { headers?: Record<string, string> } = {}) =>
  askToken(app, home, {
    grant_type: "authorization_code",
    client_id: home.client.id,
    redirect_uri: redirectUri,
    code_verifier: codeVerifier,
    code: answerIn(visit).get("code"),
    ...more,
  });

/** Our own page, and nothing for the client. */
async function expectOwnPage(visit: Visit, error = "invalid_request_uri") {
  if (visit.location === undefined) return expect(visit.page("error").error).toBe(error);
  expect(visit.location).toMatch(new RegExp(`^/${home.pool.id}/error\\?error=${error}(&|$)`));
}

test("a pushed request leads through sign-in to a code, and no page's address says what it asks", async () => {
  const { status, body, headers } = await push({ nonce: "n-1" });
  expect({ status, body }).toEqual({
    status: 201,
    body: {
      request_uri: expect.stringMatching(/^urn:ietf:params:oauth:request_uri:[\w-]{43}$/),
      expires_in: 60,
    },
  });
  expect(headers["cache-control"]).toBe("no-store");
  const browser = testBrowser(app);
  const first = await browser.get(shortUrl(body.request_uri));
  const query = new URLSearchParams({
    ...{ client_id: home.client.id, request_uri: body.request_uri },
  });
  expect(first.location).toBe(`/${home.pool.id}/login?${query}`);
  const done = await signInOnPage(browser, shortUrl(body.request_uri), ada);
  expect(done.location).toMatch(/^https:\/\/app\.example\.com\/callback\?code=/);
  expect(answerIn(done).get("state")).toBe("state-1");
  const tokens = await redeem(done);
  expect(tokens.status).toBe(200);
  expect(parseJws(tokens.body.id_token)?.payload["nonce"]).toBe("n-1");
});

test("nothing that the browser says besides changes the request", async () => {
  const requestUri = await pushed({ scope: "openid" });
  const more = {
    ...{ scope: "openid email phone", state: "other", redirect_uri: "https://evil.example/" },
    ...{ response_type: "token", nonce: "other", code_challenge: "c".repeat(43) },
  };
  const browser = testBrowser(app);
  const shown = await browser.follow(await browser.get(shortUrl(requestUri, more)));
  const { form } = shown.page("sign-in");
  const action = `${form.action}&${new URLSearchParams(more)}`;
  const password = "Correct-Horse-9-Battery";
  const done = await browser.submit({ ...form, action }, { username: "ada", password });
  expect(done.location).toMatch(/^https:\/\/app\.example\.com\/callback\?code=.*state=state-1/);
  const { body } = await redeem(done);
  expect(parseJws(body.access_token)?.payload["scope"]).toBe("openid");
});

test("the language that the app asks for goes along from page to page", async () => {
  const requestUri = await pushed({ ui_locales: "de" });
  const browser = testBrowser(app);
  expect((await browser.follow(await browser.get(shortUrl(requestUri)))).lang).toBe("de");
  const chosen = await browser.get(shortUrl(requestUri, { lang: "ar" }));
  expect((await browser.follow(chosen)).lang).toBe("ar");
});

describe.each(engines)("on %s", (engine) => {
  test("of many answers at once there is one", async () => {
    await app.close();
    app = await testApp({ engine });
    await start();
    const browser = testBrowser(app);
    await signInOnPage(browser, authorizeUrl(home), ada);
    const requestUri = await pushed();
    const visits = await Promise.all(
      Array.from({ length: 12 }, () => browser.get(shortUrl(requestUri))),
    );
    const codes = visits.filter((visit) => answerIn(visit).has("code"));
    expect(codes).toHaveLength(1);
    for (const visit of visits) if (!codes.includes(visit)) await expectOwnPage(visit);
    expect((await redeem(codes[0] as Visit)).status).toBe(200);
  });
});

test("one that had its answer is over, wherever it comes again", async () => {
  const requestUri = await pushed();
  const browser = testBrowser(app);
  const shown = await browser.follow(await browser.get(shortUrl(requestUri)));
  const password = "Correct-Horse-9-Battery";
  const { form } = shown.page("sign-in");
  await browser.submit(form, { username: "ada", password });
  await expectOwnPage(await browser.get(shortUrl(requestUri)));
  await expectOwnPage(await testBrowser(app).get(shortUrl(requestUri)));
  await expectOwnPage(await browser.get(form.action));
  const anew = shortUrl(await pushed({ prompt: "login" }));
  const { csrf } = (await browser.follow(await browser.get(anew))).page("sign-in").form;
  await expectOwnPage(await browser.submit({ action: form.action, csrf }, { ...ada, password }));
});

test("a refusal is an answer as well", async () => {
  const silent = await pushed({ prompt: "none" });
  const browser = testBrowser(app);
  expect(answerIn(await browser.get(shortUrl(silent))).get("error")).toBe("login_required");
  await expectOwnPage(await browser.get(shortUrl(silent)));

  await start({ consent: "on" });
  const requestUri = await pushed();
  const asks = await signInOnPage(browser, shortUrl(requestUri), ada);
  const { form } = (await browser.follow(asks)).page("consent");
  const denied = await browser.submit(form, { decision: "deny" });
  expect(answerIn(denied).get("error")).toBe("access_denied");
  await expectOwnPage(await browser.get(shortUrl(requestUri)));
});

test("consent is asked for what was pushed, and then given once", async () => {
  await start({ consent: "on" });
  const requestUri = await pushed({ scope: "openid phone" });
  const browser = testBrowser(app);
  const asks = await browser.follow(await signInOnPage(browser, shortUrl(requestUri), ada));
  const { form, scopes } = asks.page("consent");
  expect(scopes.map(({ name }) => name)).toEqual(["openid", "phone"]);
  const done = await browser.submit(form, { decision: "allow" });
  expect((await redeem(done)).status).toBe(200);
  await expectOwnPage(await browser.get(shortUrl(requestUri)));
});

test("it must be shown to a browser within a minute, and then there is an hour to sign in", async () => {
  const [late, shown] = [await pushed(), await pushed()];
  const browser = testBrowser(app);
  app.clock.advance(59_000);
  const visit = await browser.follow(await browser.get(shortUrl(shown)));
  app.clock.advance(1_001);
  await expectOwnPage(await browser.get(shortUrl(late)));
  app.clock.advance(58 * 60_000);
  const password = "Correct-Horse-9-Battery";
  const done = await browser.submit(visit.page("sign-in").form, { username: "ada", password });
  expect((await redeem(done)).status).toBe(200);
  const other = await pushed();
  await browser.get(shortUrl(other, {}));
  app.clock.advance(3_600_000);
  await expectOwnPage(await browser.get(shortUrl(other)));
});

test("of another client, another pool or nobody it is nothing", async () => {
  const requestUri = await pushed();
  const { client, pool } = home;
  const other = await createClient(testCall(app), pool, {
    name: "other",
    settings: client.settings,
    extensions: client.extensions,
  });
  const browser = testBrowser(app);
  await expectOwnPage(await browser.get(shortUrl(requestUri, { client_id: other.id })));
  const unknown = `${requestUri.slice(0, -1)}${requestUri.endsWith("A") ? "B" : "A"}`;
  await expectOwnPage(await browser.get(shortUrl(unknown)));
  await expectOwnPage(await browser.get(shortUrl(`${requestUri}A`)));
  const nobody = `/${pool.id}/oauth2/authorize?${new URLSearchParams({ request_uri: requestUri })}`;
  await expectOwnPage(await browser.get(nobody), "redirect_mismatch");
  await start();
  await expectOwnPage(await browser.get(shortUrl(requestUri)));
});

test("addresses of others are looked up nowhere", async () => {
  const visit = await testBrowser(app).get(
    authorizeUrl(home, { request_uri: "https://client.example/request.jwt" }),
  );
  expect(answerIn(visit).get("error")).toBe("request_uri_not_supported");
});

test("what changes at the client meanwhile counts", async () => {
  const requestUri = await pushed();
  const { pool, client } = home;
  await changeClient(testCall(app), { userPoolId: pool.id, clientId: client.id }, () => ({
    settings: {
      ...client.settings,
      oauth: { ...client.settings.oauth, callbackUrls: ["https://app.example.com/new"] },
    },
  }));
  await expectOwnPage(await testBrowser(app).get(shortUrl(requestUri)), "redirect_mismatch");
});

describe("required", () => {
  test("ordinary requests are refused, and the client is told", async () => {
    await start({ pushedAuthorizationRequests: "required" });
    const visit = await testBrowser(app).get(authorizeUrl(home));
    expect(visit.location).toMatch(/^https:\/\/app\.example\.com\/callback\?error=invalid_request/);
    expect(answerIn(visit).get("state")).toBe("state-1");
    const login = authorizeUrl(home).replace("/oauth2/authorize", "/login");
    expect(answerIn(await testBrowser(app).get(login)).get("error")).toBe("invalid_request");
    const done = await signInOnPage(testBrowser(app), shortUrl(await pushed()), ada);
    expect((await redeem(done)).status).toBe(200);
  });
});

describe("at the endpoint", () => {
  test("a client without it may not push, nor come with a reference", async () => {
    const requestUri = await pushed();
    await start({ pushedAuthorizationRequests: "off" });
    expect(await push()).toMatchObject({ status: 400, body: { error: "unauthorized_client" } });
    const visit = await testBrowser(app).get(authorizeUrl(home, { request_uri: requestUri }));
    expect(answerIn(visit).get("error")).toBe("request_uri_not_supported");
  });

  test("a confidential client proves itself, and its secret is no part of what is kept", async () => {
    await start({}, { secret });
    const refused = { status: 401, body: { error: "invalid_client" } };
    expect(await push()).toMatchObject(refused);
    expect(await push({ client_secret: "wrong" })).toMatchObject(refused);
    expect(await push({}, { headers: basic(home.client.id, "wrong") })).toMatchObject(refused);
    expect((await push({ client_secret: secret })).status).toBe(201);
    const headers = basic(home.client.id, secret);
    expect((await push({ client_id: null }, { headers })).status).toBe(201);
    const rows = await app.context.store.db.selectFrom("pushed_requests").selectAll().execute();
    expect(rows).toHaveLength(2);
    expect(JSON.stringify(rows)).not.toContain(secret);
  });

  test.each([
    [{ request_uri: "urn:ietf:params:oauth:request_uri:x" }, "invalid_request"],
    [{ request: "a.b.c" }, "request_not_supported"],
    [{ redirect_uri: "https://evil.example/" }, "invalid_request"],
    [{ response_type: null }, "invalid_request"],
    [{ response_type: "id_token" }, "unsupported_response_type"],
    [{ response_type: "token" }, "unauthorized_client"],
    [{ scope: "openid admin" }, "invalid_request"],
    [{ code_challenge_method: "plain" }, "invalid_request"],
    [{ prompt: "none login" }, "invalid_request"],
    [{ id_token_hint: "x" }, "invalid_request"],
    [{ state: "s".repeat(5000) }, "invalid_request"],
    [{ other: "o".repeat(17_000) }, "invalid_request"],
  ] as [Record<string, string | null>, string][])("%o is refused", async (more, error) => {
    expect(await push(more)).toMatchObject({ status: 400, body: { error } });
    const rows = await app.context.store.db.selectFrom("pushed_requests").selectAll().execute();
    expect(rows).toEqual([]);
  });

  test("a proof of DPoP binds the code to its key", async () => {
    await start({ dpop: "on" });
    const key = dpopKey();
    const proof = (path: string, by = key) =>
      by.proof({ nowMs: app.clock.now(), htu: endpointUrl(home, path) });
    const headers = () => ({ dpop: proof("/oauth2/par") });
    const other = { dpop_jkt: dpopKey().jkt };
    expect(await push(other, { headers: headers() })).toMatchObject({
      status: 400,
      body: { error: "invalid_request" },
    });
    expect(await push({}, { headers: { dpop: proof("/oauth2/token") } })).toMatchObject({
      status: 400,
      body: { error: "invalid_dpop_proof" },
    });
    const { body } = await push({}, { headers: headers() });
    const done = await signInOnPage(testBrowser(app), shortUrl(body.request_uri), ada);
    const shown = (by = key) => ({ headers: { dpop: proof("/oauth2/token", by) } });
    expect(await redeem(done, shown(dpopKey()))).toMatchObject({
      body: { error: "invalid_grant" },
    });
    expect(await redeem(done, shown())).toMatchObject({ body: { token_type: "DPoP" } });
  });
});

test("pushes leave no row in the trail, refusals one, and neither tells what was pushed", async () => {
  await push({ login_hint: "ada@example.com" });
  await push({ login_hint: "ada@example.com", scope: "no" });
  const name = "PushedAuthorizationRequest_POST";
  const rows = (await app.auditEvents()).filter(({ eventName }) => eventName === name);
  expect(rows).toMatchObject([{ errorCode: "invalid_request" }]);
  expect(JSON.stringify(rows)).not.toContain("ada@example.com");
});
