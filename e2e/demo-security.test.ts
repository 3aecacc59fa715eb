/** The demo in a browser: what protects an account, in the pool for every day and in the strict one. */
import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { nextTotp } from "./harness/amplify.ts";
import { addAuthenticator } from "./harness/amplify-page.ts";
import { startBrowser, type TestBrowser } from "./harness/browser.ts";
import {
  callApi,
  confirm,
  goTo,
  seeHeading,
  seeText,
  signIn,
  signOut,
  totpKey,
} from "./harness/demo-app.ts";
import { type Server, startServer, stopAll } from "./harness/server.ts";
import { trust } from "./harness/trust.ts";
import { makeUser, password } from "./harness/users.ts";

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

async function open(path = ""): Promise<Page> {
  const page = await browser.open();
  await page.goto(`${server.url}/demo/${path}`);
  return page;
}

/** Somebody signed in on the security page of the pool for every day. */
async function openSecurity(email: string): Promise<Page> {
  const page = await open("#/security");
  await signIn(page, { email, password });
  await seeHeading(page, "Authenticator app");
  return page;
}

/** Sets up an app on the security page; answers its key. */
async function setUpApp(page: Page): Promise<string> {
  await page.getByRole("button", { name: "Set up an app" }).click();
  await page.getByRole("img", { name: "QR code for your app" }).waitFor();
  const key = await totpKey(page);
  await page.getByLabel("Six digits").fill(await nextTotp(server, key));
  await page.getByRole("button", { name: "Confirm", exact: true }).click();
  await seeText(page, "Your app is set up.");
  return key;
}

const card = (page: Page, name: string) => page.getByRole("region", { name, exact: true });

describe("the strict pool", () => {
  test("asks for an app at the first sign-in, for its code at the next, and takes a recovery code once", async () => {
    const [, printed = ""] = /strict@example\.com\s+(\S+)/.exec(server.output()) ?? [];
    const login = { email: "strict@example.com", password: printed };
    const page = await open();
    await page.getByRole("link", { name: "Strict pool" }).click();
    await seeText(page, "a password alone opens nothing");
    expect(await page.getByRole("tab").count()).toBe(0);

    await signIn(page, login);
    await seeHeading(page, "Set up your authenticator app");
    await page.getByRole("img", { name: "qr code" }).waitFor();
    const key = await totpKey(page);
    await confirm(page, await nextTotp(server, key));
    await seeHeading(page, "You are signed in");
    await goTo(page, "API");
    expect(await callApi(page, "/me")).toMatch(/^200\s+Welcome/);

    await signOut(page);
    await goTo(page, "Security");
    await signIn(page, login);
    await seeText(page, "Your authenticator app shows the code.");
    await confirm(page, "000000");
    await page.getByRole("alert").waitFor();
    await confirm(page, await nextTotp(server, key));
    const codes = card(page, "Recovery codes");
    await codes.getByText("You have none.").waitFor();
    expect(await card(page, "Authenticator app").getByRole("button").allInnerTexts()).toEqual([
      "Use another app",
    ]);
    await codes.getByRole("button", { name: "Make recovery codes" }).click();
    await codes.getByText("You have 10 left.").waitFor();
    const shown = await codes.getByRole("code").innerText();
    const [recovery = "", ...others] = shown.split(/\s+/);
    expect(others).toHaveLength(9);

    // A reload keeps the pool, and forgets the tokens.
    await page.reload();
    await signIn(page, login);
    await confirm(page, recovery);
    await codes.getByText("You have 9 left.").waitFor();
    await signOut(page);
    await signIn(page, login);
    await confirm(page, recovery);
    await page.getByRole("alert").waitFor();
    await page.getByRole("link", { name: "Everyday pool" }).click();
    await page.getByRole("tab", { name: "Create Account" }).waitFor();
  });
});

