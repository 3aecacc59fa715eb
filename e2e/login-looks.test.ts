/** The looks of the hosted pages: everybody can use each of them, on any screen, in any light, in any language. */
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import {
  CreateManagedLoginBrandingCommand,
  CreateUserPoolClientCommand,
  SetUICustomizationCommand,
} from "@aws-sdk/client-cognito-identity-provider";
import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { everyPage, samples } from "../web/src/login/testing/samples.ts";
import { startBrowser, type TestBrowser } from "./harness/browser.ts";
import {
  builtPages,
  keepPicture,
  type LoginPages,
  openLoginPages,
  type Shown,
} from "./harness/login-pages.ts";
import { axeFindings, layoutFaults, operable, walkByTab } from "./harness/looks.ts";
import { demo, type Server, startServer, stopAll } from "./harness/server.ts";
import { trust } from "./harness/trust.ts";

let server: Server;
let browser: TestBrowser;
let pages: LoginPages;
let tab: Page;
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

const phone = { width: 390, height: 844 };
const desktop = { width: 1280, height: 800 };

/** The narrowest phone, a desktop at 200 %, and one at 400 % (WCAG 1.4.10). */
const narrow = [
  { width: 360, height: 740 },
  { width: 640, height: 400 },
  { width: 320, height: 256 },
];

const refusal = { kind: "error", code: "NotAuthorizedException" } as const;

async function open(shown: Shown): Promise<void> {
  tab = await browser.open();
  await pages.show(tab, shown);
}

async function look(name: string, { size, colorScheme }: (typeof views)[number]): Promise<void> {
  await tab.setViewportSize(size);
  await tab.emulateMedia({ colorScheme, reducedMotion: "reduce" });
  const view = `${name} ${size === phone ? "phone" : "desktop"} ${colorScheme}`;
  await keepPicture(tab, `login ${view}`);
  expect(await axeFindings(tab), view).toEqual([]);
}

async function expectRoom(sizes: readonly (typeof phone)[]): Promise<void> {
  for (const size of sizes) {
    await tab.setViewportSize(size);
    expect(await layoutFaults(tab), `${size.width}`).toEqual([]);
  }
}

const views = [
  { size: desktop, colorScheme: "light" },
  { size: phone, colorScheme: "dark" },
  { size: desktop, colorScheme: "dark" },
  { size: phone, colorScheme: "light" },
] as const;

/** The page that posts itself is gone before one can look. */
const still = everyPage.filter(([, page]) => page.name !== "form-post");

test.each(still)(
  "everybody can use %s, by light and by dark, on a phone and on a desktop",
  async (name, page) => {
    await open({ page, ...(page.name === "sign-in" ? { notice: refusal } : {}) });
    await expectRoom([...narrow, phone, desktop]);
    // What is but another case of a page differs from it by words.
    for (const view of Object.hasOwn(samples, name) ? views : views.slice(0, 2))
      await look(name, view);
  },
);

test.each(["sign-in by name first", "choose-factor", "set-up-app", "consent"])(
  "%s can be used without a mouse",
  async (name) => {
    await open({ page: pageOf(name) });
    await tab.setViewportSize(desktop);
    await openLanguages();
    const stops = await walkByTab(tab);
    expect(stops.filter(({ showsFocus }) => !showsFocus)).toEqual([]);
    expect(stops.map((stop) => stop.name)).toEqual(await operable(tab));
  },
);

test("where a finger points, the authenticator app at hand is offered beside the code to scan", async () => {
  const page = samples["set-up-app"];
  for (const hasTouch of [true, false]) {
    tab = await browser.open({ viewport: phone, hasTouch, isMobile: hasTouch });
    await pages.show(tab, { page });
    const link = tab.locator(`a[href="${page.uri}"]`);
    expect(await link.isVisible()).toBe(hasTouch);
    expect(await layoutFaults(tab)).toEqual([]);
    const file = `login set-up-app ${hasTouch ? "touch" : "mouse"}`;
    await keepPicture(tab, file, { fullPage: false });
  }
});

function pageOf(name: string): Shown["page"] {
  const found = everyPage.find(([each]) => each === name)?.[1];
  if (!found) throw new Error(`There is no page ${name}`);
  return found;
}

async function openLanguages(): Promise<void> {
  await tab.locator("details").evaluate((details: HTMLDetailsElement) => {
    details.open = true;
  });
}

