/** What the script adds to the hosted pages, and that they work without it. */
import type { Page, Request, Route } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { everyPage, samples } from "../web/src/login/testing/samples.ts";
import { addAuthenticator } from "./harness/amplify-page.ts";
import { startBrowser, type TestBrowser } from "./harness/browser.ts";
import { type LoginPages, openLoginPages, type Shown } from "./harness/login-pages.ts";
import { axeFindings } from "./harness/looks.ts";
import { demo, type Server, startServer, stopAll } from "./harness/server.ts";
import { trust } from "./harness/trust.ts";
import { makeUser, password } from "./harness/users.ts";

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
  expect(await browser.leave()).toEqual([]);
});
afterAll(async () => {
  await browser?.close();
  await stopAll();
});

type Sent = { url: string; fields: Record<string, string> };

/** Shows a page whose forms come to the test; `sent` is what they sent. */
async function open(shown: Shown, tab?: Page): Promise<{ tab: Page; sent: Sent[] }> {
  const shownIn = tab ?? (await browser.open());
  const sent: Sent[] = [];
  const answer = async (route: Route, request: Request) => {
    if (request.method() !== "POST") return route.fallback();
    const fields = Object.fromEntries(new URLSearchParams(request.postData() ?? ""));
    sent.push({ url: request.url(), fields });
    return route.fulfill({ contentType: "text/html", body: "<!doctype html><title>Sent</title>" });
  };
  await shownIn.route(`${server.url}/pool/**`, answer);
  await shownIn.route("https://app.example.com/**", answer);
  await pages.show(shownIn, shown);
  return { tab: shownIn, sent };
}

const passwordField = (tab: Page) => tab.getByLabel("Password", { exact: true });

describe("a password", () => {
  test("is shown by its button and hidden again, and is sent hidden", async () => {
    const { tab, sent } = await open({ page: samples["sign-in"] });
    const field = passwordField(tab);
    const button = tab.getByRole("button", { name: "Show password" });
    await field.fill("secret one");
    expect(await field.getAttribute("type")).toBe("password");
    await button.click();
    expect(await field.getAttribute("type")).toBe("text");
    expect(await button.getAttribute("aria-pressed")).toBe("true");
    expect(await tab.evaluate(() => document.activeElement?.id)).toBe("field-password");
    await button.click();
    expect(await field.getAttribute("type")).toBe("password");
    await button.click();

    // What is a password when it is sent is remembered by nothing but password managers.
    await tab.evaluate(() => {
      document.addEventListener("submit", () => {
        const input = document.querySelector<HTMLInputElement>("#field-password");
        sessionStorage.setItem("type", input?.type ?? "");
      });
    });
    await tab.getByLabel("Email").fill("jane@example.com");
    await tab.getByRole("button", { name: "Sign in", exact: true }).click();
    await tab.waitForURL("**/pool/login");
    expect(sent).toEqual([
      {
        url: `${server.url}/pool/login`,
        fields: {
          _csrf: "token-of-this-browser",
          username: "jane@example.com",
          password: "secret one",
          cognitoAsfData: "",
          signInSubmitButton: "1",
        },
      },
    ]);
    expect(await tab.evaluate(() => sessionStorage.getItem("type"))).toBe("password");
  });

  test("that is new is held against each rule as it is typed", async () => {
    const { tab } = await open({ page: samples["new-password"] });
    const rules = tab.locator("[data-rule]");
    const met = () =>
      rules.evaluateAll((items) =>
        items
          .filter((item) => item.classList.contains("met"))
          .map((item) => (item as HTMLElement).dataset["rule"]),
      );
    const field = tab.getByLabel("New password", { exact: true });
    expect(await rules.count()).toBe(5);
    expect(await met()).toEqual([]);
    for (const [typed, expected] of [
      ["a", ["lowercase"]],
      ["aB", ["uppercase", "lowercase"]],
      ["aB3", ["uppercase", "lowercase", "number"]],
      ["aB3$", ["uppercase", "lowercase", "number", "symbol"]],
      ["aB3 x", ["uppercase", "lowercase", "number", "symbol"]],
      [" aB3x ", ["uppercase", "lowercase", "number"]],
      ["ÄÖÜäöü٣", []],
      ["aB3$aB3$aB3", ["uppercase", "lowercase", "number", "symbol"]],
      ["aB3$aB3$aB3$", ["length", "uppercase", "lowercase", "number", "symbol"]],
      ["", []],
    ] as const) {
      await field.fill(typed);
      expect([typed, await met()]).toEqual([typed, expected]);
    }
    await field.fill("aB3$aB3$aB3$");
    expect(await axeFindings(tab)).toEqual([]);
  });
});

