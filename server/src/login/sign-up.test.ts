import { CreateTermsCommand } from "@aws-sdk/client-cognito-identity-provider";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { UserPoolSettings } from "../domain/pools/pool.ts";
import { type TestApp, testApp } from "../testing/app.ts";
import { type TestBrowser, testBrowser } from "../testing/browser.ts";
import { answerIn, authorizeUrl, oauthPool, signInOnPage } from "../testing/oauth.ts";
import { passkeySettings } from "../testing/passkeys.ts";
import { password, storedUser, type TestPool, testUser } from "../testing/pools.ts";
import { handleTriggers, type TriggerEvent, triggersOf } from "../testing/triggers.ts";

let app: TestApp;
let home: TestPool;
let browser: TestBrowser;

const byEmail: Partial<UserPoolSettings> = {
  usernameAttributes: ["email"],
  autoVerifiedAttributes: ["email"],
};

async function open(settings: Partial<UserPoolSettings> = byEmail, secret?: string): Promise<void> {
  home = await oauthPool(app, { settings, ...(secret ? { secret } : {}) });
}

beforeEach(async () => {
  app = await testApp();
  browser = testBrowser(app);
  await open();
});
afterEach(() => app.close());

const signUpUrl = () => authorizeUrl(home).replace("/oauth2/authorize", "/signup");
const grace = "grace@example.com";
const codeSent = () => app.sent.at(-1)?.code ?? "";

async function signUp(fields: Record<string, string> = {}) {
  const page = (await browser.get(signUpUrl())).page("sign-up");
  return browser.submit(page.form, { username: grace, password, ...fields });
}

test("a new user gets a code, confirms the account with it, and comes back to the client signed in", async () => {
  const confirm = (await browser.follow(await signUp())).page("confirm");
  expect(confirm.destination).toBe("g***@e***");
  const done = await browser.submit(confirm.form, { code: codeSent() });
  expect(done.status).toBe(303);
  expect(answerIn(done).get("code")).toMatch(/^[\w-]{43}$/);
  expect(answerIn(done).get("state")).toBe("state-1");
  expect(await storedUser(app, home, grace)).toMatchObject({ status: "CONFIRMED" });
});

test("a client's secret is not asked of the pages", async () => {
  await open(byEmail, "s".repeat(40));
  const confirm = (await browser.follow(await signUp())).page("confirm");
  const done = await browser.submit(confirm.form, { code: codeSent() });
  expect(answerIn(done).get("code")).toBeTruthy();
});

test("a wrong code leaves the page open, and another one can be sent", async () => {
  const shown = (await browser.follow(await signUp())).page("confirm");
  const wrong = await browser.submit(shown.form, { code: "000000" });
  expect(wrong.status).toBe(400);
  expect(wrong.notice).toEqual({ kind: "error", code: "CodeMismatchException" });
  const [first] = [codeSent()];
  if (!shown.resend) throw new Error("no way to ask for another code");
  const again = await browser.follow(await browser.submit(shown.resend, {}));
  expect(again.notice).toEqual({ kind: "info", code: "code-sent" });
  expect(app.sent).toHaveLength(2);
  expect(codeSent()).not.toBe(first);
  const done = await browser.submit(again.page("confirm").form, { code: codeSent() });
  expect(answerIn(done).get("code")).toBeTruthy();
});

test("where the code could not be sent the account is there, and another code confirms it", async () => {
  app.mail.broken = true;
  const shown = await browser.follow(await signUp());
  expect(shown.notice).toEqual({ kind: "error", code: "CodeDeliveryFailureException" });
  const { resend } = shown.page("confirm");
  if (!resend) throw new Error("no way to ask for another code");
  const failed = await browser.submit(resend, {});
  expect([failed.status, failed.notice?.code]).toEqual([400, "CodeDeliveryFailureException"]);
  app.mail.broken = false;
  const again = (await browser.follow(await browser.submit(resend, {}))).page("confirm");
  expect(again.destination).toBe("g***@e***");
  const done = await browser.submit(again.form, { code: codeSent() });
  expect(answerIn(done).get("code")).toBeTruthy();
});

test("where nothing is verified no code is offered", async () => {
  await open({});
  const page = (await browser.follow(await signUp({ username: "grace" }))).page("confirm");
  expect(page.resend).toBeUndefined();
});

