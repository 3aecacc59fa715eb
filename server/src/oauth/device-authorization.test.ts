import { AdminDisableUserCommand } from "@aws-sdk/client-cognito-identity-provider";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { changeClient } from "../domain/clients/change.ts";
import type { UserPoolClientExtensions } from "../domain/clients/client.ts";
import { createClient } from "../domain/clients/create.ts";
import { parseJws } from "../domain/tokens/jws.ts";
import type { User } from "../domain/users/user.ts";
import { type TestApp, testApp } from "../testing/app.ts";
import { type TestBrowser, testBrowser } from "../testing/browser.ts";
import { askForDevice, comeToConsent, poll, type TestDevice } from "../testing/device.ts";
import { dpopKey, endpointUrl } from "../testing/dpop.ts";
import { askToken, basic, oauthPool } from "../testing/oauth.ts";
import { engines } from "../testing/places.ts";
import { type TestPool, testCall, testUser } from "../testing/pools.ts";

const secret = "client-secret-0123456789-abcdef";

let app: TestApp;
let home: TestPool;
let ada: User;
async function start(
  clientExtensions: UserPoolClientExtensions = {},
  options: { secret?: string } = {},
) {
  const extensions = { deviceAuthorization: "on", ...clientExtensions } as const;
  home = await oauthPool(app, { clientExtensions: extensions, ...options });
  ada = await testUser(app, home.pool);
}
beforeEach(async () => {
  app = await testApp();
  await start();
});
afterEach(() => app.close());

async function begun(fields: Record<string, unknown> = {}): Promise<TestDevice> {
  const { status, body } = await askForDevice(app, home, { scope: "openid email", ...fields });
  expect(status).toBe(200);
  return body;
}

async function decide(
  device: TestDevice,
  decision = "allow",
  {
    browser = testBrowser(app),
    username = "ada",
  }: { browser?: TestBrowser; username?: string } = {},
) {
  const userCode = device.user_code;
  const asked = await comeToConsent(browser, home, { userCode, username });
  return browser.submit(asked.page("consent").form, { decision });
}

const refused = (error: string) => ({ status: 400, body: { error } });

test("a device asks, its user allows it, and it gets its tokens once", async () => {
  const device = await begun();
  const at = `https://localhost:8443/${home.pool.id}/device`;
  expect(device).toEqual({
    device_code: expect.stringMatching(/^[\w-]{43}$/),
    user_code: expect.stringMatching(/^[B-Z]{4}-[B-Z]{4}$/),
    verification_uri: at,
    verification_uri_complete: `${at}?user_code=${device.user_code}`,
    expires_in: 600,
    interval: 5,
  });
  expect(await poll(app, home, { device })).toMatchObject(refused("authorization_pending"));
  const done = await decide(device);
  expect(done.page("device-done").decision).toBe("allowed");
  const { status, body, headers } = await poll(app, home, { device });
  expect(status).toBe(200);
  expect(headers["cache-control"]).toBe("no-store");
  expect(body).toEqual({
    id_token: expect.any(String),
    access_token: expect.any(String),
    refresh_token: expect.any(String),
    expires_in: 3600,
    token_type: "Bearer",
  });
  expect(parseJws(body.access_token)?.payload).toMatchObject({
    sub: ada.id,
    scope: "openid email",
    version: 2,
  });
  expect(await poll(app, home, { device })).toMatchObject(refused("invalid_grant"));
});

test("a device that is denied gets nothing, and is told so each time", async () => {
  const device = await begun();
  const done = await decide(device, "deny");
  expect(done.page("device-done").decision).toBe("denied");
  expect(await poll(app, home, { device })).toMatchObject(refused("access_denied"));
  expect(await poll(app, home, { device })).toMatchObject(refused("access_denied"));
});

test("a device that asks too often is to ask more slowly each time", async () => {
  const device = await begun();
  expect(await poll(app, home, { device })).toMatchObject(refused("authorization_pending"));
  app.clock.advance(4_000);
  expect(await poll(app, home, { device })).toMatchObject(refused("slow_down"));
  app.clock.advance(9_000);
  expect(await poll(app, home, { device })).toMatchObject(refused("slow_down"));
  app.clock.advance(15_000);
  expect(await poll(app, home, { device })).toMatchObject(refused("authorization_pending"));
  await decide(device);
  expect((await poll(app, home, { device })).status).toBe(200);
});

