import { AdminListUserAuthEventsCommand } from "@aws-sdk/client-cognito-identity-provider";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { PageName } from "../login/pages.ts";
import { type TestApp, testApp } from "../testing/app.ts";
import { type TestBrowser, testBrowser } from "../testing/browser.ts";
import { lastCode, wrongFor } from "../testing/codes.ts";
import { authorizeUrl, oauthPool, signInOnPage } from "../testing/oauth.ts";
import { passkeySettings } from "../testing/passkeys.ts";
import { password, storedUser, type TestPool, testUser } from "../testing/pools.ts";

/** How often an address and a user may do something on the pages, and what their histories tell of it. */
let app: TestApp;
let home: TestPool;
let browser: TestBrowser;
const address = "203.0.113.7";
beforeEach(async () => {
  app = await testApp({ settings: { rateLimits: true } });
  browser = testBrowser(app, undefined, address);
  home = await oauthPool(app, {
    settings: {
      ...{ autoVerifiedAttributes: ["email"], tier: "PLUS", advancedSecurityMode: "AUDIT" },
    },
  });
  await testUser(app, home.pool, {
    attributes: { email: "ada@example.com", email_verified: "true" },
  });
});
afterEach(() => app.close());

const newPassword = "Another-Horse-7-Staple";
const at = (path: string) => authorizeUrl(home).replace("/oauth2/authorize", path);
const grace = { username: "grace", password, "requiredAttributes[email]": "grace@example.com" };

async function signUp(by = browser) {
  const { form } = (await by.get(at("/signup"))).page("sign-up");
  return (await by.follow(await by.submit(form, grace))).page("confirm");
}

async function forgot(username = "ada", by = browser) {
  const { form } = (await by.get(at("/forgotPassword"))).page("forgot-password");
  return (await by.follow(await by.submit(form, { username }))).page("reset-password");
}

async function count(budget: string): Promise<number> {
  const counter = await app.context.store.db
    .selectFrom("counters")
    .select("count")
    .where("name", "=", `source/${budget}/${address}`)
    .executeTakeFirst();
  return counter?.count ?? 0;
}

async function useUp(budget: string): Promise<void> {
  const { db } = app.context.store;
  const name = `source/${budget}/${address}`;
  await db.deleteFrom("counters").where("name", "=", name).execute();
  const counter = { name, count: 1_000_000, until_ms: app.clock.now() + 3_600_000 };
  await db.insertInto("counters").values(counter).execute();
}

type Form = { action: string; csrf: string };
type Case = {
  readonly budget: string;
  readonly page: PageName;
  form(): Promise<Form>;
  fields(): Record<string, string>;
};

const formOfLink = async () => ({ action: at("/login"), csrf: "" });
const cases: readonly Case[] = [
  {
    ...{ budget: "failures", page: "sign-in" },
    form: async () => (await browser.get(at("/login"))).page("sign-in").form,
    fields: () => ({ username: "ada", password }),
  },
  {
    ...{ budget: "sign-ups", page: "sign-up" },
    form: async () => (await browser.get(at("/signup"))).page("sign-up").form,
    fields: () => grace,
  },
  {
    ...{ budget: "failures", page: "confirm" },
    form: async () => (await signUp()).form,
    fields: () => ({ code: lastCode(app) }),
  },
  {
    ...{ budget: "messages", page: "confirm" },
    form: async () => (await signUp()).resend ?? formOfLink(),
    fields: () => ({}),
  },
  {
    ...{ budget: "messages", page: "forgot-password" },
    form: async () => (await browser.get(at("/forgotPassword"))).page("forgot-password").form,
    fields: () => ({ username: "ada" }),
  },
  {
    ...{ budget: "messages", page: "reset-password" },
    form: async () => (await forgot()).resend,
    fields: () => ({}),
  },
  {
    ...{ budget: "failures", page: "reset-password" },
    form: async () => (await forgot()).form,
    fields: () => ({ code: lastCode(app), password: newPassword }),
  },
];

test.each(cases)(
  "an address that has used up its $budget is stopped on the page $page",
  async (each) => {
    const form = await each.form();
    const fields = each.fields();
    const sent = app.sent.length;
    await useUp(each.budget);
    const stopped = await browser.submit(form, fields);
    expect(stopped.status).toBe(429);
    expect(stopped.page(each.page)).toBeDefined();
    expect(stopped.notice).toEqual({ kind: "error", code: "TooManyRequestsException" });
    expect(app.sent).toHaveLength(sent);
    app.clock.advance(3_600_000);
    expect((await browser.submit(form, fields)).status).not.toBe(429);
  },
);

test("links are guesses as well", async () => {
  const query = new URLSearchParams({
    ...{ client_id: home.client.id, user_name: "ada", confirmation_code: "000000" },
  });
  const followed = () => browser.get(`/${home.pool.id}/confirmUser?${query}`);
  expect((await followed()).status).toBe(400);
  query.set("user_name", "nobody");
  await followed();
  expect(await count("failures")).toBe(2);
  await useUp("failures");
  const stopped = await followed();
  expect([stopped.status, stopped.notice?.code]).toEqual([429, "TooManyRequestsException"]);
});