describe("in other languages", () => {
  const long = {
    username:
      "maximiliane.von-und-zu-hohenzollern-sigmaringen@rechtsschutzversicherungsgesellschaften.example",
    clientName: "Rindfleischetikettierungsüberwachungsaufgabenübertragungsgesetz",
    signedInAs: "maximiliane.von-und-zu-hohenzollern-sigmaringen@example.com",
  };
  const appName =
    "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft";

  test.each([
    { lang: "de", title: "long words and names have room" },
    { lang: "ar", title: "all runs from right to left" },
  ])("$lang: $title", async ({ lang }) => {
    tab = await browser.open();
    for (const [name, page] of still) {
      const stretched = Object.entries(long).filter(([key]) => Object.hasOwn(page, key));
      const shown = { ...page, ...Object.fromEntries(stretched) } as Shown["page"];
      await pages.show(tab, { page: shown, look: { lang, appName }, notice: refusal });
      await openLanguages();
      await expectRoom([desktop, phone, narrow[0] ?? phone]);
      await look(`${name} ${lang}`, { size: phone, colorScheme: "dark" });
    }
  });

  test("every language has room on the narrowest phone", async () => {
    tab = await browser.open();
    for (const lang of pages.languages) {
      for (const name of ["sign-up", "choose-factor", "consent", "reset-password", "set-up-app"]) {
        await pages.show(tab, { page: pageOf(name), look: { lang }, notice: refusal });
        await tab.setViewportSize(narrow[0] ?? phone);
        expect(await layoutFaults(tab), `${lang} ${name}`).toEqual([]);
      }
    }
  });
});

test("the page that one signs in on is light: by wire, and by what it runs", async () => {
  const html = pages.html({ page: samples["sign-in"] });
  const files = await readdir(join(builtPages, "assets"));
  const weightOf = async (kind: string) => {
    const read = files
      .filter((file) => file.endsWith(kind))
      .map((file) => readFile(join(builtPages, "assets", file)));
    return (await Promise.all(read)).reduce((sum, content) => sum + gzipSync(content).length, 0);
  };
  const seen = gzipSync(html).length + (await weightOf(".css"));
  expect(seen).toBeGreaterThan(1_000);
  expect(seen).toBeLessThan(60 * 1024);
  expect(seen + (await weightOf(".js"))).toBeLessThan(150 * 1024);
});