test("a form is sent once, however often its button is pressed, and again after going back", async () => {
  const { tab } = await open({ page: samples["logout-confirm"] });
  const asked: Request[] = [];
  let answer: () => void = () => {};
  const answered = new Promise<void>((resolve) => {
    answer = resolve;
  });
  await tab.route(`${server.url}/pool/logout`, async (route, request) => {
    asked.push(request);
    await answered;
    await route.fulfill({ contentType: "text/html", body: "<!doctype html><title>Sent</title>" });
  });
  const button = tab.getByRole("button", { name: "Sign out" });
  const busy = await tab.evaluate(() => {
    const [first, second] = document.querySelectorAll<HTMLButtonElement>("button[name=decision]");
    first?.click();
    first?.click();
    second?.click();
    return first?.form?.ariaBusy;
  });
  expect(busy).toBe("true");
  await expect.poll(() => asked.length).toBe(1);
  answer();
  await tab.waitForURL("**/pool/logout");
  expect(asked.map((each) => each.postData())).toEqual([
    "_csrf=token-of-this-browser&decision=sign-out",
  ]);
  await tab.goBack();
  await button.click();
  await expect.poll(() => asked.length).toBe(2);
});

test("a code may be pasted as a message or a keyboard has it", async () => {
  const { tab, sent } = await open({ page: samples.code });
  await tab.getByLabel("Code").fill(" １２３\u00a0456\u200b");
  await tab.getByRole("button", { name: "Verify" }).click();
  await expect.poll(() => sent.map(({ fields }) => fields["code"])).toEqual(["123456"]);
});

test("a key is copied, without the gaps that make it legible, and the button says so", async () => {
  const tab = await browser.open({ permissions: ["clipboard-read", "clipboard-write"] });
  const page = samples["set-up-app"];
  await open({ page }, tab);
  await tab.getByRole("button", { name: "Copy" }).click();
  await tab.getByRole("button", { name: "Copied" }).waitFor();
  expect(await tab.evaluate(() => navigator.clipboard.readText())).toBe(page.secret);
  await tab.getByRole("button", { name: "Copy", exact: true }).waitFor();
});

test("an answer to the client by form sends itself", async () => {
  const { tab, sent } = await open({
    page: samples["form-post"],
    leadsTo: "https://app.example.com",
  });
  await tab.waitForURL("https://app.example.com/callback");
  expect(sent).toEqual([
    { url: "https://app.example.com/callback", fields: { code: "9a1b2c3d", state: "xyz" } },
  ]);
});

