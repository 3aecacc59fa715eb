/** What a client's hosted pages show of its branding: its style of managed login, or its classic look, or neither. */
import { createHash } from "node:crypto";
import { findManagedLoginAsset } from "../../store/managed-login-assets.ts";
import type { Db } from "../../store/schema.ts";
import { findUiCustomizationImage } from "../../store/ui-customizations.ts";
import type { UserPoolClient } from "../clients/client.ts";
import type { UserPool } from "../pools/pool.ts";
import { type Asset, type AssetCategory, assetFor, assetName } from "./asset.ts";
import { readClassicCss } from "./classic-css.ts";
import { defaultSettings } from "./default-settings.ts";
import { imageTypeOf, mediaTypes } from "./image-type.ts";
import { type ManagedLoginBranding, managedLoginBrandingOf } from "./managed-login.ts";
import { type JsonObject, mergeSettings } from "./merge-settings.ts";
import { settingAt, styleSheetOfManagedLogin, wordFor } from "./style-sheet.ts";
import { type UiCustomization, uiCustomizationOf } from "./ui-customization.ts";

/** The name of an image, by which `imageOf` finds it. */
type ImageName = string;

export type Branding = {
  readonly userPoolId: string;
  readonly clientId: string;
  /** Changes with whatever its style sheet or its images are. */
  readonly version: string;
  readonly colorScheme: "light" | "dark" | "auto";
  readonly hasStyleSheet: boolean;
  /** `dark` where the dark look has one of its own. */
  readonly logo?: { readonly light: ImageName; readonly dark?: ImageName };
  readonly favicon?: ImageName;
  /** Whether pages show pictures beside what they ask for. */
  readonly showsGraphics: boolean;
  readonly look: ManagedLook | ClassicLook | undefined;
};

type ManagedLook = {
  readonly kind: "managed";
  /** With Cognito's defaults for what the style leaves out. */
  readonly settings: JsonObject;
  readonly assets: readonly Asset[];
};
type ClassicLook = { readonly kind: "classic"; readonly customization: UiCustomization };

export type BrandingOptions = {
  /** Of the domain that the pages are at: 1 shows the classic look alone, 2 managed login alone. */
  readonly managedLoginVersion?: 1 | 2;
};

/** The branding of a client's pages. */
export async function brandingOf(
  db: Db,
  { pool, client }: { pool: Pick<UserPool, "id">; client: Pick<UserPoolClient, "id"> },
  { managedLoginVersion }: BrandingOptions = {},
): Promise<Branding> {
  const key = { userPoolId: pool.id, clientId: client.id };
  const style = managedLoginVersion === 1 ? undefined : await managedLoginBrandingOf(db, key);
  if (style && !style.usesDefaults) return managedBranding(style);
  const isClassic = !style && managedLoginVersion !== 2;
  const customization = isClassic ? await uiCustomizationOf(db, key) : undefined;
  return customization ? classicBranding(key, customization) : ownBranding(key);
}

type Key = { readonly userPoolId: string; readonly clientId: string };

/** The pages' own look: also that of a style that is Cognito's own. */
function ownBranding(key: Key): Branding {
  return {
    ...key,
    version: "0",
    colorScheme: "auto",
    hasStyleSheet: false,
    showsGraphics: true,
    look: undefined,
  };
}

const schemes: Readonly<Record<string, Branding["colorScheme"]>> = {
  LIGHT: "light",
  DARK: "dark",
  DYNAMIC: "auto",
};

function managedBranding(style: ManagedLoginBranding): Branding {
  const { userPoolId, clientId, assets } = style;
  const settings = mergeSettings(defaultSettings, style.settings ?? {});
  const mode = settingAt(settings, "categories.global.colorSchemeMode");
  const hasLogo = settingAt(settings, "components.form.logo.enabled") === true;
  const logo = hasLogo ? logoOf(assets) : undefined;
  const favicon = faviconOf(settings, assets);
  return {
    userPoolId,
    clientId,
    version: versionOf([style.settings, assets]),
    colorScheme: wordFor(mode, schemes) ?? "light",
    hasStyleSheet: true,
    ...(logo ? { logo } : {}),
    ...(favicon ? { favicon: assetName(favicon) } : {}),
    showsGraphics: settingAt(settings, "categories.form.displayGraphics") !== false,
    look: { kind: "managed", settings, assets },
  };
}

