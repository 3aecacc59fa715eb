/** Images of a style of managed login. */
import { createHash } from "node:crypto";
import { managedLoginAssetLimitExceeded } from "../../errors/branding.ts";
import { invalidParameter } from "../../errors/cognito-idp.ts";
import { type ImageType, imageTypeOf } from "./image-type.ts";

export const assetCategories = [
  "FAVICON_ICO",
  "FAVICON_SVG",
  "EMAIL_GRAPHIC",
  "SMS_GRAPHIC",
  "AUTH_APP_GRAPHIC",
  "PASSWORD_GRAPHIC",
  "PASSKEY_GRAPHIC",
  "PAGE_HEADER_LOGO",
  "PAGE_HEADER_BACKGROUND",
  "PAGE_FOOTER_LOGO",
  "PAGE_FOOTER_BACKGROUND",
  "PAGE_BACKGROUND",
  "FORM_BACKGROUND",
  "FORM_LOGO",
  "IDP_BUTTON_ICON",
] as const;
export type AssetCategory = (typeof assetCategories)[number];

export const colorModes = ["LIGHT", "DARK", "DYNAMIC"] as const;
/** `DYNAMIC` is shown in both looks. */
export type ColorMode = (typeof colorModes)[number];

/** What an image is for and what it is, without its bytes. */
export type Asset = {
  readonly category: AssetCategory;
  readonly colorMode: ColorMode;
  readonly extension: ImageType;
  /** The customer's own name for it; icons of several providers are told apart by it. */
  readonly resourceId?: string;
  readonly size: number;
  /** SHA-256 of its bytes. */
  readonly hash: string;
};

/** An image as a request brings it. */
export type GivenAsset = Pick<Asset, "category" | "colorMode" | "extension"> & {
  readonly resourceId: string | undefined;
  readonly bytes: Uint8Array;
};

/** AWS's limit for the list of a request, and of an answer. */
const maxAssets = 40;
/** Ours: AWS documents none for all requests together. */
const maxBytes = 5_000_000;

/** The image without its bytes; refuses one that is not what it says it is. */
export function describeAsset({ bytes, resourceId, ...about }: GivenAsset): Asset {
  const { category, extension } = about;
  if (imageTypeOf(bytes) !== extension) {
    throw invalidParameter(`The image of ${category} is not of the type ${extension}.`);
  }
  const wanted = { FAVICON_ICO: "ICO", FAVICON_SVG: "SVG" } as const;
  if (category in wanted && wanted[category as keyof typeof wanted] !== extension) {
    throw invalidParameter(`The image of ${category} cannot be of the type ${extension}.`);
  }
  return {
    ...about,
    ...(resourceId === undefined ? {} : { resourceId }),
    size: bytes.byteLength,
    hash: createHash("sha256").update(bytes).digest("base64url"),
  };
}

/** The images of a style after a request: those in the same place are replaced, the others stay. */
export function withAssets(before: readonly Asset[], given: readonly Asset[]): readonly Asset[] {
  const byName = new Map([...before, ...given].map((asset) => [assetName(asset), asset]));
  const assets = [...byName.values()];
  const bytes = assets.reduce((sum, { size }) => sum + size, 0);
  if (assets.length > maxAssets || bytes > maxBytes) throw managedLoginAssetLimitExceeded();
  return assets;
}

/** The name of an image in addresses: `form-logo-light`. */
export function assetName(asset: Pick<Asset, "category" | "colorMode" | "resourceId">): string {
  const { category, colorMode, resourceId } = asset;
  const name = `${category}-${colorMode}`.toLowerCase().replaceAll("_", "-");
  return resourceId === undefined ? name : `${name}.${resourceId}`;
}

/** The image of a category for one of the two looks: its own, or the one for both. */
export function assetFor(
  assets: readonly Asset[],
  category: AssetCategory,
  mode: "LIGHT" | "DARK",
): Asset | undefined {
  const ofCategory = assets.filter((asset) => asset.category === category);
  return (
    ofCategory.find(({ colorMode }) => colorMode === mode) ??
    ofCategory.find(({ colorMode }) => colorMode === "DYNAMIC")
  );
}
