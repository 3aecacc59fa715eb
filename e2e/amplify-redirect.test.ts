/** aws-amplify 6, `signInWithRedirect` in Chromium: out to the hosted pages, and back with tokens, state or an error. */
import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { makeAppUser } from "./harness/amplify.ts";
import { bundleAmplify } from "./harness/amplify-page.ts";
import { startBrowser, type TestBrowser } from "./harness/browser.ts";
import { hear, type RedirectApp, serveRedirectApp } from "./harness/redirect-app.ts";
import { type Server, startServer, stopAll } from "./harness/server.ts";
import { trust } from "./harness/trust.ts";
import { password } from "./harness/users.ts";

let server: Server;
let browser: TestBrowser;
let app: RedirectApp;
let username: string;
let page: Page;

beforeAll(async () => {
  server = await startServer();
  trust(server);
  browser = await startBrowser(server.caFile);
  app = await serveRedirectApp(server, await bundleAmplify());
  username = await makeAppUser(server, app);
});
beforeEach(async () => {
  page = await browser.open();
  await page.goto(app.url);
});
afterEach(async () => {
  expect(await browser.leave()).toEqual([]);
});
afterAll(async () => {
  await browser?.close();
  app?.close();
  await stopAll();
});

type Options = NonNullable<Parameters<typeof amplify.signInWithRedirect>[0]>;

const leave = (options: Options = {}) =>
  page.evaluate((given) => amplify.signInWithRedirect(given), options);

/** Signs in on the hosted page. */
async function fillIn(): Promise<void> {
  await page.waitForURL(/\/login\?/);
  await page.getByLabel("Email").fill(username);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
}

const claims = () =>
  page.evaluate(async () => (await amplify.fetchAuthSession()).tokens?.idToken?.payload);

test("a user signs in on the hosted page, and the app gets its tokens and its own state back", async () => {
  await leave({ customState: "back to /orders?id=7 & ünï" });
  await fillIn();
  expect(await hear(page, "customOAuthState")).toBe("back to /orders?id=7 & ünï");
  await hear(page, "signInWithRedirect");
  expect(page.url()).toBe(app.url);
  expect(await claims()).toMatchObject({ email: username, email_verified: true });
  // The scope that opens the user's own account is among those that the client has.
  const attributes = await page.evaluate(() => amplify.fetchUserAttributes());
  expect(attributes.email).toBe(username);
});

test("the hosted pages know the user again, until the app signs out", async () => {
  await leave();
  await fillIn();
  await hear(page, "signInWithRedirect");
  await page.evaluate(() => localStorage.clear());
  await page.reload();
  // Out and back without a page.
  await leave();
  await hear(page, "signInWithRedirect");
  await page.evaluate(() => void amplify.signOut());
  await page.waitForURL(/signed=out/);
  expect(await claims()).toBeUndefined();
  await leave();
  await fillIn();
  await hear(page, "signInWithRedirect");
});

test("an error comes back to the app in words", async () => {
  await leave({ options: { prompt: "NONE" } });
  expect(await hear(page, "signInWithRedirect_failure")).toEqual({
    message: expect.stringContaining("login_required"),
  });
  expect(await claims()).toBeUndefined();
});

test("a wrong password is told on the page, and does not come back to the app", async () => {
  await leave();
  await page.waitForURL(/\/login\?/);
  await page.getByLabel("Email").fill(username);
  await page.getByLabel("Password", { exact: true }).fill("wrong");
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await page.getByRole("alert").waitFor();
  expect(new URL(page.url()).pathname).toBe(`/${app.userPoolId}/login`);
  await fillIn();
  await hear(page, "signInWithRedirect");
});

test("the app chooses the language, and names whom it expects", async () => {
  await leave({ options: { lang: "de", loginHint: username } });
  await page.waitForURL(/\/login\?/);
  expect(await page.getAttribute("html", "lang")).toBe("de");
  expect(await page.locator("input[name=username]").inputValue()).toBe(username);
});
