import type {
  AssetType,
  ManagedLoginBrandingType,
} from "@aws-sdk/client-cognito-identity-provider";
import { assetName, type GivenAsset } from "../../domain/branding/asset.ts";
import type { GivenStyle } from "../../domain/branding/change-managed-login.ts";
import { defaultSettings } from "../../domain/branding/default-settings.ts";
import type { ManagedLoginBranding } from "../../domain/branding/managed-login.ts";
import { type JsonObject, mergeSettings } from "../../domain/branding/merge-settings.ts";
import { missingRequiredParameter } from "../../errors/cognito-idp.ts";
import { listManagedLoginAssets } from "../../store/managed-login-assets.ts";
import type { Db } from "../../store/schema.ts";

/** A style as AWS shows it, with its images; `merged` adds what Cognito has where the style says nothing. */
export async function managedLoginBrandingType(
  db: Db,
  branding: ManagedLoginBranding,
  { merged = false }: { merged?: boolean } = {},
): Promise<ManagedLoginBrandingType> {
  const { settings } = branding;
  const shown = merged ? mergeSettings(defaultSettings, settings ?? {}) : settings;
  return {
    ManagedLoginBrandingId: branding.id,
    UserPoolId: branding.userPoolId,
    UseCognitoProvidedValues: branding.usesDefaults,
    // A JSON document is one of AWS's documents.
    Settings: shown as ManagedLoginBrandingType["Settings"],
    Assets: await assetsOf(db, branding),
    CreationDate: new Date(branding.createdAtMs),
    LastModifiedDate: new Date(branding.modifiedAtMs),
  };
}

async function assetsOf(db: Db, branding: ManagedLoginBranding): Promise<AssetType[]> {
  if (branding.assets.length === 0) return [];
  const rows = await listManagedLoginAssets(db, branding);
  const bytes = new Map(rows.map((row) => [row.name, row.bytes]));
  return branding.assets.map((asset) => ({
    Category: asset.category,
    ColorMode: asset.colorMode,
    Extension: asset.extension,
    Bytes: Buffer.from(bytes.get(assetName(asset)) ?? "", "base64"),
    ResourceId: asset.resourceId,
  }));
}

/** What a request says of a style. */
export function givenStyle(input: {
  UseCognitoProvidedValues?: boolean;
  Settings?: unknown;
  Assets?: AssetType[];
}): GivenStyle {
  return {
    usesDefaults: input.UseCognitoProvidedValues,
    // An object, by its check.
    settings: input.Settings as JsonObject | undefined,
    assets: input.Assets?.map(givenAsset),
  };
}

function givenAsset({ Category, ColorMode, Extension, Bytes, ResourceId }: AssetType): GivenAsset {
  if (!Category || !ColorMode || !Extension || !Bytes) throw missingRequiredParameter("Bytes");
  return {
    category: Category,
    colorMode: ColorMode,
    extension: Extension,
    resourceId: ResourceId,
    bytes: Bytes,
  };
}
