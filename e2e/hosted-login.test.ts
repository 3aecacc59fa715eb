/** The demo's way over the hosted pages: out by its button, back signed in, and signed out there too. */
import { DescribeUserPoolCommand } from "@aws-sdk/client-cognito-identity-provider";
import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { nextTotp } from "./harness/amplify.ts";
import { addAuthenticator } from "./harness/amplify-page.ts";
import { startBrowser, type TestBrowser } from "./harness/browser.ts";
import { seeHeading, signOut } from "./harness/demo-app.ts";
import { axeFindings, layoutFaults } from "./harness/looks.ts";
import { demo, type Server, startServer, stopAll } from "./harness/server.ts";
import { trust } from "./harness/trust.ts";
import { makeUser, newAddress, password } from "./harness/users.ts";

let server: Server;
let browser: TestBrowser;
beforeAll(async () => {
  server = await startServer();
  trust(server);
  browser = await startBrowser(server.caFile);
});
afterEach(async () => {
  expect(await browser.leave()).toEqual([]);
});
afterAll(async () => {
  await browser?.close();
  await stopAll();
});

const cookieOf = async (page: Page) =>
  (await page.context().cookies()).find(({ name }) => name === `__Host-cognito-${demo.userPoolId}`);

async function leave(page: Page, search = ""): Promise<void> {
  await page.goto(`${server.url}/demo/${search}`);
  await page.getByRole("button", { name: "Sign in on the hosted page" }).click();
  await page.waitForURL(/\/login\?/);
}

/** Through the pages of the everyday pool, which asks for the name first. */
async function signIn(page: Page, email: string): Promise<void> {
  await page.getByLabel("Email").fill(email);
  await page.getByRole("button", { name: "Next" }).click();
  await page.getByRole("button", { name: "Password" }).click();
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
}

test("a user signs in on the hosted pages and is signed in to the demo, then out of both", async () => {
  const email = await makeUser(server);
  const page = await browser.open();
  await leave(page);
  expect(await axeFindings(page)).toEqual([]);
  expect(await layoutFaults(page)).toEqual([]);
  await signIn(page, email);
  await seeHeading(page, "You are signed in");
  expect(page.url()).toBe(`${server.url}/demo/`);
  expect(await cookieOf(page)).toMatchObject({ httpOnly: true, secure: true, sameSite: "Lax" });
  expect(await page.evaluate(() => JSON.stringify({ ...localStorage, ...sessionStorage }))).toBe(
    "{}",
  );
  // Tokens are in the page's memory alone, so a reload signs out of the app, and the hosted pages sign in again.
  await page.reload();
  await page.getByRole("button", { name: "Sign in on the hosted page" }).click();
  await seeHeading(page, "You are signed in");
  await signOut(page);
  await page.getByRole("button", { name: "Sign in on the hosted page" }).waitFor();
  expect(await cookieOf(page)).toBeUndefined();
});

test("a new user makes an account on the hosted pages", async () => {
  const email = newAddress();
  const page = await browser.open();
  await leave(page);
  await page.getByRole("link", { name: "Create an account" }).click();
  await page.getByLabel("Email").fill(email);
  await page.getByLabel(/^Password/).fill(password);
  await page.getByRole("button", { name: "Create account" }).click();
  const { code } = await server.message(email);
  await page.getByLabel("Code").fill(code ?? "");
  await page.getByRole("button", { name: "Confirm", exact: true }).click();
  await seeHeading(page, "You are signed in");
});

test("a passkey from the demo's security page signs in on the hosted page", async () => {
  const email = await makeUser(server);
  const page = await browser.open();
  await addAuthenticator(page);
  await leave(page);
  await signIn(page, email);
  await seeHeading(page, "You are signed in");
  await page.getByRole("link", { name: "Security" }).click();
  await page.getByRole("button", { name: "Add a passkey" }).click();
  await page
    .getByRole("button", { name: /^Remove/ })
    .first()
    .waitFor();
  await signOut(page);
  // The page offers the passkeys of the device by itself, and this device's owner always says yes.
  await page.getByRole("button", { name: "Sign in on the hosted page" }).click();
  await seeHeading(page, "You are signed in");
});

