/** AWS's shapes of brandings and terms, each stated once. */
import type * as Sdk from "@aws-sdk/client-cognito-identity-provider";
import { assetCategories, colorModes } from "../../domain/branding/asset.ts";
import { maxSettingsCharacters } from "../../domain/branding/change-managed-login.ts";
import { blob } from "../../protocol/blob.ts";
import { integer, list, map, oneOf, required, string, structure } from "../../protocol/checks.ts";
import { document } from "../../protocol/document.ts";

const uuid4 =
  "^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[4][0-9a-fA-F]{3}-[89abAB][0-9a-fA-F]{3}-[0-9a-fA-F]{12}$";

export const ManagedLoginBrandingIdType = string({ pattern: uuid4 });
/** AWS bounds the request alone. */
export const SettingsType = document({ max: maxSettingsCharacters });
export const AssetCategoryType = oneOf(...assetCategories);
export const ColorSchemeModeType = oneOf(...colorModes);
export const AssetExtensionType = oneOf("ICO", "JPEG", "PNG", "SVG", "WEBP");
export const AssetBytesType = blob({ max: 1_000_000 });
export const ResourceIdType = string({ min: 1, max: 40, pattern: String.raw`^[\w\- ]+$` });
export const AssetType = structure<Sdk.AssetType>({
  Category: required(AssetCategoryType),
  ColorMode: required(ColorSchemeModeType),
  Extension: required(AssetExtensionType),
  Bytes: AssetBytesType,
  ResourceId: ResourceIdType,
});
export const AssetListType = list(AssetType, { min: 0, max: 40 });
export const CSSType = string({ max: 131_072 });
export const ImageFileType = blob({ max: 131_072 });
export const TermsIdType = string({ pattern: uuid4 });
export const TermsNameType = string({ pattern: "^(terms-of-use|privacy-policy)$" });
export const TermsSourceType = oneOf("LINK");
export const TermsEnforcementType = oneOf("NONE");
export const LanguageIdType = string({
  pattern:
    "^cognito:(default|dutch|english|french|spanish|german|bahasa-indonesia|italian|japanese|korean|portuguese-brazil|chinese-(simplified|traditional))$",
});
export const LinkUrlType = string({
  min: 1,
  max: 1024,
  pattern: String.raw`^[\p{L}\p{M}\p{S}\p{N}\p{P}]+$`,
});
export const LinksType = map(LanguageIdType, LinkUrlType, { min: 1, max: 13 });
export const ListTermsRequestMaxResultsInteger = integer({ min: 1, max: 60 });
