import { afterEach, beforeEach, expect, test } from "vitest";
import { changeClient } from "../domain/clients/change.ts";
import { type TestApp, testApp } from "../testing/app.ts";
import { testBrowser, type Visit } from "../testing/browser.ts";
import {
  askForDevice,
  comeToConsent,
  enterCode,
  poll,
  type TestDevice,
} from "../testing/device.ts";
import { authorizeUrl, oauthPool, signInOnPage } from "../testing/oauth.ts";
import { password, type TestPool, testCall, testUser } from "../testing/pools.ts";

let app: TestApp;
let home: TestPool;
async function start(settings = {}) {
  app = await testApp({ settings });
  home = await oauthPool(app, { clientExtensions: { deviceAuthorization: "on" } });
  await testUser(app, home.pool);
}
beforeEach(() => start());
afterEach(() => app.close());

const begun = async (): Promise<TestDevice> =>
  (await askForDevice(app, home, { scope: "openid email" })).body;
const page = (query = "") => `/${home.pool.id}/device${query}`;

function expectWrongCode(visit: Visit) {
  expect(visit.status).toBe(400);
  expect(visit.page("device").form.action).toBe(page());
  expect(visit.notice).toEqual({ kind: "error", code: "wrong-user-code" });
}

test("the code of an address is shown, and looked up by nobody before it is sent", async () => {
  const { user_code: code } = await begun();
  const browser = testBrowser(app);
  const shown = await browser.get(page(`?user_code=${code.toLowerCase()}`));
  expect(shown.page("device").userCode).toBe(code);
  expect((await browser.get(page("?user_code=<b>"))).page("device").userCode).toBe("");
  expect((await browser.get(page())).page("device").userCode).toBe("");
  expect(shown.headers["content-security-policy"]).toMatch(/form-action 'self';/);
  expect(shown.headers["x-frame-options"]).toBe("DENY");
});

test("a user signs in, and sees who asks for what, on which device", async () => {
  const { user_code: userCode } = await begun();
  const browser = testBrowser(app);
  const entered = await enterCode(browser, home, userCode.toLowerCase().replace("-", " "));
  expect(entered.status).toBe(303);
  expect(entered.location).toMatch(/\/login\?device_handle=[\w-]{43}$/);
  const signIn = (await browser.follow(entered)).page("sign-in");
  const asked = await browser.follow(
    await browser.submit(signIn.form, { username: "ada", password }),
  );
  expect(asked.page("consent")).toMatchObject({
    ...{ clientName: "test", username: "ada", userCode },
    scopes: [{ name: "openid" }, { name: "email" }],
  });
});

test("who is signed in is asked all the same, each time", async () => {
  const browser = testBrowser(app);
  await signInOnPage(browser, authorizeUrl(home), { username: "ada" });
  for (let n = 0; n < 2; n += 1) {
    const { user_code: userCode } = await begun();
    const entered = await enterCode(browser, home, userCode);
    const asked = await browser.follow(entered);
    const done = await browser.submit(asked.page("consent").form, { decision: "allow" });
    expect(done.page("device-done").decision).toBe("allowed");
  }
});

test("a code that no device shows is told, as one that was used or is over", async () => {
  const [used, late] = [await begun(), await begun()];
  const browser = testBrowser(app);
  expectWrongCode(await enterCode(browser, home, "BBBB-CCCC"));
  expectWrongCode(await enterCode(browser, home, "nonsense"));
  expectWrongCode(await enterCode(browser, home, ""));
  const asked = await comeToConsent(browser, home, { userCode: used.user_code });
  await browser.submit(asked.page("consent").form, { decision: "allow" });
  expectWrongCode(await enterCode(browser, home, used.user_code));
  await poll(app, home, { device: used });
  expectWrongCode(await enterCode(browser, home, used.user_code));
  app.clock.advance(600_000);
  expectWrongCode(await enterCode(browser, home, late.user_code));
});

test("a code is that of one pool", async () => {
  const { user_code: userCode } = await begun();
  home = await oauthPool(app, { clientExtensions: { deviceAuthorization: "on" } });
  expectWrongCode(await enterCode(testBrowser(app), home, userCode));
});

