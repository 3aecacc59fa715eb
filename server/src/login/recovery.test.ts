import { AdminResetUserPasswordCommand } from "@aws-sdk/client-cognito-identity-provider";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type TestApp, testApp } from "../testing/app.ts";
import { type TestBrowser, testBrowser } from "../testing/browser.ts";
import { deliverOutbox } from "../testing/codes.ts";
import { answerIn, authorizeUrl, oauthPool, signInOnPage } from "../testing/oauth.ts";
import { password, type TestPool, testUser } from "../testing/pools.ts";

let app: TestApp;
let home: TestPool;
let browser: TestBrowser;
beforeEach(async () => {
  app = await testApp();
  browser = testBrowser(app);
  home = await oauthPool(app, {
    settings: { autoVerifiedAttributes: ["email"] },
    client: { preventUserExistenceErrors: "ENABLED" },
  });
  await testUser(app, home.pool, {
    attributes: { email: "ada@example.com", email_verified: "true" },
  });
});
afterEach(() => app.close());

const newPassword = "Another-Horse-7-Staple";
const codeSent = async () => {
  await deliverOutbox(app);
  return app.sent.at(-1)?.code ?? "";
};

async function forgot(username: string) {
  const url = authorizeUrl(home).replace("/oauth2/authorize", "/forgotPassword");
  const page = (await browser.get(url)).page("forgot-password");
  return browser.follow(await browser.submit(page.form, { username }));
}

test("a forgotten password is replaced by the code that was sent, and only the new one signs in", async () => {
  const reset = (await forgot("ada")).page("reset-password");
  expect(reset.destination).toBe("a***@e***");
  const fields = { code: await codeSent(), password: newPassword, confirmPassword: newPassword };
  const done = await browser.submit(reset.form, fields);
  expect(done.notice).toEqual({ kind: "success", code: "password-changed" });
  const { form } = done.page("sign-in");
  const old = await browser.submit(form, { username: "ada", password });
  expect(old.notice).toMatchObject({ code: "NotAuthorizedException" });
  const signedIn = await browser.submit(form, { username: "ada", password: newPassword });
  expect(answerIn(signedIn).get("code")).toBeTruthy();
});

test("a name that nobody has is answered like one that somebody has", async () => {
  const [real, none] = [await forgot("ada"), await forgot("nobody")];
  await deliverOutbox(app);
  expect(app.sent).toHaveLength(1);
  expect(none.status).toBe(real.status);
  expect(none.page("reset-password").destination).toMatch(/\*\*\*/);
  const fields = { code: "123456", password: newPassword, confirmPassword: newPassword };
  const answers = [
    await browser.submit(real.page("reset-password").form, fields),
    await browser.submit(none.page("reset-password").form, fields),
  ];
  expect(new Set(answers.map(({ notice }) => notice?.code)).size).toBe(1);
});

test("passwords that differ change nothing", async () => {
  const reset = (await forgot("ada")).page("reset-password");
  const fields = { code: await codeSent(), password: newPassword, confirmPassword: password };
  const refused = await browser.submit(reset.form, fields);
  expect(refused.notice).toMatchObject({ code: "passwords-differ" });
  const signedIn = await signInOnPage(testBrowser(app), authorizeUrl(home), { username: "ada" });
  expect(answerIn(signedIn).get("code")).toBeTruthy();
});

test("whoever must choose another password is led to the code", async () => {
  const key = { UserPoolId: home.pool.id, Username: "ada" };
  await app.client.send(new AdminResetUserPasswordCommand(key));
  const led = await signInOnPage(browser, authorizeUrl(home), { username: "ada" });
  const reset = (await browser.follow(led)).page("reset-password");
  const fields = { code: await codeSent(), password: newPassword, confirmPassword: newPassword };
  expect((await browser.submit(reset.form, fields)).notice?.code).toBe("password-changed");
});

test("another code can be sent", async () => {
  const reset = (await forgot("ada")).page("reset-password");
  const first = await codeSent();
  const again = await browser.follow(await browser.submit(reset.resend, {}));
  expect(again.notice).toEqual({ kind: "info", code: "code-sent" });
  expect(await codeSent()).not.toBe(first);
});

test("a pool where administrators alone recover shows no page for it", async () => {
  home = await oauthPool(app, {
    settings: { accountRecovery: [{ name: "admin_only", priority: 1 }] },
  });
  const url = authorizeUrl(home).replace("/oauth2/authorize", "/forgotPassword");
  expect((await browser.get(url)).status).toBe(400);
  const shown = await browser.follow(await browser.get(authorizeUrl(home)));
  expect(shown.page("sign-in").forgotPasswordUrl).toBeUndefined();
});
