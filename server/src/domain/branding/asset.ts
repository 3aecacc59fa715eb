/** Images of a style of managed login. */

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

export const assetExtensions = ["ICO", "JPEG", "PNG", "SVG", "WEBP"] as const;
export type AssetExtension = (typeof assetExtensions)[number];

/** What an image is for and where it is found, without its bytes. */
export type Asset = {
  readonly category: AssetCategory;
  readonly colorMode: ColorMode;
  readonly extension: AssetExtension;
  /** The customer's own name for it. */
  readonly resourceId?: string;
};

/** The name of an image in addresses: `form-logo-light`. */
export function assetName({ category, colorMode }: Pick<Asset, "category" | "colorMode">): string {
  return `${category}-${colorMode}`.toLowerCase().replaceAll("_", "-");
}

/** The image of a category for one of the two looks: its own, or the one for both. */
export function assetFor<A extends Asset>(
  assets: readonly A[],
  category: AssetCategory,
  mode: "LIGHT" | "DARK",
): A | undefined {
  const ofCategory = assets.filter((asset) => asset.category === category);
  return (
    ofCategory.find(({ colorMode }) => colorMode === mode) ??
    ofCategory.find(({ colorMode }) => colorMode === "DYNAMIC")
  );
}
