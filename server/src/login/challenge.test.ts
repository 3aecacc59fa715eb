import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { noFactors } from "../domain/mfa/factors.ts";
import type { User } from "../domain/users/user.ts";
import { type TestApp, testApp } from "../testing/app.ts";
import { type TestBrowser, testBrowser, type Visit } from "../testing/browser.ts";
import { deliverOutbox, lastCode, wrongFor } from "../testing/codes.ts";
import {
  awaitStep,
  mfaSettings,
  setUpApp,
  signInByCode,
  totpAt,
  wrongTotp,
} from "../testing/mfa.ts";
import { answerIn, authorizeUrl, oauthPool, signInOnPage } from "../testing/oauth.ts";
import { type TestPool, type TestPoolOptions, testUser } from "../testing/pools.ts";
import { signInByPassword, tokensOf } from "../testing/sign-in.ts";
import { createRecoveryCodes } from "../testing/unsigned-call.ts";
import type { PageName } from "./pages.ts";

let app: TestApp;
let browser: TestBrowser;
beforeEach(async () => {
  app = await testApp();
  awaitStep(app);
  browser = testBrowser(app);
});
afterEach(() => app.close());

const contacts = {
  ...{ email: "ada@example.com", email_verified: "true" },
  ...{ phone_number: "+12065550100", phone_number_verified: "true" },
};

/** A pool with every second factor, and one user. */
async function poolWith(
  user: Partial<User> = {},
  options: TestPoolOptions = {},
): Promise<TestPool> {
  const home = await oauthPool(app, {
    ...options,
    settings: { ...mfaSettings, ...options.settings },
  });
  await testUser(app, home.pool, { attributes: contacts, ...user });
  return home;
}

/** A pool whose user has an app; answers its secret as well. */
async function poolWithApp(options: TestPoolOptions = {}) {
  const home = await poolWith({}, options);
  const { access } = await tokensOf(app, home);
  const secret = await setUpApp(app, access);
  app.clock.advance(30_000);
  return { home, secret, access };
}

const withEnabled = (...enabled: User["factors"]["enabled"]) => ({
  factors: { ...noFactors, enabled },
});

/** The password is right, and more is asked at an address of its own. */
async function begin(home: TestPool, path: "mfa" | "challenge"): Promise<Visit> {
  const sent = await signInOnPage(browser, authorizeUrl(home), { username: "ada" });
  expect(sent.status).toBe(303);
  expect(sent.location).toMatch(new RegExp(`^/${home.pool.id}/${path}\\?flow=[\\w-]{43}$`));
  expect(await isSignedIn(home)).toBe(false);
  await deliverOutbox(app);
  return browser.follow(sent);
}

async function isSignedIn(home: TestPool): Promise<boolean> {
  return answerIn(await browser.get(authorizeUrl(home, { prompt: "none" }))).has("code");
}

const submit = (shown: Visit, name: FormPage, fields: Record<string, string>) =>
  browser.submit(shown.page(name).form, fields);

type FormPage = Extract<
  PageName,
  "code" | "new-password" | "choose-mfa" | "set-up-app" | "set-up-email" | "password"
>;

/** The wrong answer leaves the page open, with a notice that says so. */
async function expectOpen(
  home: TestPool,
  again: Visit,
  { name, code }: { name: FormPage; code: string },
): Promise<void> {
  expect(again.status).toBe(400);
  expect(again.notice).toMatchObject({ kind: "error", code });
  expect(again.page(name).form.action).toMatch(/\?flow=/);
  expect(await isSignedIn(home)).toBe(false);
}

/** The client has its code, and the browser is signed in. */
async function expectIn(home: TestPool, done: Visit): Promise<void> {
  expect(done.status).toBe(303);
  expect(answerIn(done).get("code")).toMatch(/^[\w-]{43}$/);
  expect(await isSignedIn(home)).toBe(true);
}

describe("a new password", () => {
  const fresh = "Another-Horse-7-Cell";

  test("is taken in place of a temporary one, and not if it breaks the rules or differs", async () => {
    const home = await poolWith({
      status: "FORCE_CHANGE_PASSWORD",
      temporaryPasswordExpiresAtMs: app.clock.now() + 60_000,
    });
    const shown = await begin(home, "challenge");
    expect(shown.page("new-password")).toMatchObject({ username: "ada", fields: [] });
    const send = (password: string, confirmPassword: string) =>
      submit(shown, "new-password", { password, confirmPassword });
    const weak = await send("short", "short");
    await expectOpen(home, weak, { name: "new-password", code: "InvalidPasswordException" });
    expect(weak.notice?.detail).toMatch(/^Password/);
    const other = await send(fresh, `${fresh}!`);
    expect(other.status).toBe(400);
    expect(other.notice?.kind).toBe("error");
    await expectIn(home, await send(fresh, fresh));
    await expect(signInByPassword(app, home)).rejects.toThrow();
    await expect(signInByPassword(app, home, { password: fresh })).resolves.toBeDefined();
  });
});

