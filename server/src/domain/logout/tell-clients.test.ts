import { createPublicKey, verify } from "node:crypto";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createBackChannel } from "../../outbound/back-channel.ts";
import { deleteExpired } from "../../store/expiries.ts";
import { type TestApp, testApp } from "../../testing/app.ts";
import { type TestBrowser, testBrowser } from "../../testing/browser.ts";
import { hostedTokens } from "../../testing/hosted-tokens.ts";
import { httpServer, localHttp } from "../../testing/http-server.ts";
import { answerIn, authorizeUrl, codeClient, oauthPool } from "../../testing/oauth.ts";
import { engines } from "../../testing/places.ts";
import { type TestPool, testCall, testUser } from "../../testing/pools.ts";
import { claimsOf } from "../../testing/sign-in.ts";
import { changeClient } from "../clients/change.ts";
import type { Context } from "../context.ts";
import { startTellingClients, tellClients } from "./tell-clients.ts";

const logoutUri = "https://app.example.com/";
const uri = "https://app.example.com/backchannel_logout";

let app: TestApp;
let home: TestPool;
let browser: TestBrowser;

async function open(options: Parameters<typeof oauthPool>[1] = {}) {
  home = await oauthPool(app, {
    clientExtensions: { backChannelLogoutUri: uri },
    ...options,
    client: { oauth: { ...codeClient, logoutUrls: [logoutUri] } },
  });
  await testUser(app, home.pool, { attributes: { email: "ada@example.com" } });
  browser = testBrowser(app);
}
beforeEach(async () => {
  app = await testApp();
  await open();
});
afterEach(() => app.close());

const signIn = (client = home.client, parameters = {}) =>
  hostedTokens({ app, browser, pool: home.pool, client, parameters });
const logout = () => {
  const query = new URLSearchParams({ client_id: home.client.id, logout_uri: logoutUri });
  return browser.get(`/${home.pool.id}/logout?${query}`);
};
const rows = () => app.context.store.db.selectFrom("logout_notices").selectAll().execute();
const failing = (error: Error): Context => ({
  ...app.context,
  backChannel: { tell: () => Promise.reject(error) },
});

test("a client gets a logout token that its library can check, and nothing else", async () => {
  const { origin, received } = await httpServer(() => ({ status: 200 }));
  const named = { userPoolId: home.pool.id, clientId: home.client.id };
  await changeClient(testCall(app), named, () => ({
    extensions: { backChannelLogoutUri: `${origin}/bye?tenant=1` },
  }));
  const { id_token: idToken } = await signIn();
  await logout();
  const context = { ...app.context, backChannel: createBackChannel(localHttp) };
  expect(await tellClients(context)).toBe(1);
  expect(await rows()).toEqual([]);
  expect(received).toHaveLength(1);
  expect(received[0]).toMatchObject({
    method: "POST",
    url: "/bye?tenant=1",
    headers: { "content-type": "application/x-www-form-urlencoded" },
  });
  const form = new URLSearchParams(received[0]?.body);
  expect([...form.keys()]).toEqual(["logout_token"]);
  const [head = "", body = "", signature = ""] = (form.get("logout_token") ?? "").split(".");
  const header = JSON.parse(Buffer.from(head, "base64url").toString());
  expect(header).toEqual({ kid: expect.any(String), alg: "RS256", typ: "logout+jwt" });
  const keys = JSON.parse((await browser.get(`/${home.pool.id}/.well-known/jwks.json`)).body).keys;
  const jwk = keys.find(({ kid }: { kid: string }) => kid === header.kid);
  const key = createPublicKey({ key: jwk, format: "jwk" });
  const signed = Buffer.from(`${head}.${body}`);
  expect(verify("sha256", signed, key, Buffer.from(signature, "base64url"))).toBe(true);
  const { sub, sid } = claimsOf(idToken);
  const claims = JSON.parse(Buffer.from(body, "base64url").toString());
  expect(claims).toEqual({
    iss: `https://localhost:8443/${home.pool.id}`,
    sub,
    sid,
    aud: home.client.id,
    iat: expect.any(Number),
    exp: claims.iat + 120,
    jti: expect.stringMatching(/^[\w-]{36}$/),
    events: { "http://schemas.openid.net/event/backchannel-logout": {} },
  });
});