describe("a passkey", () => {
  const creation = JSON.parse(samples["add-passkey"].options);
  const request = { challenge: "AAECAw", rpId: "localhost", userVerification: "required" };

  /** Makes one in this tab's device; answers what was sent. */
  async function makePasskey(tab: Page) {
    const { sent } = await open({ page: samples["add-passkey"] }, tab);
    await tab.getByRole("button", { name: "Add passkey" }).click();
    await tab.waitForURL("**/pool/passkeys/add");
    return JSON.parse(sent[0]?.fields["credential"] ?? "{}");
  }

  async function usePasskey(tab: Page, options: object) {
    const page = { ...samples.passkey, options: JSON.stringify(options) };
    return open({ page }, tab);
  }

  const made = {
    id: expect.stringMatching(/^[\w-]+$/),
    rawId: expect.stringMatching(/^[\w-]+$/),
    type: "public-key",
    authenticatorAttachment: "platform",
    clientExtensionResults: expect.any(Object),
    response: expect.objectContaining({
      clientDataJSON: expect.stringMatching(/^[\w-]+$/),
      attestationObject: expect.stringMatching(/^[\w-]+$/),
      transports: ["internal"],
    }),
  };
  const used = {
    ...made,
    response: expect.objectContaining({
      clientDataJSON: expect.stringMatching(/^[\w-]+$/),
      authenticatorData: expect.stringMatching(/^[\w-]+$/),
      signature: expect.stringMatching(/^[\w-]+$/),
      userHandle: creation.user.id,
    }),
  };

  /** Takes from a tab what turns options and credentials by itself, as in browsers of before. */
  async function forgetJson(tab: Page): Promise<void> {
    await tab.addInitScript(() => {
      Reflect.deleteProperty(PublicKeyCredential, "parseCreationOptionsFromJSON");
      Reflect.deleteProperty(PublicKeyCredential, "parseRequestOptionsFromJSON");
      Reflect.deleteProperty(PublicKeyCredential.prototype, "toJSON");
    });
  }

  test.each([
    ["browser of today", async () => {}],
    ["browser that cannot turn JSON yet", forgetJson],
  ])("is made and used in a %s", async (_, prepare) => {
    const tab = await browser.open();
    await prepare(tab);
    await addAuthenticator(tab);
    const credential = await makePasskey(tab);
    expect(credential).toEqual(made);
    const { sent } = await usePasskey(tab, {
      ...request,
      allowCredentials: [{ id: credential.id, type: "public-key", transports: ["internal"] }],
    });
    await tab.getByRole("button", { name: "Use passkey" }).click();
    await expect.poll(() => sent.length).toBe(1);
    const { _csrf, credential: answer = "{}" } = sent[0]?.fields ?? {};
    expect(_csrf).toBe("token-of-this-browser");
    expect(JSON.parse(answer)).toEqual(used);
    expect(JSON.parse(answer).id).toBe(credential.id);
    const said = Buffer.from(JSON.parse(answer).response.clientDataJSON, "base64url");
    expect(JSON.parse(said.toString())).toMatchObject({
      type: "webauthn.get",
      challenge: request.challenge,
      origin: server.url,
    });
  });

  test("that the device has not is told of, and one may try again", async () => {
    const tab = await browser.open();
    await addAuthenticator(tab);
    const { sent } = await usePasskey(tab, {
      ...request,
      allowCredentials: [{ id: "AAAA", type: "public-key" }],
    });
    const problem = tab.getByRole("alert");
    expect(await problem.isVisible()).toBe(false);
    await tab.getByRole("button", { name: "Use passkey" }).click();
    await problem.getByText("That did not work. Try again").waitFor();
    expect(await tab.locator("form").getAttribute("aria-busy")).toBeNull();
    expect(await axeFindings(tab)).toEqual([]);
    expect(sent).toEqual([]);
    await tab.getByRole("button", { name: "Use passkey" }).click();
    await problem.waitFor();
  });

  test("where the browser knows none is told of, too", async () => {
    const tab = await browser.open();
    await tab.addInitScript(() => {
      Reflect.deleteProperty(globalThis, "PublicKeyCredential");
      Object.defineProperty(navigator, "credentials", { value: undefined });
    });
    await usePasskey(tab, request);
    await tab.getByRole("button", { name: "Use passkey" }).click();
    await tab.getByRole("alert").waitFor();
    await open({ page: { ...samples["sign-in"], passkey: { options: "{}", handle: "h" } } }, tab);
    await tab.getByRole("button", { name: "Sign in", exact: true }).waitFor();
  });

  test("is offered where the name is asked for, and sent with the flow that it is for", async () => {
    const tab = await browser.open();
    await addAuthenticator(tab);
    const { id } = await makePasskey(tab);
    const passkey = { options: JSON.stringify(request), handle: "flow-of-passkeys" };
    const { sent } = await open({ page: { ...samples["sign-in"], passkey } }, tab);
    await expect.poll(() => sent.length).toBe(1);
    const { credential = "{}", ...rest } = sent[0]?.fields ?? {};
    expect(rest).toEqual({ _csrf: "token-of-this-browser", passkey: "flow-of-passkeys" });
    expect(JSON.parse(credential).id).toBe(id);
  });
});