test("a browser that has tried ten codes is locked for a while, the right one included", async () => {
  const browser = testBrowser(app);
  const { form } = (await browser.get(page())).page("device");
  const { user_code: userCode } = await begun();
  const tries = await Promise.all(
    Array.from({ length: 15 }, () => browser.submit(form, { user_code: "BBBB-CCCC" })),
  );
  const told = (code: string) => tries.filter(({ notice }) => notice?.code === code);
  expect(told("wrong-user-code")).toHaveLength(10);
  expect(told("locked")).toHaveLength(5);
  const locked = await browser.submit(form, { user_code: userCode });
  expect(locked.notice?.code).toBe("locked");
  expect((await enterCode(testBrowser(app), home, userCode)).status).toBe(303);
  app.clock.advance(15 * 60_000);
  const fresh = await begun();
  expect((await browser.submit(form, { user_code: fresh.user_code })).status).toBe(303);
});

test("an address that guesses in ever new browsers is stopped", async () => {
  await app.close();
  await start({ rateLimits: true });
  const { user_code: userCode } = await begun();
  const guess = (code: string) => enterCode(testBrowser(app, undefined, "203.0.113.7"), home, code);
  const first = await guess("BBBB-CCCC");
  expect(first.notice?.code).toBe("wrong-user-code");
  for (let n = 1; n < 100; n += 1) await guess("BBBB-CCCC");
  const stopped = await guess(userCode);
  expect((await enterCode(testBrowser(app), home, userCode)).status).toBe(303);
  expect(stopped.status).toBe(429);
  expect(stopped.notice?.code).toBe("TooManyRequestsException");
});

test("what one browser found is nothing in another, before sign-in and after", async () => {
  const { user_code: userCode } = await begun();
  const browser = testBrowser(app);
  const entered = await enterCode(browser, home, userCode);
  const other = testBrowser(app);
  await signInOnPage(other, authorizeUrl(home), { username: "ada" });
  expect((await other.follow(entered)).page("error").error).toBe("session-expired");
  const asks = await browser.submit((await browser.follow(entered)).page("sign-in").form, {
    ...{ username: "ada", password },
  });
  expect((await other.follow(asks)).page("error").error).toBe("session-expired");
  expect((await browser.follow(asks)).page("consent").userCode).toBe(userCode);
  // The name that the browser had before the sign-in is worth nothing any more.
  expect((await browser.follow(entered)).page("error").error).toBe("session-expired");
});

test("forms of other sites and other browsers count for nothing", async () => {
  const { user_code: userCode } = await begun();
  const browser = testBrowser(app);
  const { form } = (await browser.get(page())).page("device");
  const foreign = { origin: "https://evil.example", "sec-fetch-site": "cross-site" };
  const fields = { user_code: userCode, _csrf: form.csrf };
  expect((await browser.post(form.action, fields, foreign)).status).toBe(403);
  expect((await browser.post(form.action, { user_code: userCode })).status).toBe(403);
  expect((await testBrowser(app).post(form.action, fields)).status).toBe(403);
  const asked = await comeToConsent(browser, home, { userCode });
  const { action } = asked.page("consent").form;
  const allow = { decision: "allow", _csrf: form.csrf };
  expect((await browser.post(action, allow)).status).toBe(403);
});

test("a question is answered once", async () => {
  const { user_code: userCode } = await begun();
  const browser = testBrowser(app);
  const { form } = (await comeToConsent(browser, home, { userCode })).page("consent");
  const answers = await Promise.all(
    ["allow", "deny", "allow", "deny"].map((decision) => browser.submit(form, { decision })),
  );
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
});

test("what the client has lost meanwhile is not allowed", async () => {
  const { user_code: userCode } = await begun();
  const browser = testBrowser(app);
  const { form } = (await comeToConsent(browser, home, { userCode })).page("consent");
  const named = { userPoolId: home.pool.id, clientId: home.client.id };
  await changeClient(testCall(app), named, () => ({ extensions: {} }));
  const done = await browser.submit(form, { decision: "allow" });
  expect(done.page("error").error).toBe("unauthorized_client");
});

test("the language that was chosen goes along", async () => {
  const { user_code: userCode } = await begun();
  const browser = testBrowser(app);
  const shown = await browser.get(page("?lang=de"));
  const { csrf } = shown.page("device").form;
  const entered = await browser.submit({ action: page("?lang=de"), csrf }, { user_code: userCode });
  expect((await browser.follow(entered)).lang).toBe("de");
});

test("wrong codes leave rows in the trail, without the codes", async () => {
  const browser = testBrowser(app);
  await enterCode(browser, home, "BBBB-CCCC");
  const rows = (await app.auditEvents()).filter(({ eventName }) => eventName === "Device_POST");
  expect(rows).toMatchObject([{ errorCode: "wrong-user-code" }]);
  expect(JSON.stringify(rows)).not.toContain("BBBB");
});