describe("the pool for every day", () => {
  test("asks whoever set up an app for its code, until it is turned off", async () => {
    const email = await makeUser(server);
    const page = await openSecurity(email);
    await seeText(page, "Set up an authenticator app first.");
    await page.getByRole("button", { name: "Set up an app" }).click();
    await page.getByLabel("Six digits").fill("000000");
    await page.getByRole("button", { name: "Confirm", exact: true }).click();
    await page.getByRole("alert").getByText("Wait until the app shows the next one").waitFor();
    await page.getByRole("button", { name: "Not now" }).click();
    await card(page, "Authenticator app").getByText("Off").waitFor();
    const key = await setUpApp(page);
    await page.getByRole("button", { name: "Make recovery codes" }).click();
    await page.getByRole("alert").getByText("This takes a sign-in with a code").waitFor();

    await signOut(page);
    await signIn(page, { email, password });
    await confirm(page, await nextTotp(server, key));
    await page.getByRole("button", { name: "Turn off" }).click();
    await page.getByRole("button", { name: "Yes, turn it off" }).click();
    await seeText(page, "Your password alone signs you in from now on.");
    await signOut(page);
    await signIn(page, { email, password });
    await card(page, "Authenticator app").getByText("Off").waitFor();
  });

  test("a trusted browser is spared the code until the page is loaded again, or it is forgotten", async () => {
    const email = await makeUser(server);
    const page = await openSecurity(email);
    const key = await setUpApp(page);
    const devices = card(page, "Devices");
    await devices.getByRole("button", { name: "Trust this browser" }).click();
    await devices.getByText("This browser is spared the code").waitFor();
    await signOut(page);
    await signIn(page, { email, password });
    await devices.getByText("This browser", { exact: true }).waitFor();

    await page.reload();
    await signIn(page, { email, password });
    await confirm(page, await nextTotp(server, key));
    await devices.getByRole("listitem").nth(1).waitFor();
    const forget = devices.getByRole("button", { name: /^Forget (?!this browser)/ });
    await forget.click();
    await devices.getByText("The device is forgotten.").waitFor();
    expect(await devices.getByRole("listitem").count()).toBe(1);
  });

  test("a passkey signs in without password and code, and no more once it is removed", async () => {
    const email = await makeUser(server);
    const page = await open("#/security");
    await addAuthenticator(page);
    await signIn(page, { email, password });
    const passkeys = card(page, "Passkeys");
    await passkeys.getByText("You have no passkey yet.").waitFor();
    await setUpApp(page);
    await passkeys.getByRole("button", { name: "Add a passkey" }).click();
    await passkeys.getByText("Your passkey is ready.").waitFor();
    await passkeys.getByRole("button", { name: "Add a passkey" }).click();
    await passkeys.getByText("This device already holds a passkey").waitFor();

    await signOut(page);
    await signInByPasskey(page, email);
    await passkeys.getByRole("listitem").waitFor();
    await passkeys.getByRole("button", { name: "Remove" }).click();
    await passkeys.getByRole("button", { name: "Yes, remove it" }).click();
    await passkeys.getByText("You have no passkey yet.").waitFor();
    await signOut(page);
    await signInByPasskey(page, email);
    await page.getByRole("button", { name: "Sign in", exact: true }).waitFor();
    expect(await passkeys.count()).toBe(0);
  });

  test("a session is ended from another one, and opens nothing from then on", async () => {
    const email = await makeUser(server);
    const other = await openSecurity(email);
    const page = await openSecurity(email);
    const sessions = card(page, "Sessions");
    await sessions.getByRole("listitem").nth(1).waitFor();
    expect(await sessions.getByRole("button").count()).toBe(1);
    await sessions.getByRole("button", { name: "End it" }).click();
    await sessions.getByText("You are signed in nowhere else.").waitFor();

    await goTo(other, "API");
    expect(await callApi(other, "/me")).toMatch(/^401\s+Refused: the server no longer accepts/);
    await goTo(other, "Security");
    await other.getByRole("alert").getByText("This session was ended.").waitFor();
    await goTo(page, "API");
    expect(await callApi(page, "/me")).toMatch(/^200\s+Welcome/);
  });

  test("a code by e-mail signs in without a password", async () => {
    const email = await makeUser(server);
    const page = await open();
    await page.getByRole("textbox", { name: "Email" }).fill(email);
    await page.getByRole("button", { name: "Other sign-in options" }).click();
    await page.getByRole("button", { name: "Sign In with Email" }).click();
    await page.getByRole("link", { name: "Find your code in the inbox" }).waitFor();
    await confirm(page, (await server.message(email)).code ?? "");
    await seeHeading(page, "You are signed in");
  });
});

async function signInByPasskey(page: Page, email: string): Promise<void> {
  await page.getByRole("textbox", { name: "Email" }).fill(email);
  await page.getByRole("button", { name: "Other sign-in options" }).click();
  await page.getByRole("button", { name: "Sign In with Passkey" }).click();
}
