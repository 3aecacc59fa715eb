import {
  type AssetType,
  CreateManagedLoginBrandingCommand,
  CreateUserPoolDomainCommand,
  SetUICustomizationCommand,
  UpdateManagedLoginBrandingCommand,
  UpdateUserPoolDomainCommand,
} from "@aws-sdk/client-cognito-identity-provider";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type TestApp, testApp } from "../testing/app.ts";
import { ico, jpeg, png, svg } from "../testing/images.ts";
import { authorizeUrl, oauthPool } from "../testing/oauth.ts";
import { otherClientOf } from "../testing/person.ts";
import type { TestPool } from "../testing/pools.ts";
import type { Look } from "./pages.ts";

let app: TestApp;
let home: TestPool;
let domains = 0;
beforeAll(async () => {
  app = await testApp();
});
afterAll(() => app.close());
beforeEach(async () => {
  home = await oauthPool(app);
});

async function get(url: string, headers: Record<string, string> = {}) {
  const answer = await app.app.inject({
    method: "GET",
    url,
    headers: { host: "localhost:8443", ...headers },
  });
  return { status: answer.statusCode, headers: answer.headers, body: answer.rawPayload };
}

/** What the sign-in page of the client shows. */
async function look(host = "localhost:8443", at = home): Promise<Look> {
  const first = await get(
    authorizeUrl(at, {}).replace(
      `/${at.pool.id}`,
      host === "localhost:8443" ? `/${at.pool.id}` : "",
    ),
    { host },
  );
  const shown = await get(String(first.headers.location).replace(/^https:\/\/[^/]+/, ""), { host });
  return JSON.parse(shown.body.toString()).look;
}

async function style(Settings: object, Assets: AssetType[] = []) {
  const key = { UserPoolId: home.pool.id, ClientId: home.client.id };
  const command = new CreateManagedLoginBrandingCommand({
    ...key,
    Settings: { ...Settings },
    Assets,
  });
  const { ManagedLoginBranding } = await app.client.send(command);
  return ManagedLoginBranding?.ManagedLoginBrandingId;
}

async function makeDomain(ManagedLoginVersion = 1): Promise<string> {
  const Domain = `branded-${domains++}`;
  const given = { UserPoolId: home.pool.id, Domain, ManagedLoginVersion };
  await app.client.send(new CreateUserPoolDomainCommand(given));
  return Domain;
}

const classic = (input: object) =>
  app.client.send(new SetUICustomizationCommand({ UserPoolId: home.pool.id, ...input }));

const withLogo = { components: { form: { logo: { enabled: true } } } };
const image = (rest: Partial<AssetType>): AssetType => ({
  Category: "FORM_LOGO",
  ColorMode: "LIGHT",
  Extension: "PNG",
  Bytes: png,
  ...rest,
});

