import {
  AdminDisableUserCommand,
  CreateUserPoolDomainCommand,
  DescribeUserPoolCommand,
} from "@aws-sdk/client-cognito-identity-provider";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { UserPoolExtensions, UserPoolSettings } from "../domain/pools/pool.ts";
import { type TestApp, testApp } from "../testing/app.ts";
import { type TestBrowser, testBrowser, type Visit } from "../testing/browser.ts";
import { deliverOutbox } from "../testing/codes.ts";
import { authorizeUrl, oauthPool } from "../testing/oauth.ts";
import { password, storedUser, type TestPool } from "../testing/pools.ts";
import { triggersOf } from "../testing/triggers.ts";

let app: TestApp;
let home: TestPool;
let browser: TestBrowser;
async function open(
  extensions: Partial<UserPoolExtensions> = {},
  settings: Partial<UserPoolSettings> = {},
): Promise<void> {
  home = await oauthPool(app, {
    extensions,
    settings: {
      ...settings,
      autoVerifiedAttributes: ["email"],
      verificationTemplate: {
        emailOption: "CONFIRM_WITH_LINK",
        emailMessageByLink: "Welcome, {username}: {##Confirm & go##}",
      },
    },
  });
}

beforeEach(async () => {
  app = await testApp();
  browser = testBrowser(app);
  await open();
});
afterEach(() => app.close());

const name = "grace<b>";

async function linkSent(): Promise<string> {
  const url = authorizeUrl(home).replace("/oauth2/authorize", "/signup");
  const page = (await browser.get(url)).page("sign-up");
  signedUp = await browser.submit(page.form, {
    username: name,
    password,
    "requiredAttributes[email]": "grace@example.com",
  });
  await deliverOutbox(app);
  return app.sent.at(-1)?.link ?? "";
}

/** Where the sign-up led. */
let signedUp: Visit;

const follow = (link: URL | string, by = browser) => {
  const { pathname, search } = new URL(link);
  return by.get(pathname + search);
};
const statusOfUser = async () => (await storedUser(app, home, name))?.status;

test("the message has a link in place of a code, and following it confirms the account", async () => {
  const link = new URL(await linkSent());
  const { body, code, subject } = app.sent.at(-1) ?? {};
  expect(subject).toBe("Your verification link");
  expect(body).toContain('Welcome, grace&lt;b&gt;: <a href="');
  expect(body).toContain(">Confirm & go</a>");
  expect(link.origin + link.pathname).toBe(`https://localhost:8443/${home.pool.id}/confirmUser`);
  expect(Object.fromEntries(link.searchParams)).toEqual({
    client_id: home.client.id,
    user_name: name,
    confirmation_code: code,
  });
  const followed = await browser.get(link.pathname + link.search);
  expect(followed.status).toBe(200);
  expect(followed.page("confirmed").isConfirmed).toBe(true);
  expect(await storedUser(app, home, name)).toMatchObject({
    status: "CONFIRMED",
    attributes: { email_verified: "true" },
  });
});

test("the page that waits for it says where it went, asks for no code, and can have another one sent", async () => {
  const first = await linkSent();
  const page = (await browser.follow(signedUp)).page("confirm");
  expect(page).toMatchObject({ byLink: true, destination: "g***@e***" });
  if (!page.resend) throw new Error("no way to ask for another link");
  const again = await browser.follow(await browser.submit(page.resend, {}));
  expect(again.notice).toEqual({ kind: "info", code: "link-sent" });
  expect(again.page("confirm").byLink).toBe(true);
  const second = app.sent.at(-1)?.link ?? "";
  expect(second).not.toBe(first);
  expect((await follow(first)).page("confirmed").isConfirmed).toBe(false);
  expect((await follow(second)).page("confirmed").isConfirmed).toBe(true);
});

test("a link that a program followed before is as good for who reads the message", async () => {
  const link = await linkSent();
  expect((await follow(link, testBrowser(app))).page("confirmed").isConfirmed).toBe(true);
  expect((await follow(link)).page("confirmed").isConfirmed).toBe(true);
  const made = new URL(link);
  made.searchParams.set("confirmation_code", "000000");
  expect((await follow(made)).page("confirmed").isConfirmed).toBe(false);
  app.clock.advance(24 * 3_600_000);
  expect((await follow(link)).page("confirmed").isConfirmed).toBe(false);
});