describe("a second factor", () => {
  test("by an app", async () => {
    const { home, secret } = await poolWithApp();
    const shown = await begin(home, "mfa");
    expect(shown.page("code")).toMatchObject({
      ...{ factor: "SOFTWARE_TOKEN_MFA", takesRecoveryCode: false },
    });
    const wrong = await submit(shown, "code", { code: wrongTotp(app, secret) });
    await expectOpen(home, wrong, { name: "code", code: "CodeMismatchException" });
    const none = await submit(shown, "code", {});
    expect(none.status).toBe(400);
    const code = totpAt(app, secret);
    // As it is copied from an app.
    await expectIn(
      home,
      await submit(wrong, "code", { code: `${code.slice(0, 3)} ${code.slice(3)}` }),
    );
  });

  test.each([
    ["SMS_MFA", "+*******0100"],
    ["EMAIL_OTP", "a***@e***"],
  ] as const)("by %s, whose page says to where, and no more", async (factor, destination) => {
    const home = await poolWith(withEnabled(factor));
    const path = factor === "SMS_MFA" ? "mfa" : "challenge";
    const shown = await begin(home, path);
    expect(shown.page("code")).toMatchObject({ factor, destination });
    expect(shown.body).not.toContain("+12065550100");
    expect(shown.body).not.toContain("ada@example.com");
    const code = lastCode(app);
    expect(shown.body).not.toContain(code);
    const wrong = await submit(shown, "code", { code: wrongFor(code) });
    await expectOpen(home, wrong, { name: "code", code: "CodeMismatchException" });
    await expectIn(home, await submit(wrong, "code", { code }));
  });

  test("may be chosen where there are several", async () => {
    const home = await poolWith(withEnabled("SMS_MFA", "EMAIL_OTP"));
    const shown = await begin(home, "mfa");
    expect(shown.page("choose-mfa")).toMatchObject({
      ...{ purpose: "pass", factors: ["SMS_MFA", "EMAIL_OTP"] },
    });
    const wrong = await submit(shown, "choose-mfa", { answer: "SOFTWARE_TOKEN_MFA" });
    expect(wrong.status).toBe(400);
    expect(wrong.notice?.kind).toBe("error");
    const chosen = await submit(shown, "choose-mfa", { answer: "EMAIL_OTP" });
    expect(chosen.status).toBe(303);
    await deliverOutbox(app);
    const asked = await browser.follow(chosen);
    expect(asked.page("code").factor).toBe("EMAIL_OTP");
    await expectIn(home, await submit(asked, "code", { code: lastCode(app) }));
  });

  test("that is lost: a recovery code is as good, once", async () => {
    const { home, secret } = await poolWithApp({ extensions: { recoveryCodes: "on" } });
    const access = await signInByCode(app, home, totpAt(app, secret));
    const [recovery = ""] = await createRecoveryCodes(app, access);
    const shown = await begin(home, "mfa");
    expect(shown.page("code").takesRecoveryCode).toBe(true);
    const wrong = await submit(shown, "code", { code: "A".repeat(10) });
    await expectOpen(home, wrong, { name: "code", code: "CodeMismatchException" });
    await expectIn(home, await submit(shown, "code", { code: recovery }));
    browser.cookies.clear();
    const again = await begin(home, "mfa");
    const used = await submit(again, "code", { code: recovery });
    await expectOpen(home, used, { name: "code", code: "CodeMismatchException" });
  });
});

describe("a second factor is set up on the way in where it must be", () => {
  const required = { ...mfaSettings, mfaConfiguration: "ON" } as const;
  const bare = { attributes: {} };

  test("by an app", async () => {
    const mfa = { ...required.mfa, sms: false };
    const { email: _, ...onlyApp } = mfa;
    const home = await poolWith(bare, { settings: { ...required, mfa: onlyApp } });
    const shown = await begin(home, "mfa");
    const { secret, uri } = shown.page("set-up-app");
    expect(secret).toMatch(/^[A-Z2-7]{32,}$/);
    expect(new URL(uri).searchParams.get("secret")).toBe(secret);
    const wrong = await submit(shown, "set-up-app", { code: wrongTotp(app, secret) });
    expect(wrong.page("set-up-app").secret).toBe(secret);
    await expectOpen(home, wrong, { name: "set-up-app", code: "EnableSoftwareTokenMFAException" });
    const done = await submit(wrong, "set-up-app", { code: totpAt(app, secret) });
    await expectIn(home, done);
    browser.cookies.clear();
    expect((await begin(home, "mfa")).page("code").factor).toBe("SOFTWARE_TOKEN_MFA");
  });

  test("by e-mail", async () => {
    const home = await poolWith(bare, {
      settings: { ...required, mfa: { sms: false, softwareToken: false, email: {} } },
    });
    const shown = await begin(home, "mfa");
    const wrong = await submit(shown, "set-up-email", { email: "nobody" });
    await expectOpen(home, wrong, { name: "set-up-email", code: "InvalidParameterException" });
    const sent = await submit(shown, "set-up-email", { email: "ada@example.com" });
    expect(sent.status).toBe(303);
    await deliverOutbox(app);
    const asked = await browser.follow(sent);
    expect(asked.page("code").factor).toBe("EMAIL_OTP");
    const code = lastCode(app);
    const mistaken = await submit(asked, "code", { code: wrongFor(code) });
    await expectOpen(home, mistaken, { name: "code", code: "CodeMismatchException" });
    await expectIn(home, await submit(asked, "code", { code }));
  });

  test("by the one that the user chooses", async () => {
    const home = await poolWith(bare, { settings: required });
    const shown = await begin(home, "mfa");
    const { purpose, factors } = shown.page("choose-mfa");
    expect(purpose).toBe("set-up");
    expect(factors).toContain("SOFTWARE_TOKEN_MFA");
    const chosen = await submit(shown, "choose-mfa", { answer: "SOFTWARE_TOKEN_MFA" });
    const asked = await browser.follow(chosen);
    const { secret } = asked.page("set-up-app");
    await expectIn(home, await submit(asked, "set-up-app", { code: totpAt(app, secret) }));
  });
});