describe("the pages of a client", () => {
  it("have their own look where there is no branding, and where it is Cognito's own", async () => {
    expect(await look()).toMatchObject({ colorScheme: "auto" });
    await app.client.send(
      new CreateManagedLoginBrandingCommand({
        UserPoolId: home.pool.id,
        ClientId: home.client.id,
        UseCognitoProvidedValues: true,
      }),
    );
    const shown = await look();
    expect(shown).toMatchObject({ colorScheme: "auto" });
    for (const member of ["logo", "favicon", "styleSheet"])
      expect(shown).not.toHaveProperty(member);
    const url = `/${home.pool.id}/branding/style.css?client_id=${home.client.id}`;
    expect((await get(url)).status).toBe(404);
  });

  it("load the style sheet of their style, and the images that it names", async () => {
    await style(
      {
        categories: { global: { colorSchemeMode: "DYNAMIC" } },
        components: { pageBackground: { lightMode: { color: "12345678" } } },
      },
      [
        image({
          Category: "PAGE_BACKGROUND",
          ColorMode: "DYNAMIC",
          Extension: "JPEG",
          Bytes: jpeg,
        }),
      ],
    );
    const { colorScheme, styleSheet = "" } = await look();
    expect(colorScheme).toBe("auto");
    const sheet = await get(styleSheet);
    expect(sheet.headers["content-type"]).toBe("text/css; charset=utf-8");
    expect(sheet.headers["cache-control"]).toBe("public, max-age=31536000, immutable");
    const css = sheet.body.toString();
    expect(css).toContain("--login-page-background: #12345678;");
    // What the style leaves out is Cognito's.
    expect(css).toContain("--login-primary: #0972d3ff;");
    // Browsers count it from the pages' own style sheet, so it has to be whole.
    const url = /--login-page-background-image: url\("(\/[^"]+)"\)/.exec(css)?.[1] ?? "";
    const loaded = await get(url);
    expect(loaded.headers["content-type"]).toBe("image/jpeg");
    expect(loaded.body.equals(jpeg)).toBe(true);
  });

  it.each([
    ["LIGHT", "light"],
    ["DARK", "dark"],
    ["DYNAMIC", "auto"],
    ["__proto__", "light"],
    [7, "light"],
  ])("have the colour scheme of the settings: %s", async (colorSchemeMode, expected) => {
    await style({ categories: { global: { colorSchemeMode } } });
    expect((await look()).colorScheme).toBe(expected);
  });

  it("show the logo that is switched on, and the dark one beside it", async () => {
    const dark = image({ ColorMode: "DARK", Extension: "SVG", Bytes: svg });
    const id = await style({}, [dark]);
    expect(await look()).not.toHaveProperty("logo");
    const update = (rest: object) =>
      app.client.send(
        new UpdateManagedLoginBrandingCommand({
          UserPoolId: home.pool.id,
          ManagedLoginBrandingId: id,
          ...rest,
        }),
      );
    await update({ Settings: withLogo });
    const alone = (await look()).logo;
    expect(alone).toEqual({ light: expect.stringContaining("name=form-logo-dark&") });
    await update({ Assets: [image({})] });
    const { logo } = await look();
    expect((await get(logo?.light ?? "")).body.equals(png)).toBe(true);
    expect((await get(logo?.dark ?? "")).body.equals(svg)).toBe(true);
  });

  it("show the favicon that is wanted", async () => {
    const favicons = [
      image({ Category: "FAVICON_ICO", Extension: "ICO", Bytes: ico }),
      image({ Category: "FAVICON_SVG", Extension: "SVG", Bytes: svg }),
    ];
    const id = await style({}, favicons);
    expect((await look()).favicon).toContain("name=favicon-svg-light&");
    const Settings = { components: { favicon: { enabledTypes: ["ICO"] } } };
    const key = { UserPoolId: home.pool.id, ManagedLoginBrandingId: id };
    await app.client.send(new UpdateManagedLoginBrandingCommand({ ...key, Settings }));
    const { favicon = "" } = await look();
    expect((await get(favicon)).headers["content-type"]).toBe("image/x-icon");
  });

  it("have the classic look of the client, or of all, in the light", async () => {
    await makeDomain();
    await classic({ CSS: ".banner-customizable { color: red }", ImageFile: png });
    const { colorScheme, styleSheet = "", logo } = await look();
    expect(colorScheme).toBe("light");
    expect((await get(styleSheet)).body.toString()).toBe(
      ":root .banner-customizable {\n  color: red;\n}\n",
    );
    expect((await get(logo?.light ?? "")).body.equals(png)).toBe(true);
    await classic({ ClientId: home.client.id, ImageFile: jpeg });
    const own = await look();
    expect(own).not.toHaveProperty("styleSheet");
    expect((await get(own.logo?.light ?? "")).body.equals(jpeg)).toBe(true);
    const { UICustomization } = await classic({ ClientId: "ALL", ImageFile: png });
    const url = UICustomization?.ImageUrl?.replace("https://localhost:8443", "") ?? "";
    expect((await get(url)).body.equals(png)).toBe(true);
  });

  it("have the look that the version of their domain asks for", async () => {
    const Domain = await makeDomain(1);
    const host = `${Domain}.auth.localhost:8443`;
    await classic({ CSS: ".banner-customizable { color: red }" });
    await style({});
    const sheetAt = async () =>
      (await get((await look(host)).styleSheet ?? "", { host })).body.toString();
    expect(await sheetAt()).toContain("banner-customizable");
    const given = { UserPoolId: home.pool.id, Domain, ManagedLoginVersion: 2 };
    await app.client.send(new UpdateUserPoolDomainCommand(given));
    expect(await sheetAt()).toContain("--login-primary");
    expect((await get((await look()).styleSheet ?? "")).body.toString()).toContain(
      "--login-primary",
    );
    const other = await otherClientOf(app, home);
    expect(await look(host, other)).not.toHaveProperty("styleSheet");
  });
});