test("an account that is confirmed is told to be, though the pool's function that comes after failed", async () => {
  await open({}, { lambdaConfig: triggersOf("PostConfirmation") });
  const link = await linkSent();
  expect((await follow(link)).page("confirmed").isConfirmed).toBe(true);
  expect(await statusOfUser()).toBe("CONFIRMED");
  expect((await follow(link)).page("confirmed").isConfirmed).toBe(true);
});

test.each([
  ["another code", "confirmation_code", "000000"],
  ["no code", "confirmation_code", ""],
  ["another name", "user_name", "nobody"],
  ["no name", "user_name", ""],
  ["another client", "client_id", "nobody"],
  ["a name that would fill a page", "user_name", "g".repeat(5000)],
])("a link with %s confirms nobody and says so", async (_what, field, value) => {
  const link = new URL(await linkSent());
  link.searchParams.set(field, value);
  const wrong = await follow(link);
  expect(wrong.status).toBe(400);
  expect(wrong.page("confirmed").isConfirmed).toBe(false);
  expect(await statusOfUser()).toBe("UNCONFIRMED");
});

test("a link of one pool confirms nobody of another", async () => {
  const link = new URL(await linkSent());
  const other = await oauthPool(app);
  const there = await browser.get(`/${other.pool.id}/confirmUser${link.search}`);
  expect(there.page("confirmed").isConfirmed).toBe(false);
  expect(await statusOfUser()).toBe("UNCONFIRMED");
});

test("a disabled user's link says nothing of success, and neither does one that is followed too often", async () => {
  const link = new URL(await linkSent());
  link.searchParams.set("confirmation_code", "000000");
  for (let n = 0; n < 15; n++) await follow(link);
  expect((await follow(link)).notice?.code).toBe("LimitExceededException");
  app.clock.advance(3_600_000);
  await app.client.send(new AdminDisableUserCommand({ UserPoolId: home.pool.id, Username: name }));
  expect((await follow(link)).page("confirmed").isConfirmed).toBe(false);
});

test("in the hardened profile following it does nothing; a button in the same browser confirms", async () => {
  await open({ profile: "hardened" });
  const link = new URL(await linkSent());
  const shown = await follow(link);
  expect(shown.page("confirm-link").form.action).toContain(`/confirmUser${link.search}`);
  expect(await statusOfUser()).toBe("UNCONFIRMED");
  const { form } = shown.page("confirm-link");
  const elsewhere = await testBrowser(app).submit(form, {});
  expect([elsewhere.status, elsewhere.notice?.code]).toEqual([403, "csrf"]);
  expect(elsewhere.page("confirm-link").form.action).toBe(form.action);
  expect(await statusOfUser()).toBe("UNCONFIRMED");
  expect((await browser.submit(form, {})).page("confirmed").isConfirmed).toBe(true);
  expect(await statusOfUser()).toBe("CONFIRMED");
  expect((await browser.submit(form, {})).page("confirmed").isConfirmed).toBe(true);
});

test("a pool with a domain of its own sends people there", async () => {
  await app.client.send(
    new CreateUserPoolDomainCommand({ UserPoolId: home.pool.id, Domain: "grace-pool" }),
  );
  const link = new URL(await linkSent());
  expect(link.origin).toBe("https://grace-pool.auth.localhost:8443");
  const there = testBrowser(app, link.host);
  const followed = await there.get(link.pathname + link.search);
  expect(followed.page("confirmed").isConfirmed).toBe(true);
});

test("the setting is shown as it was made", async () => {
  const { UserPool } = await app.client.send(
    new DescribeUserPoolCommand({ UserPoolId: home.pool.id }),
  );
  expect(UserPool?.VerificationMessageTemplate).toMatchObject({
    DefaultEmailOption: "CONFIRM_WITH_LINK",
    EmailMessageByLink: "Welcome, {username}: {##Confirm & go##}",
  });
});