describe("without JavaScript", () => {
  const openBare = () => browser.open({ javaScriptEnabled: false });

  test("a user signs in", async () => {
    const email = await makeUser(server);
    const tab = await openBare();
    await tab.route(`${server.url}/demo/*`, (route) =>
      route.fulfill({ contentType: "text/html", body: "<!doctype html><title>App</title>" }),
    );
    const query = new URLSearchParams({
      ...{ response_type: "code", client_id: demo.webClientId, scope: "openid", state: "s" },
      redirect_uri: `${server.url}/demo/`,
    });
    await tab.goto(`${server.url}/${demo.userPoolId}/oauth2/authorize?${query}`);
    await tab.getByLabel("Email").fill(email);
    await tab.getByRole("button", { name: "Next" }).click();
    await tab.getByRole("button", { name: "Password" }).click();
    await passwordField(tab).fill("not this one");
    await tab.getByRole("button", { name: "Sign in", exact: true }).click();
    await tab.getByRole("alert").waitFor();
    await passwordField(tab).fill(password);
    await tab.getByRole("button", { name: "Sign in", exact: true }).click();
    await tab.waitForURL(/\/demo\/\?code=/);
  });

  test("there is nothing on any page that does nothing", async () => {
    const tab = await openBare();
    for (const [name, page] of everyPage) {
      await pages.show(tab, { page });
      expect(await tab.locator("button[type=button]").filter({ visible: true }).count(), name).toBe(
        0,
      );
      const isScripted = page.name === "passkey" || page.name === "add-passkey";
      expect(await tab.locator("noscript .notice").isVisible(), name).toBe(isScripted);
      if (!isScripted) continue;
      expect(await tab.getByRole("button").count(), name).toBe(0);
      await tab.getByRole("link", { name: /Start over|Not now/ }).waitFor();
    }
  });

  test("a form says by itself what is missing, and helps the browser to fill it in", async () => {
    const { tab, sent } = await open({ page: samples["sign-up"] }, await openBare());
    await tab.getByRole("button", { name: "Create account" }).click();
    const inputs = tab.locator("input:not([type=hidden])");
    const fields = await inputs.evaluateAll((found) =>
      (found as HTMLInputElement[]).map((each) =>
        [each.name, each.type, each.autocomplete, each.required && "required"].join(" "),
      ),
    );
    expect(fields).toEqual([
      "username text username required",
      "requiredAttributes[given_name] text given-name required",
      "requiredAttributes[family_name] text family-name required",
      "requiredAttributes[birthdate] date bday required",
      "requiredAttributes[phone_number] tel tel false",
      "requiredAttributes[custom:favourite_colour] text off false",
      "requiredAttributes[custom:seats] number off required",
      "password password new-password required",
    ]);
    expect(await tab.locator(":focus").getAttribute("name")).toBe("username");
    expect(sent).toEqual([]);
  });

  test("the language is changed, and an answer to the client is sent by its button", async () => {
    const tab = await openBare();
    const { sent } = await open(
      { page: samples["form-post"], leadsTo: "https://app.example.com" },
      tab,
    );
    await tab.locator("summary").click();
    expect(await tab.getByRole("link", { name: "Deutsch" }).getAttribute("href")).toMatch(
      /lang=de$/,
    );
    await tab.getByRole("button", { name: "Continue" }).click();
    await tab.waitForURL("https://app.example.com/callback");
    expect(sent).toHaveLength(1);
  });
});