test("a logout token is no ID token here, as a hint", async () => {
  await signIn();
  await logout();
  await tellClients(app.context);
  await signIn();
  const token = app.told[0]?.logoutToken ?? "";
  const asked = await browser.get(authorizeUrl(home, { prompt: "none", id_token_hint: token }));
  expect(answerIn(asked).get("error")).toBe("invalid_request");
});

describe("a client that does not answer", () => {
  test("is told again later and later, and given up after an hour with a row in the trail", async () => {
    await signIn();
    await logout();
    const context = failing(new Error("it answered 503"));
    const triedAfterSeconds: number[] = [];
    let lastMs = app.clock.now();
    for (let step = 0; step < 1000 && (await rows())[0]?.failed_at_ms === null; step += 1) {
      if ((await tellClients(context)) > 0) {
        triedAfterSeconds.push(Math.round((app.clock.now() - lastMs) / 1000));
        lastMs = app.clock.now();
      }
      app.clock.advance(5_000);
    }
    expect(triedAfterSeconds).toEqual([0, 5, 15, 45, 135, 405, 600, 600, 600, 600]);
    const trail = await app.auditEvents();
    const [failure] = trail.filter(({ eventName }) => eventName === "BackChannelLogout");
    expect(failure).toMatchObject({
      errorCode: "ClientNotTold",
      additionalEventData: { clientId: home.client.id, attempts: 10 },
    });
    app.clock.advance(86_400_000);
    expect(await tellClients(app.context)).toBe(0);
    app.clock.advance(30 * 86_400_000);
    await deleteExpired(app.context.store.db, { nowMs: app.clock.now(), limit: 100 });
    expect(await rows()).toEqual([]);
  });

  test("is given up at once where its address must not be called", async () => {
    const named = { userPoolId: home.pool.id, clientId: home.client.id };
    await changeClient(testCall(app), named, () => ({
      extensions: { backChannelLogoutUri: "https://169.254.169.254/latest" },
    }));
    await signIn();
    await logout();
    const context = { ...app.context, backChannel: createBackChannel(localHttp) };
    await tellClients(context);
    expect((await rows())[0]?.failed_at_ms).toEqual(expect.any(Number));
    expect(JSON.stringify(app.logged)).not.toContain("eyJ");
  });

  test.each([302, 400, 404, 500])("has not been told by a %i", async (status) => {
    const { origin, received } = await httpServer(() => ({ status }));
    const named = { userPoolId: home.pool.id, clientId: home.client.id };
    await changeClient(testCall(app), named, () => ({
      extensions: { backChannelLogoutUri: origin },
    }));
    await signIn();
    await logout();
    await tellClients({ ...app.context, backChannel: createBackChannel(localHttp) });
    expect(received).toHaveLength(1);
    expect(await rows()).toMatchObject([{ attempts: 1, failed_at_ms: null }]);
  });

  test("is not waited for where it no longer wants to be told", async () => {
    await signIn();
    await logout();
    await tellClients(failing(new Error("down")));
    const named = { userPoolId: home.pool.id, clientId: home.client.id };
    await changeClient(testCall(app), named, () => ({ extensions: {} }));
    app.clock.advance(60_000);
    expect(await tellClients(failing(new Error("down")))).toBe(1);
    expect(await rows()).toEqual([]);
  });

  test("is not told by a worker that died each time", async () => {
    await signIn();
    await logout();
    await app.context.store.db.updateTable("logout_notices").set({ attempts: 10 }).execute();
    await tellClients(app.context);
    expect(app.told).toEqual([]);
    expect((await rows())[0]?.failed_at_ms).toEqual(expect.any(Number));
  });
});

test.each(engines)("workers of several nodes on %s tell each client once", async (engine) => {
  await app.close();
  app = await testApp({ engine });
  await open();
  for (let n = 0; n < 12; n += 1) {
    browser = testBrowser(app);
    await signIn();
    await logout();
  }
  const workers = [startTellingClients(app.context), startTellingClients(app.context)];
  await Promise.all(workers.map((worker) => worker.step()));
  await Promise.all(workers.map((worker) => worker.stop()));
  expect(app.told).toHaveLength(12);
  expect(await rows()).toEqual([]);
});