test("after ten minutes it is over, allowed or not", async () => {
  const [allowed, pending] = [await begun(), await begun()];
  await decide(allowed);
  app.clock.advance(600_000);
  expect(await poll(app, home, { device: allowed })).toMatchObject(refused("expired_token"));
  expect(await poll(app, home, { device: pending })).toMatchObject(refused("expired_token"));
});

describe.each(engines)("on %s", (engine) => {
  beforeEach(async () => {
    await app.close();
    app = await testApp({ engine });
    await start();
  });

  test("of 20 polls at once one gets the tokens", async () => {
    const device = await begun();
    await decide(device);
    const polls = await Promise.all(Array.from({ length: 20 }, () => poll(app, home, { device })));
    const good = polls.filter(({ status }) => status === 200);
    expect(good).toHaveLength(1);
    expect(polls.filter(({ body }) => body.error === "invalid_grant")).toHaveLength(19);
    const { db } = app.context.store;
    const families = await db.selectFrom("token_families").select("user_id").execute();
    expect(families).toEqual([{ user_id: ada.id }]);
  });

  test("of two users who race for one code the first to decide has the device", async () => {
    const eve = await testUser(app, home.pool, { username: "eve" });
    const device = await begun();
    const visits = [];
    for (const username of ["ada", "eve"]) {
      const browser = testBrowser(app);
      const userCode = device.user_code;
      const asked = await comeToConsent(browser, home, { userCode, username });
      visits.push({ browser, form: asked.page("consent").form });
    }
    const done = await Promise.all(
      visits.map(({ browser, form }) => browser.submit(form, { decision: "allow" })),
    );
    expect(done.map(({ status }) => status).sort()).toEqual([200, 400]);
    const winner = done[0]?.status === 200 ? ada : eve;
    const lost = done.find(({ status }) => status === 400);
    expect(lost?.page("error").error).toBe("wrong-user-code");
    const { body } = await poll(app, home, { device });
    expect(parseJws(body.access_token)?.payload["sub"]).toBe(winner.id);
  });

  test("one who denies and one who allows at once leave one decision", async () => {
    await testUser(app, home.pool, { username: "eve" });
    const device = await begun();
    const forms = [];
    for (const [username, decision] of [
      ["ada", "allow"],
      ["eve", "deny"],
    ] as const) {
      const browser = testBrowser(app);
      const userCode = device.user_code;
      const asked = await comeToConsent(browser, home, { userCode, username });
      forms.push({ browser, decision, form: asked.page("consent").form });
    }
    const answers = await Promise.all(
      forms.map(({ browser, form, decision }) => browser.submit(form, { decision })),
    );
    const told = answers.filter(({ status }) => status === 200);
    expect(told).toHaveLength(1);
    const { body } = await poll(app, home, { device });
    const decision = told[0]?.page("device-done").decision;
    expect(body.error).toBe(decision === "denied" ? "access_denied" : undefined);
  });
});

test("the device code is that of one client, in one pool, of a device alone", async () => {
  const device = await begun();
  await decide(device);
  const { pool, client } = home;
  const { settings, extensions } = client;
  const other = { name: "other", settings, extensions };
  const { id } = await createClient(testCall(app), pool, other);
  expect(await poll(app, home, { device, client_id: id })).toMatchObject(refused("invalid_grant"));
  const shown = { device, device_code: device.user_code };
  expect(await poll(app, home, shown)).toMatchObject(refused("invalid_grant"));
  const missing = { device, device_code: "" };
  expect(await poll(app, home, missing)).toMatchObject(refused("invalid_request"));
  await start();
  expect(await poll(app, home, { device })).toMatchObject(refused("invalid_grant"));
});

test("a user who may not sign in by now gives the device nothing", async () => {
  const device = await begun();
  await decide(device);
  const named = { UserPoolId: home.pool.id, Username: "ada" };
  await app.client.send(new AdminDisableUserCommand(named));
  expect(await poll(app, home, { device })).toMatchObject(refused("invalid_grant"));
});