test("each wrong code counts for its address, and each message that is asked for", async () => {
  const { form } = await signUp();
  await browser.submit(form, { code: wrongFor(lastCode(app)) });
  const reset = await forgot();
  const fields = { code: wrongFor(lastCode(app)), password: newPassword };
  await browser.submit(reset.form, fields);
  await browser.submit(reset.resend, {});
  expect(await count("failures")).toBe(2);
  expect(await count("messages")).toBe(2);
  expect(await count("sign-ups")).toBe(1);
});

test("whoever signs in unconfirmed is sent no more codes than the user and the address may have", async () => {
  await signUp();
  expect(app.sent).toHaveLength(1);
  for (let n = 0; n < 8; n += 1) {
    const visitor = testBrowser(app, undefined, address);
    const led = await signInOnPage(visitor, authorizeUrl(home), { username: "grace" });
    expect(led.location).toContain("/confirm?flow=");
  }
  expect(app.sent).toHaveLength(6);
  expect(await count("messages")).toBe(8);
  app.clock.advance(3_600_000);
  await useUp("messages");
  const led = await signInOnPage(browser, authorizeUrl(home), { username: "grace" });
  const page = (await browser.follow(led)).page("confirm");
  expect(app.sent).toHaveLength(6);
  expect(page.destination).toBeUndefined();
  const done = await browser.submit(page.form, { code: lastCode(app) });
  expect(done.location).toContain("code=");
});

test("a page sends six codes an hour at most, whichever page asks", async () => {
  const { resend } = await signUp();
  if (!resend) throw new Error("no way to ask for another code");
  const statuses: number[] = [];
  for (let n = 0; n < 6; n += 1) statuses.push((await browser.submit(resend, {})).status);
  expect(statuses).toEqual([303, 303, 303, 303, 303, 400]);
  const refused = await browser.submit(resend, {});
  expect(refused.notice?.code).toBe("LimitExceededException");
  expect(refused.page("confirm").resend).toEqual(resend);
});

test("a wrong code is told fifteen times, and then the right one is worth nothing either", async () => {
  const { form } = await signUp();
  const wrong = { code: wrongFor(lastCode(app)) };
  for (let n = 0; n < 15; n += 1) {
    expect((await browser.submit(form, wrong)).notice?.code).toBe("CodeMismatchException");
  }
  const stopped = await browser.submit(form, { code: lastCode(app) });
  expect(stopped.notice?.code).toBe("LimitExceededException");
  expect((await storedUser(app, home, "grace"))?.status).toBe("UNCONFIRMED");
});

async function told(Username: string) {
  const { AuthEvents = [] } = await app.client.send(
    new AdminListUserAuthEventsCommand({ UserPoolId: home.pool.id, Username }),
  );
  return AuthEvents.reverse().map(
    ({ EventType, EventResponse }) => `${EventType} ${EventResponse}`,
  );
}

test("the history of a user tells of the sign-up, and of the sign-in that its confirmation is", async () => {
  const { form, resend } = await signUp();
  if (resend) await browser.submit(resend, {});
  await browser.submit(form, { code: wrongFor(lastCode(app)) });
  await browser.submit(form, { code: lastCode(app) });
  expect(await told("grace")).toEqual(["SignUp Pass", "ResendCode Pass", "SignIn Pass"]);
});

test("it tells of forgotten passwords, and of sign-ins once each", async () => {
  const { form } = await forgot();
  await browser.submit(form, { code: wrongFor(lastCode(app)), password: newPassword });
  await browser.submit(form, { code: lastCode(app), password: newPassword });
  const again = { username: "ada", password: newPassword };
  await signInOnPage(browser, authorizeUrl(home), { username: "ada", password: "wrong" });
  await signInOnPage(browser, authorizeUrl(home), again);
  await signInOnPage(browser, authorizeUrl(home, { prompt: "login" }), again);
  expect(await told("ada")).toEqual([
    "ForgotPassword InProgress",
    "ForgotPassword Fail",
    "ForgotPassword Pass",
    "SignIn Fail",
    "SignIn Pass",
    "SignIn Pass",
  ]);
});

test("a pool that is not watched keeps no history of confirmations either", async () => {
  home = await oauthPool(app, { settings: { autoVerifiedAttributes: ["email"] } });
  const { form } = await signUp();
  await browser.submit(form, { code: lastCode(app) });
  const { db } = app.context.store;
  expect(await db.selectFrom("auth_events").selectAll().execute()).toEqual([]);
});

test("what a page offers for passkeys is no reason to write, however often an address is refused", async () => {
  home = await oauthPool(app, { settings: passkeySettings });
  const { form } = (await browser.get(at("/login"))).page("sign-in");
  await useUp("failures");
  const stopped = await browser.submit(form, { username: "ada", password });
  expect(stopped.page("sign-in").passkey).toBeDefined();
  const { db } = app.context.store;
  expect(await db.selectFrom("login_flows").selectAll().execute()).toEqual([]);
});