test("a second factor that the pool asks of everybody is set up before the client hears of the user", async () => {
  await open({ ...byEmail, mfaConfiguration: "ON", mfa: { sms: false, softwareToken: true } });
  const confirm = (await browser.follow(await signUp())).page("confirm");
  const led = await browser.submit(confirm.form, { code: codeSent() });
  expect(led.location).toContain("/mfa?flow=");
  expect((await browser.follow(led)).page("set-up-app").secret).toBeTruthy();
  expect((await browser.get(authorizeUrl(home, { prompt: "none" }))).location).toContain(
    "error=login_required",
  );
});

test("an account without a password is made and signed in by the code alone, where the pool takes such users", async () => {
  await open({ ...byEmail, allowedFirstAuthFactors: ["PASSWORD", "EMAIL_OTP"] });
  const page = (await browser.get(signUpUrl())).page("sign-up");
  expect(page.passwordIsOptional).toBe(true);
  const confirm = await browser.follow(await browser.submit(page.form, { username: grace }));
  const done = await browser.submit(confirm.page("confirm").form, { code: codeSent() });
  expect(answerIn(done).get("code")).toBeTruthy();
  expect((await storedUser(app, home, grace))?.passwordHash).toBeNull();
});

test("where the sign-in after the confirmation is refused the account is confirmed, and its name filled in", async () => {
  await open({ ...byEmail, lambdaConfig: triggersOf("PreAuthentication") });
  handleTriggers(app, {
    PreAuthentication() {
      throw new Error("Not before noon.");
    },
  });
  const { form } = (await browser.follow(await signUp())).page("confirm");
  const refused = await browser.submit(form, { code: codeSent() });
  expect(refused.status).toBe(400);
  expect(refused.page("sign-in").username).toBe(grace);
  expect(refused.notice?.detail).toContain("Not before noon.");
  expect((await storedUser(app, home, grace))?.status).toBe("CONFIRMED");
});

test("whom the pool's function confirms goes straight on, and whom it refuses is told why", async () => {
  await open({ ...byEmail, lambdaConfig: triggersOf("PreSignUp") });
  handleTriggers(app, {
    PreSignUp(event) {
      if (isStranger(event)) throw new Error("By invitation only.");
      event.response["autoConfirmUser"] = true;
    },
  });
  const refused = await signUp({ username: "eve@example.com" });
  expect(refused.notice).toMatchObject({
    code: "UserLambdaValidationException",
    detail: expect.stringContaining("By invitation only."),
  });
  expect(refused.page("sign-up").username).toBe("eve@example.com");
  expect(answerIn(await signUp()).get("code")).toBeTruthy();
  expect(app.sent).toEqual([]);
});

function isStranger({ request }: TriggerEvent): boolean {
  return JSON.stringify(request).includes("eve@");
}

test("whoever signs in without having confirmed is led to the code", async () => {
  await signUp();
  const other = testBrowser(app);
  const led = await signInOnPage(other, authorizeUrl(home), { username: grace });
  const confirm = (await other.follow(led)).page("confirm");
  const done = await other.submit(confirm.form, { code: codeSent() });
  expect(answerIn(done).get("code")).toBeTruthy();
});

test("so is whoever is asked for the name first, and for the password then", async () => {
  await open({ ...byEmail, ...passkeySettings });
  await signUp();
  const other = testBrowser(app);
  const { form } = (await other.follow(await other.get(authorizeUrl(home)))).page("sign-in");
  const asked = (await other.follow(await other.submit(form, { username: grace }))).page(
    "password",
  );
  expect(asked.forgotPasswordUrl).toContain("/forgotPassword?");
  const wrong = await other.submit(asked.form, { password: "wrong" });
  expect(wrong.location).toContain("/confirm?flow=");
  const led = await other.submit(asked.form, { password });
  const confirm = (await other.follow(led)).page("confirm");
  const done = await other.submit(confirm.form, { code: codeSent() });
  expect(answerIn(done).get("code")).toBeTruthy();
});

test("the form asks for what the pool requires, and shows again what was typed but the password", async () => {
  await open({
    ...byEmail,
    schema: home.pool.settings.schema.map((each) =>
      each.name === "given_name" ? { ...each, required: true } : each,
    ),
  });
  const page = (await browser.get(signUpUrl())).page("sign-up");
  expect(page.fields.map(({ name, required }) => ({ name, required }))).toEqual([
    { name: "given_name", required: true },
  ]);
  const fields = { username: grace, password: "short", "requiredAttributes[given_name]": "Grace" };
  const wrong = await browser.submit(page.form, fields);
  expect(wrong.notice).toMatchObject({ kind: "error", code: "InvalidPasswordException" });
  expect(wrong.page("sign-up")).toMatchObject({
    username: grace,
    fields: [{ name: "given_name", value: "Grace" }],
  });
  expect(wrong.body).not.toContain("short");
});