test("it stays signed in when the browser signs out in which it was allowed", async () => {
  await start({ backChannelLogoutUri: "https://app.example.com/logged-out" });
  const device = await begun();
  const browser = testBrowser(app);
  await decide(device, "allow", { browser });
  const { body } = await poll(app, home, { device });
  const out = { client_id: home.client.id, logout_uri: "https://app.example.com/" };
  await browser.get(`/${home.pool.id}/logout?${new URLSearchParams(out)}`);
  const refreshed = await askToken(app, home, {
    grant_type: "refresh_token",
    client_id: home.client.id,
    refresh_token: body.refresh_token,
  });
  expect(refreshed.status).toBe(200);
  const { db } = app.context.store;
  expect(await db.selectFrom("logout_notices").selectAll().execute()).toEqual([]);
});

test("a client without it may neither ask nor redeem", async () => {
  const device = await begun();
  const named = { userPoolId: home.pool.id, clientId: home.client.id };
  await changeClient(testCall(app), named, () => ({ extensions: {} }));
  expect(await askForDevice(app, home)).toMatchObject(refused("unauthorized_client"));
  expect(await poll(app, home, { device })).toMatchObject(refused("unauthorized_client"));
});

test("a confidential client proves itself at both endpoints", async () => {
  await start({}, { secret });
  expect(await askForDevice(app, home)).toMatchObject({
    status: 401,
    body: { error: "invalid_client" },
  });
  const headers = basic(home.client.id, secret);
  const device = await begun({ headers });
  await decide(device);
  expect(await poll(app, home, { device })).toMatchObject(refused("invalid_client"));
  expect((await poll(app, home, { device, headers })).status).toBe(200);
});

test("scopes are those of the client, all of them where none is asked for", async () => {
  expect(await askForDevice(app, home, { scope: "openid admin" })).toMatchObject({ status: 400 });
  const device = await begun({ scope: "" });
  const asked = await comeToConsent(testBrowser(app), home, { userCode: device.user_code });
  expect(asked.page("consent").scopes.map(({ name }) => name)).toEqual(
    home.client.settings.oauth.allowedScopes,
  );
});

test("the resource that a device names is the audience of its token", async () => {
  const device = await begun({ resource: "https://api.example.com/" });
  await decide(device);
  const { body } = await poll(app, home, { device });
  expect(parseJws(body.access_token)?.payload["aud"]).toBe("https://api.example.com/");
  const wrong = await askForDevice(app, home, { resource: "api" });
  expect(wrong).toMatchObject(refused("invalid_target"));
});

test("the tokens of a device are bound to the key that it proves", async () => {
  await start({ dpop: "required" });
  const key = dpopKey();
  const headers = () => ({
    dpop: key.proof({ nowMs: app.clock.now(), htu: endpointUrl(home, "/oauth2/token") }),
  });
  const device = await begun();
  expect(await poll(app, home, { device })).toMatchObject(refused("invalid_dpop_proof"));
  expect(await poll(app, home, { device, headers: headers() })).toMatchObject(
    refused("authorization_pending"),
  );
  await decide(device);
  const { body } = await poll(app, home, { device, headers: headers() });
  expect(body.token_type).toBe("DPoP");
  expect(parseJws(body.access_token)?.payload["cnf"]).toEqual({ jkt: key.jkt });
});

test("secrets are stored nowhere, and polls of a device that waits leave no rows in the trail", async () => {
  const device = await begun();
  for (let n = 0; n < 3; n += 1) await poll(app, home, { device });
  await decide(device);
  await poll(app, home, { device });
  const rows = await app.context.store.db.selectFrom("device_authorizations").selectAll().execute();
  const events = await app.auditEvents();
  const kept = JSON.stringify([rows, events, app.logged]);
  for (const part of [device.device_code, device.user_code]) expect(kept).not.toContain(part);
  const polls = events.filter(({ eventName }) => eventName === "Token_POST");
  expect(polls.map(({ errorCode }) => errorCode)).toEqual([undefined]);
  const decided = events.filter(({ eventName }) => eventName === "Consent_POST");
  expect(decided).toMatchObject([{ additionalEventData: { sub: ada.id, device: "allowed" } }]);
});
