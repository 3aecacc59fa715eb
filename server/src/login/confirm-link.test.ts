import {
  CreateUserPoolDomainCommand,
  DescribeUserPoolCommand,
} from "@aws-sdk/client-cognito-identity-provider";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type TestApp, testApp } from "../testing/app.ts";
import { type TestBrowser, testBrowser } from "../testing/browser.ts";
import { authorizeUrl, oauthPool } from "../testing/oauth.ts";
import { password, storedUser, type TestPool } from "../testing/pools.ts";

let app: TestApp;
let home: TestPool;
let browser: TestBrowser;
beforeEach(async () => {
  app = await testApp();
  browser = testBrowser(app);
  home = await oauthPool(app, {
    settings: {
      autoVerifiedAttributes: ["email"],
      verificationTemplate: {
        emailOption: "CONFIRM_WITH_LINK",
        emailMessageByLink: "Welcome, {username}: {##Confirm & go##}",
      },
    },
  });
});
afterEach(() => app.close());

const name = "grace<b>";

async function linkSent(): Promise<string> {
  const url = authorizeUrl(home).replace("/oauth2/authorize", "/signup");
  const page = (await browser.get(url)).page("sign-up");
  await browser.submit(page.form, {
    username: name,
    password,
    "requiredAttributes[email]": "grace@example.com",
  });
  return app.sent.at(-1)?.link ?? "";
}

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

test("a link that was followed before, or changed, confirms nobody and says so", async () => {
  const link = new URL(await linkSent());
  const changed = new URL(link);
  changed.searchParams.set("confirmation_code", "000000");
  const wrong = await browser.get(changed.pathname + changed.search);
  expect(wrong.status).toBe(400);
  expect(wrong.page("confirmed").isConfirmed).toBe(false);
  expect(await storedUser(app, home, name)).toMatchObject({ status: "UNCONFIRMED" });
  await browser.get(link.pathname + link.search);
  const again = await browser.get(link.pathname + link.search);
  expect(again.page("confirmed").isConfirmed).toBe(false);
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