describe("images", () => {
  const urlOf = async () => (await look()).logo?.light ?? "";

  it("run nothing, load nothing and are what they were uploaded as", async () => {
    const active = Buffer.from(
      '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
    );
    await style(withLogo, [image({ Extension: "SVG", Bytes: active })]);
    const { headers } = await get(await urlOf());
    expect(headers).toMatchObject({
      "content-type": "image/svg+xml",
      "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox",
      "x-content-type-options": "nosniff",
    });
  });

  it("are kept for good under an address that names the version, and only there", async () => {
    const id = await style(withLogo, [image({})]);
    const url = await urlOf();
    const kept = "public, max-age=31536000, immutable";
    const first = await get(url);
    expect(first.headers["cache-control"]).toBe(kept);
    for (const other of [url.replace(/&v=.*/, ""), `${url}x`]) {
      expect((await get(other)).headers["cache-control"]).toBe("no-cache");
    }
    const etag = String(first.headers.etag);
    const again = await get(url, { "if-none-match": `"x", ${etag}` });
    expect([again.status, again.body.length, again.headers["cache-control"]]).toEqual([
      304,
      0,
      kept,
    ]);
    const key = { UserPoolId: home.pool.id, ManagedLoginBrandingId: id };
    const Assets = [image({ Extension: "JPEG", Bytes: jpeg })];
    await app.client.send(new UpdateManagedLoginBrandingCommand({ ...key, Assets }));
    const changed = await get(url, { "if-none-match": etag });
    expect([changed.status, changed.headers["cache-control"]]).toEqual([200, "no-cache"]);
    expect(changed.body.equals(jpeg)).toBe(true);
    expect(await urlOf()).not.toBe(url);
  });

  it.each([
    ["name=form-logo-dark&client_id=CLIENT"],
    ["name=logo&client_id=CLIENT"],
    ["name=__proto__&client_id=CLIENT"],
    ["name=..%2F..%2Fetc%2Fpasswd&client_id=CLIENT"],
    ["name=%00&client_id=CLIENT"],
    ["client_id=CLIENT"],
    ["name=form-logo-light"],
    ["name=form-logo-light&client_id="],
    ["name=form-logo-light&client_id=other"],
    ["name=form-logo-light&client_id=a%27b"],
    ["name=form-logo-light&client_id=CLIENT&client_id=CLIENT"],
    [`name=${"a".repeat(20_000)}&client_id=CLIENT`],
    ["name=%ff&client_id=CLIENT"],
    [""],
  ])("are not there at other addresses, which nobody keeps: %.60s", async (query) => {
    await style(withLogo, [image({})]);
    const before = (await app.auditEvents()).length;
    const path = `/${home.pool.id}/branding/image?`;
    const answer = await get(path + query.replaceAll("CLIENT", home.client.id));
    expect([answer.status, answer.headers["cache-control"]]).toEqual([404, "no-store"]);
    expect(answer.body.toString()).toBe("There is nothing at this address.");
    expect((await get(path + query)).status).toBe(404);
    const events = (await app.auditEvents()).slice(before);
    expect(events.filter(({ errorCode }) => errorCode === undefined)).toEqual([]);
  });

  it("are those of one pool", async () => {
    await style(withLogo, [image({})]);
    const url = await urlOf();
    const other = await oauthPool(app);
    expect((await get(url.replace(home.pool.id, other.pool.id))).status).toBe(404);
  });
});