test.each([
  ["a name longer than the API takes", { username: "g".repeat(129) }],
  ["a name that would fill a page", { username: "g".repeat(40_000) }],
  ["a name with a blank", { username: "grace hopper" }],
  ["a name with a character that nobody sees", { username: "grace\u0007" }],
  ["a name of nothing", { username: "" }],
  ["a password longer than any", { password: `${password}${"x".repeat(300)}` }],
  ["a password with a blank at its end", { password: `${password} ` }],
  ["a password that is not repeated", { confirmPassword: "Another-Horse-7-Staple" }],
  ["an attribute that would fill a page", { "requiredAttributes[given_name]": "G".repeat(3000) }],
  ["an attribute that the pool does not have", { "requiredAttributes[custom:role]": "admin" }],
  ["an attribute that only a code proves", { "requiredAttributes[email_verified]": "true" }],
  ["an attribute that is nobody's to choose", { "requiredAttributes[sub]": "1" }],
  ["an attribute of objects", { "requiredAttributes[__proto__]": "1" }],
])("%s makes nobody, and the page says so", async (_what, fields) => {
  await open({ autoVerifiedAttributes: ["email"] });
  const given = { "requiredAttributes[email]": grace, username: "grace", ...fields };
  const refused = await signUp(given);
  expect(refused.status).toBe(400);
  expect(refused.page("sign-up").form.action).toContain("/signup?");
  expect(refused.notice?.kind).toBe("error");
  const { db } = app.context.store;
  expect(await db.selectFrom("users").selectAll().execute()).toEqual([]);
});

test("a name that is taken is told, as the API tells it", async () => {
  await testUser(app, home.pool, { attributes: { email: grace, email_verified: "true" } });
  const taken = await signUp();
  expect(taken.notice).toMatchObject({ code: "UsernameExistsException" });
});

test("a pool where nobody signs up alone has no page for it", async () => {
  await open({ ...byEmail, adminCreateUserOnly: true });
  const refused = await browser.get(signUpUrl());
  expect(refused.status).toBe(400);
  expect(refused.page("error").error).toBe("NotAuthorizedException");
  const signInPage = await browser.follow(await browser.get(authorizeUrl(home)));
  expect(signInPage.page("sign-in").signUpUrl).toBeUndefined();
});

test("the page of a code is of no use in another browser", async () => {
  const led = await signUp();
  const thief = testBrowser(app);
  await thief.get(signUpUrl());
  expect((await thief.get(led.location ?? "")).page("error").error).toBe("session-expired");
  const form = {
    action: led.location ?? "",
    csrf: (await thief.get(signUpUrl())).page("sign-up").form.csrf,
  };
  expect((await thief.submit(form, { code: codeSent() })).page("error").error).toBe(
    "session-expired",
  );
  expect(await storedUser(app, home, grace)).toMatchObject({ status: "UNCONFIRMED" });
});

test("a sign-up from another site's form makes nobody", async () => {
  const page = (await browser.get(signUpUrl())).page("sign-up");
  const fields = { username: grace, password, _csrf: page.form.csrf };
  const cross = await browser.post(page.form.action, fields, { "sec-fetch-site": "cross-site" });
  expect(cross.status).toBe(403);
  const without = await browser.post(page.form.action, { username: grace, password });
  expect(without.status).toBe(403);
  expect(await storedUser(app, home, grace)).toBeUndefined();
});

test("the page links to the client's terms, in its own language", async () => {
  const ofClient = { UserPoolId: home.pool.id, ClientId: home.client.id } as const;
  const terms = (TermsName: string, Links: Record<string, string>) =>
    new CreateTermsCommand({
      ...ofClient,
      ...{ TermsName, TermsSource: "LINK", Enforcement: "NONE", Links },
    });
  const asked = async (lang: string) =>
    (await browser.get(`${signUpUrl()}&lang=${lang}`)).page("sign-up").terms;
  await app.client.send(terms("terms-of-use", { "cognito:default": "https://shop.example/terms" }));
  expect(await asked("de")).toEqual([]);
  const links = {
    "cognito:default": "https://shop.example/p",
    "cognito:german": "https://shop.example/d",
  };
  await app.client.send(terms("privacy-policy", links));
  expect(await asked("de")).toEqual([
    { name: "terms-of-use", url: "https://shop.example/terms" },
    { name: "privacy-policy", url: "https://shop.example/d" },
  ]);
  expect((await asked("ar"))[1]?.url).toBe("https://shop.example/p");
});