describe("a customer's look", () => {
  const wide = (fill: string) =>
    Buffer.from(
      `<svg xmlns="http://www.w3.org/2000/svg" width="160" height="40" viewBox="0 0 160 40"><rect width="160" height="40" rx="8" fill="${fill}"/><circle cx="20" cy="20" r="10" fill="white"/></svg>`,
    );

  const logo = Buffer.from(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
    "base64",
  );

  /** A client of the demo's pool, and the address of its sign-in page. */
  async function makeClient(name: string) {
    const redirectUri = `${server.url}/demo/`;
    const { UserPoolClient } = await server.client().send(
      new CreateUserPoolClientCommand({
        UserPoolId: demo.userPoolId,
        ClientName: name,
        AllowedOAuthFlowsUserPoolClient: true,
        AllowedOAuthFlows: ["code"],
        AllowedOAuthScopes: ["openid"],
        CallbackURLs: [redirectUri],
        SupportedIdentityProviders: ["COGNITO"],
        ExplicitAuthFlows: ["ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
      }),
    );
    const ClientId = UserPoolClient?.ClientId ?? "";
    const query = new URLSearchParams({
      ...{ client_id: ClientId, response_type: "code", scope: "openid" },
      redirect_uri: redirectUri,
    });
    return { ClientId, url: `${server.url}/${demo.userPoolId}/login?${query}` };
  }

  const styleOf = (selector: string, property: string) =>
    tab
      .locator(selector)
      .first()
      .evaluate((element, name) => getComputedStyle(element).getPropertyValue(name), property);

  const button = (backgroundColor: string) => ({
    defaults: { backgroundColor, textColor: "ffffffff" },
    hover: { backgroundColor: "7d2514ff", textColor: "ffffffff" },
    active: { backgroundColor: "7d2514ff", textColor: "ffffffff" },
  });
  const settings = {
    categories: {
      form: { location: { horizontal: "START", vertical: "CENTER" } },
      global: {
        colorSchemeMode: "DYNAMIC",
        spacingDensity: "COMPACT",
        pageHeader: { enabled: true },
        pageFooter: { enabled: true },
      },
    },
    components: {
      pageBackground: { lightMode: { color: "fff1deff" }, darkMode: { color: "241a10ff" } },
      pageHeader: { logo: { enabled: true, location: "CENTER" } },
      form: {
        borderRadius: 4,
        logo: { enabled: true, location: "CENTER" },
        lightMode: { backgroundColor: "fffdf9ff", borderColor: "e5cfb0ff" },
        darkMode: { backgroundColor: "2e2216ff", borderColor: "5a4630ff" },
      },
      primaryButton: { lightMode: button("a8321aff"), darkMode: button("a8321aff") },
    },
    componentClasses: {
      buttons: { borderRadius: 22 },
      input: { borderRadius: 2 },
      link: {
        lightMode: { defaults: { textColor: "8f2a16ff" }, hover: { textColor: "5f1c0fff" } },
        darkMode: { defaults: { textColor: "ffb59fff" }, hover: { textColor: "ffd3c6ff" } },
      },
    },
  };

  test("a style of managed login changes colours, shapes, places and logos, by light and by dark", async () => {
    const { ClientId, url } = await makeClient("styled");
    const image = (Category: "FORM_LOGO" | "PAGE_HEADER_LOGO", fill: string) =>
      ({ Category, ColorMode: "DYNAMIC", Extension: "SVG", Bytes: wide(fill) }) as const;
    await server.client().send(
      new CreateManagedLoginBrandingCommand({
        UserPoolId: demo.userPoolId,
        ClientId,
        Settings: settings,
        Assets: [image("FORM_LOGO", "#a8321a"), image("PAGE_HEADER_LOGO", "#274060")],
      }),
    );
    tab = await browser.open();
    await tab.goto(url);
    for (const [name, view] of views.entries()) {
      await look(`branded ${name}`, view);
      expect(await layoutFaults(tab)).toEqual([]);
      const isDark = view.colorScheme === "dark";
      expect(await styleOf("body", "background-color")).toBe(
        isDark ? "rgb(36, 26, 16)" : "rgb(255, 241, 222)",
      );
      expect(await styleOf(".card", "background-color")).toBe(
        isDark ? "rgb(46, 34, 22)" : "rgb(255, 253, 249)",
      );
      expect(await styleOf(".button-primary", "background-color")).toBe("rgb(168, 50, 26)");
    }
    await tab.setViewportSize(desktop);
    expect(await styleOf(".button-primary", "border-top-left-radius")).toBe("22px");
    expect(await styleOf(".control", "border-top-left-radius")).toBe("2px");
    expect(await styleOf(".card", "border-top-left-radius")).toBe("4px");
    const card = await tab.locator(".card").boundingBox();
    expect(card?.x).toBeLessThan(desktop.width / 4);
    const logo = await tab.locator(".logo-customizable").boundingBox();
    expect(logo?.width).toBe(160);
    expect((logo?.x ?? 0) + 80).toBeCloseTo((card?.x ?? 0) + (card?.width ?? 0) / 2, 0);
    const header = await tab.locator(".bar-above .bar-logo").boundingBox();
    expect(header?.width).toBe(160);
    expect((header?.x ?? 0) + 80).toBeCloseTo(desktop.width / 2, 0);
    expect(await tab.locator(".bar-below").isVisible()).toBe(true);
  });

  test("the CSS of the classic pages wins over the pages' own", async () => {
    const { ClientId, url } = await makeClient("classic");
    const css = `
      .background-customizable { background-color: #faf5ff; }
      .banner-customizable { padding: 25px 0px 25px 0px; background-color: #4b2e83; }
      .logo-customizable { max-width: 60%; max-height: 30%; }
      .label-customizable { font-weight: 300; }
      .inputField-customizable { width: 100%; height: 34px; color: #555; background-color: #fff; border: 1px solid #886; }
      .submitButton-customizable { font-size: 14px; font-weight: bold; margin: 20px 0px 10px 0px; height: 50px; width: 100%; color: #fff; background-color: #4b2e83; }
      .submitButton-customizable:hover { color: #fff; background-color: #2f1d52; }
      .redirect-customizable { text-align: end; }`;
    await server.client().send(
      new SetUICustomizationCommand({
        UserPoolId: demo.userPoolId,
        ClientId,
        CSS: css,
        ImageFile: logo,
      }),
    );
    tab = await browser.open();
    await tab.goto(url);
    await look("classic", views[0]);
    await look("classic", views[3]);
    expect(await layoutFaults(tab)).toEqual([]);
    const expected = [
      [".card", "background-color", "rgb(250, 245, 255)"],
      [".brand", "background-color", "rgb(75, 46, 131)"],
      ["label", "font-weight", "300"],
      [".control", "color", "rgb(85, 85, 85)"],
      [".control", "border-top-color", "rgb(136, 136, 102)"],
      [".button-primary", "height", "50px"],
      [".button-primary", "background-color", "rgb(75, 46, 131)"],
      [".below", "text-align", "end"],
    ] as const;
    for (const [selector, property, value] of expected)
      expect(await styleOf(selector, property), selector).toBe(value);
  });
});
