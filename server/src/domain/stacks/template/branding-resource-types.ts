/** What a template may say of brandings and terms. */
import {
  flag,
  jsonDocument,
  listOf,
  mapOfText,
  object,
  oneOf,
  replaces,
  required,
  text,
} from "./property-types.ts";
import { noMetadata, type ResourceType } from "./resource-type.ts";

export const managedLoginBranding = {
  properties: {
    Assets: listOf(
      object({
        Bytes: text,
        Category: required(text),
        ColorMode: required(oneOf("LIGHT", "DARK", "DYNAMIC")),
        Extension: required(oneOf("ICO", "JPEG", "PNG", "SVG", "WEBP")),
        ResourceId: text,
      }),
    ),
    ClientId: replaces(required(text)),
    // For whoever reads the resource's state back, which nobody does here.
    ReturnMergedResources: flag,
    Settings: jsonDocument,
    UseCognitoProvidedValues: flag,
    UserPoolId: replaces(required(text)),
  },
  attributes: ["ManagedLoginBrandingId"],
  withheldAttributes: {},
  metadata: noMetadata,
} as const satisfies ResourceType;

export const uiCustomizationAttachment = {
  properties: {
    ClientId: replaces(required(text)),
    CSS: text,
    UserPoolId: replaces(required(text)),
  },
  attributes: [],
  withheldAttributes: {},
  metadata: noMetadata,
} as const satisfies ResourceType;

export const terms = {
  properties: {
    ClientId: replaces(required(text)),
    Enforcement: required(oneOf("NONE")),
    Links: required(mapOfText),
    TermsName: required(oneOf("terms-of-use", "privacy-policy")),
    TermsSource: required(oneOf("LINK")),
    UserPoolId: replaces(required(text)),
  },
  attributes: ["TermsId"],
  withheldAttributes: {},
  metadata: noMetadata,
} as const satisfies ResourceType;