/** A logo for one look alone is shown in both: better than none. */
function logoOf(assets: readonly Asset[]): Branding["logo"] {
  const light = assetFor(assets, "FORM_LOGO", "LIGHT");
  const dark = assetFor(assets, "FORM_LOGO", "DARK");
  const shown = light ?? dark;
  if (!shown) return undefined;
  const isOther = dark !== undefined && dark !== shown;
  return { light: assetName(shown), ...(isOther ? { dark: assetName(dark) } : {}) };
}

/** The one that scales, where the style has and wants it. */
function faviconOf(settings: JsonObject, assets: readonly Asset[]): Asset | undefined {
  const enabled = settingAt(settings, "components.favicon.enabledTypes");
  const types = Array.isArray(enabled) ? enabled : [];
  const find = (category: AssetCategory) => assets.find((asset) => asset.category === category);
  const svg = types.includes("SVG") ? find("FAVICON_SVG") : undefined;
  return svg ?? (types.includes("ICO") ? find("FAVICON_ICO") : undefined);
}

const classicLogo = "logo";

function classicBranding(key: Key, customization: UiCustomization): Branding {
  const { css, imageHash } = customization;
  return {
    ...key,
    version: versionOf([css, imageHash]),
    // Customers' rules were made for pages that know no dark look.
    colorScheme: "light",
    hasStyleSheet: css !== undefined,
    ...(imageHash === undefined ? {} : { logo: { light: classicLogo } }),
    showsGraphics: true,
    look: { kind: "classic", customization },
  };
}

function versionOf(parts: readonly unknown[]): string {
  return createHash("sha256").update(JSON.stringify(parts)).digest("base64url").slice(0, 16);
}

/** What the address of an image or of the style sheet has after its name: whose it is, and which version of it. */
export function brandingQuery(branding: Branding): string {
  return `client_id=${encodeURIComponent(branding.clientId)}&v=${branding.version}`;
}

/** The style sheet, which comes after the pages' own. */
export function styleSheetOf(branding: Branding, imageUrl: (name: ImageName) => string): string {
  const { look } = branding;
  if (look === undefined) return "";
  if (look.kind === "classic") return readClassicCss(look.customization.css ?? "");
  return styleSheetOfManagedLogin({ ...look, imageUrl });
}

export type Image = { readonly bytes: Buffer; readonly mediaType: string; readonly hash: string };

/**
 * One of the images; undefined where the branding has none of this name. The classic logo is there for whoever was told
 * its address (GetUICustomization), whatever the pages show.
 */
export async function imageOf(
  db: Db,
  branding: Branding,
  name: string,
): Promise<Image | undefined> {
  const { look, userPoolId, clientId } = branding;
  if (look?.kind === "managed" && name !== classicLogo) {
    const asset = look.assets.find((each) => assetName(each) === name);
    const row = asset && (await findManagedLoginAsset(db, { userPoolId, clientId, name }));
    if (!asset || !row) return undefined;
    const bytes = Buffer.from(row.bytes, "base64");
    return { bytes, mediaType: mediaTypes[asset.extension], hash: asset.hash };
  }
  return name === classicLogo ? await classicImage(db, branding) : undefined;
}

async function classicImage(db: Db, key: Key): Promise<Image | undefined> {
  const customization = await uiCustomizationOf(db, key);
  if (customization?.imageHash === undefined) return undefined;
  const image = await findUiCustomizationImage(db, customization);
  const bytes = Buffer.from(image ?? "", "base64");
  const type = imageTypeOf(bytes);
  return type && { bytes, mediaType: mediaTypes[type], hash: customization.imageHash };
}