test("whoever is sent to add a passkey signs in first, and by the passkey from then on", async () => {
  const email = await makeUser(server);
  const page = await browser.open();
  await addAuthenticator(page);
  const query = new URLSearchParams({
    ...{ client_id: demo.webClientId, redirect_uri: `${server.url}/demo/` },
  });
  await page.goto(`${server.url}/${demo.userPoolId}/passkeys/add?${query}`);
  await page.waitForURL(/\/login\?/);
  await signIn(page, email);
  await page.getByRole("heading", { name: "Add a passkey" }).waitFor();
  expect(await axeFindings(page)).toEqual([]);
  expect(await layoutFaults(page)).toEqual([]);
  await page.getByRole("button", { name: "Add passkey" }).click();
  await page.waitForURL(`${server.url}/demo/`);
  await page.context().clearCookies();
  await page.getByRole("button", { name: "Sign in on the hosted page" }).click();
  await seeHeading(page, "You are signed in");
});

test("where everybody needs a second factor, the hosted pages set up the app and ask it from then on", async () => {
  const strict = /strict@example\.com\s+(\S+)/.exec(server.output())?.[1] ?? "";
  const page = await browser.open();
  await leave(page, "?pool=strict");
  await page.getByLabel("Email").fill("strict@example.com");
  await page.getByLabel("Password", { exact: true }).fill(strict);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await page.getByRole("img", { name: "QR code for your authenticator app" }).waitFor();
  expect(await axeFindings(page)).toEqual([]);
  const secret = (await page.locator("#secret").innerText()).replaceAll(" ", "");
  await page.getByLabel("Code from the app").fill(await nextTotp(server, secret));
  await page.getByRole("button", { name: "Confirm", exact: true }).click();
  await seeHeading(page, "You are signed in");
  await signOut(page);
  await page.getByRole("button", { name: "Sign in on the hosted page" }).click();
  await page.getByLabel("Email").fill("strict@example.com");
  await page.getByLabel("Password", { exact: true }).fill(strict);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await page.getByLabel("Code").fill(await nextTotp(server, secret));
  await page.getByRole("button", { name: "Verify" }).click();
  await seeHeading(page, "You are signed in");
});

test("the pool's own host has the pages too, over TLS, and nothing else", async () => {
  const email = await makeUser(server);
  const { UserPool } = await server
    .client()
    .send(new DescribeUserPoolCommand({ UserPoolId: demo.userPoolId }));
  const origin = `https://${UserPool?.Domain}.auth.localhost:${server.port}`;
  const page = await browser.open();
  const query = new URLSearchParams({
    ...{ response_type: "code", client_id: demo.webClientId, scope: "openid", state: "s" },
    redirect_uri: `${server.url}/demo/`,
  });
  // The app is not under test here.
  await page.route(`${server.url}/demo/*`, (route) =>
    route.fulfill({ contentType: "text/html", body: "<!doctype html><title>App</title>" }),
  );
  await page.goto(`${origin}/oauth2/authorize?${query}`);
  expect(page.url()).toMatch(new RegExp(`^${origin}/login\\?`));
  // The console tells of it, and so does leave() below.
  const elsewhere = await page.evaluate(
    async (path) => (await fetch(path)).status,
    `/${demo.strictUserPoolId}/login`,
  );
  expect(elsewhere).toBe(404);
  await page.getByLabel("Email").fill(email);
  await page.getByRole("button", { name: "Next" }).click();
  await page.getByRole("button", { name: "Password" }).click();
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await page.waitForURL(/\/demo\/\?code=/);
  await browser.leave();
});
