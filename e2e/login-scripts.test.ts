/** What the hosted pages do by themselves, and what their scripts add. */
import type { BrowserContextOptions, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { samples } from "../web/src/login/testing/samples.ts";
import { addAuthenticator } from "./harness/amplify-page.ts";
import { startBrowser, type TestBrowser } from "./harness/browser.ts";
import { type LoginPages, openLoginPages, type Shown } from "./harness/login-pages.ts";
import { axeFindings } from "./harness/looks.ts";
import { type Server, startServer, stopAll } from "./harness/server.ts";
import { trust } from "./harness/trust.ts";

let server: Server;
let browser: TestBrowser;
let pages: LoginPages;
beforeAll(async () => {
  server = await startServer();
  trust(server);
  browser = await startBrowser(server.caFile);
  pages = await openLoginPages(server);
});
afterEach(async () => {
  sent.length = 0;
  expect(await browser.leave()).toEqual([]);
});
afterAll(async () => {
  await browser?.close();
  await stopAll();
});

/** The forms that pages sent, the oldest first. */
const sent: URLSearchParams[] = [];
let answered = Promise.resolve();

/** Answers no form from now on, until it is called. */
function holdAnswers(): () => void {
  const { promise, resolve } = Promise.withResolvers<void>();
  answered = promise;
  onTestFinished(() => resolve());
  return resolve;
}

/** Somebody's browser, in which forms come here instead of to the server. */
async function openTab(options: BrowserContextOptions = {}): Promise<Page> {
  const tab = await browser.open(options);
  await tab.route("**/pool/**", async (route) => {
    sent.push(new URLSearchParams(route.request().postData() ?? ""));
    await answered;
    await route.fulfill({ body: "Received" });
  });
  // The client takes its answer, and stays out of sight.
  await tab.route(callback, (route) => route.fulfill({ status: 204 }));
  return tab;
}

const callback = samples["form-post"].action;

async function open(page: Shown["page"], options: BrowserContextOptions = {}): Promise<Page> {
  const tab = await openTab(options);
  await pages.show(tab, { page });
  return tab;
}

const received = (tab: Page) => tab.getByText("Received").waitFor();

describe("without scripts", () => {
  const plain = { javaScriptEnabled: false };

  test("a user signs in by the fields that Cognito's page has", async () => {
    const tab = await open(samples["sign-in"], plain);
    await tab.getByLabel("Email").fill("jane@example.com");
    await tab.getByLabel("Password", { exact: true }).fill("Correct-horse-7");
    await tab.getByRole("button", { name: "Sign in", exact: true }).click();
    await received(tab);
    expect(sent.map((form) => Object.fromEntries(form))).toEqual([
      {
        _csrf: "token-of-this-browser",
        username: "jane@example.com",
        password: "Correct-horse-7",
        cognitoAsfData: "",
        signInSubmitButton: expect.any(String),
      },
    ]);
  });

  test("a form says by itself what is missing, and helps the browser to fill it in", async () => {
    const tab = await open(samples["sign-up"], plain);
    await tab.getByRole("button", { name: "Create account" }).click();
    const fields = await tab
      .locator("input:not([type=hidden])")
      .evaluateAll((inputs) =>
        (inputs as HTMLInputElement[]).map(({ name, type, autocomplete, required }) => [
          name,
          type,
          autocomplete,
          required,
        ]),
      );
    expect(fields).toEqual([
      ["username", "text", "username", true],
      ["requiredAttributes[given_name]", "text", "given-name", true],
      ["requiredAttributes[family_name]", "text", "family-name", true],
      ["requiredAttributes[birthdate]", "date", "bday", true],
      ["requiredAttributes[phone_number]", "tel", "tel", false],
      ["requiredAttributes[custom:favourite_colour]", "text", "off", false],
      ["requiredAttributes[custom:seats]", "number", "off", true],
      ["password", "password", "new-password", true],
    ]);
    expect(await tab.locator(":focus").getAttribute("name")).toBe("username");
    expect(sent).toEqual([]);
  });

  test.each([
    ["passkey", "Start over"],
    ["add-passkey", "Not now"],
  ] as const)("the page %s says that it needs them, and offers the way on", async (name, wayOn) => {
    const tab = await open(samples[name], plain);
    // This way of switching scripts off leaves it unseen; a person's does not.
    expect(await tab.locator("noscript").textContent()).toContain("This step needs JavaScript.");
    await tab.getByRole("link", { name: wayOn }).waitFor();
    expect(await tab.getByRole("button").count()).toBe(0);
  });

  test("nothing is offered that does nothing", async () => {
    const tab = await open(samples["set-up-app"], plain);
    expect(await tab.getByRole("button").allInnerTexts()).toEqual(["Confirm"]);
    await pages.show(tab, { page: samples["new-password"] });
    expect(await tab.getByRole("button").allInnerTexts()).toEqual(["Save password"]);
  });

  test("a button brings the answer to the client", async () => {
    const tab = await openTab(plain);
    await pages.show(tab, { page: samples["form-post"], leadsTo: new URL(callback).origin });
    const request = tab.waitForRequest(callback);
    await tab.getByRole("button", { name: "Continue" }).click();
    expect((await request).postData()).toBe("code=9a1b2c3d&state=xyz");
  });
});

describe("with scripts", () => {
  test("the rules that a new password meets are ticked off as it is typed", async () => {
    const tab = await open(samples["new-password"]);
    const met = () => tab.locator(".passwordCheck-valid-customizable").count();
    const field = tab.getByLabel("New password", { exact: true });
    for (const [typed, count] of [
      ["", 0],
      ["abC", 2],
      ["abC 1234567 x", 5],
      ["abC1234567x ", 4],
      ["", 0],
    ] as const) {
      await field.fill(typed);
      expect([typed, await met()]).toEqual([typed, count]);
    }
  });

  test("a password is seen while its user wants to, and hidden again when it is sent", async () => {
    const answer = holdAnswers();
    const tab = await open({ ...samples["sign-in"], username: "jane@example.com" });
    const field = tab.getByLabel("Password", { exact: true });
    await field.fill("Correct-horse-7");
    const reveal = tab.getByRole("button", { name: "Show password" });
    await reveal.click();
    expect(await field.getAttribute("type")).toBe("text");
    expect(await reveal.getAttribute("aria-pressed")).toBe("true");
    const type = await field.evaluate((input: HTMLInputElement) => {
      input.form?.requestSubmit();
      return input.type;
    });
    expect(type).toBe("password");
    answer();
    await received(tab);
  });

  test("a form is sent once, however often its button is pressed", async () => {
    const answer = holdAnswers();
    const tab = await open(samples.code);
    await tab.getByLabel("Code").fill("123456");
    await tab.getByRole("button", { name: "Verify" }).evaluate((button: HTMLButtonElement) => {
      for (let times = 0; times < 3; times += 1) button.click();
    });
    await expect.poll(() => sent.length).toBe(1);
    answer();
    await received(tab);
    expect(sent).toHaveLength(1);
  });

  test("a code may be pasted as a message or a keyboard has it", async () => {
    const tab = await open(samples.code);
    await tab.getByLabel("Code").fill(" １２３\u00a0456\u200b");
    await tab.getByRole("button", { name: "Verify" }).click();
    await received(tab);
    expect(sent[0]?.get("code")).toBe("123456");
  });

  test("the key for an authenticator app is copied without the spaces that it is read by", async () => {
    const permissions = ["clipboard-read", "clipboard-write"];
    const tab = await open(samples["set-up-app"], { permissions });
    await tab.getByRole("button", { name: "Copy" }).click();
    await tab.getByRole("button", { name: "Copied" }).waitFor();
    const copied = await tab.evaluate(() => navigator.clipboard.readText());
    expect(copied).toBe(samples["set-up-app"].secret);
  });

  test("the answer to the client sends itself", async () => {
    const tab = await openTab();
    const request = tab.waitForRequest(callback);
    // Whether the tab is still there when the page has loaded is not for it to say.
    const page = { page: samples["form-post"], leadsTo: new URL(callback).origin };
    const shown = pages.show(tab, page).catch(() => undefined);
    expect((await request).postData()).toBe("code=9a1b2c3d&state=xyz");
    await tab.close();
    await shown;
  });

  test("whoever declines a passkey is told what to do, and may try again", async () => {
    const tab = await openTab();
    await tab.addInitScript(() => {
      navigator.credentials.get = () => Promise.reject(new DOMException("", "NotAllowedError"));
    });
    await pages.show(tab, { page: samples.passkey });
    for (let times = 0; times < 2; times += 1) {
      await tab.getByRole("button", { name: "Use passkey" }).click();
      await tab.getByRole("alert").getByText("That did not work.").waitFor();
    }
    expect(sent).toEqual([]);
    expect(await axeFindings(tab)).toEqual([]);
  });
});

/** Takes away what browsers of 2024 lacked: passkeys as JSON (Web Authentication Level 3 §5.1.8 to §5.1.10). */
function takeJsonAway(): void {
  const { PublicKeyCredential } = globalThis;
  Reflect.deleteProperty(PublicKeyCredential, "parseRequestOptionsFromJSON");
  Reflect.deleteProperty(PublicKeyCredential, "parseCreationOptionsFromJSON");
  Reflect.deleteProperty(PublicKeyCredential.prototype, "toJSON");
}

describe.each([
  ["of today", () => {}],
  ["of 2024", takeJsonAway],
])("in a browser %s", (_, change) => {
  test("a passkey is made, is used by its page, and is offered where the name is asked for", async () => {
    const tab = await openTab();
    await tab.addInitScript(change);
    await addAuthenticator(tab);
    const credential = async (count: number) => {
      await received(tab);
      expect(sent).toHaveLength(count);
      return JSON.parse(sent.at(-1)?.get("credential") ?? "");
    };
    const encoded = expect.stringMatching(/^[\w-]+$/);

    await pages.show(tab, { page: samples["add-passkey"] });
    await tab.getByRole("button", { name: "Add passkey" }).click();
    const made = await credential(1);
    expect(made).toMatchObject({
      id: encoded,
      type: "public-key",
      clientExtensionResults: expect.any(Object),
      response: { clientDataJSON: encoded, attestationObject: encoded, transports: ["internal"] },
    });
    expect(made.rawId).toBe(made.id);

    const used = {
      id: made.id,
      rawId: made.id,
      type: "public-key",
      response: {
        clientDataJSON: encoded,
        authenticatorData: encoded,
        signature: encoded,
        userHandle: "AAAA",
      },
    };
    await pages.show(tab, { page: samples.passkey });
    await tab.getByRole("button", { name: "Use passkey" }).click();
    expect(await credential(2)).toMatchObject(used);

    const passkey = { options: samples.passkey.options, handle: "handle-of-the-offer" };
    await pages.show(tab, { page: { ...samples["sign-in"], passkey } });
    expect(await credential(3)).toMatchObject(used);
    expect(sent.at(-1)?.get("passkey")).toBe("handle-of-the-offer");
    expect(sent.at(-1)?.get("_csrf")).toBe("token-of-this-browser");
  });
});