describe("a step of a sign-in", () => {
  test("that took too long says so, and gives nothing", async () => {
    const { home, secret } = await poolWithApp();
    const shown = await begin(home, "mfa");
    app.clock.advance(home.client.settings.authSessionValidityMinutes * 60_000);
    const late = await submit(shown, "code", { code: totpAt(app, secret) });
    expect(late.status).toBe(400);
    expect(late.notice?.kind).toBe("error");
    expect(late.page("code").startOverUrl).toMatch(/\/login\?/);
    app.clock.advance(15 * 60_000);
    const over = await submit(shown, "code", { code: totpAt(app, secret) });
    expect(over.status).toBe(400);
    expect(over.page("error").error).toBe("session-expired");
    expect(await isSignedIn(home)).toBe(false);
  });

  test("is passed once: its form sent again gives no second code", async () => {
    const { home, secret } = await poolWithApp();
    const shown = await begin(home, "mfa");
    const fields = { code: totpAt(app, secret) };
    const kept = new Map(browser.cookies);
    await expectIn(home, await submit(shown, "code", fields));
    browser.cookies.clear();
    for (const [name, value] of kept) browser.cookies.set(name, value);
    app.clock.advance(30_000);
    const again = await submit(shown, "code", { code: totpAt(app, secret) });
    expect(again.location).toBeUndefined();
    expect(await isSignedIn(home)).toBe(false);
  });

  test("is of no use in another browser, at another pool, or made up", async () => {
    const { home, secret } = await poolWithApp();
    const shown = await begin(home, "mfa");
    const { action } = shown.page("code").form;
    const other = testBrowser(app);
    const elsewhere = await poolWithApp();
    // Each has a form of its own, so that the flow alone is what is wrong.
    const csrfOf = async (by: TestBrowser, at: TestPool) =>
      (await by.follow(await by.get(authorizeUrl(at)))).page("sign-in").form.csrf;
    const code = totpAt(app, secret);
    for (const [by, at, url] of [
      [other, home, action],
      [browser, elsewhere.home, action.replace(home.pool.id, elsewhere.home.pool.id)],
      [browser, home, action.replace(/flow=[\w-]+/, `flow=${"A".repeat(43)}`)],
      [browser, home, action.replace(/\?flow=.*/, "")],
    ] as const) {
      const csrf = await csrfOf(by, at);
      expect((await by.get(url)).page("error").error).toBe("session-expired");
      const refused = await by.post(url, { _csrf: csrf, code });
      expect(refused.status).toBe(400);
      expect(refused.page("error").error).toBe("session-expired");
    }
    await expectIn(home, await submit(shown, "code", { code }));
  });

  test("locks after too many wrong codes, and says so", async () => {
    const { home, secret } = await poolWithApp();
    const shown = await begin(home, "mfa");
    const codes: string[] = [];
    for (let guess = 0; guess < 6; guess += 1) {
      const visit = await submit(shown, "code", { code: wrongTotp(app, secret) });
      codes.push(visit.notice?.code ?? "none");
    }
    expect(codes.slice(0, 2)).toEqual(["CodeMismatchException", "CodeMismatchException"]);
    expect(codes.at(-1)).toBe("locked");
    const right = await submit(shown, "code", { code: totpAt(app, secret) });
    expect(right.notice?.code).toBe("locked");
    expect(await isSignedIn(home)).toBe(false);
  });

  test("has a row in the trail that names the challenge and no answer", async () => {
    const { home, secret } = await poolWithApp();
    const code = totpAt(app, secret);
    await expectIn(home, await submit(await begin(home, "mfa"), "code", { code }));
    const rows = await app.auditEvents();
    const row = rows.find(({ eventName }) => eventName === "Mfa_POST");
    expect(row?.requestParameters).toEqual({ challengeName: "SOFTWARE_TOKEN_MFA" });
    expect(JSON.stringify(rows)).not.toContain(`"${code}"`);
  });
});
