/** Making, changing and deleting the styles of managed login. */
import { managedLoginBrandingExists, managedLoginBrandingNotFound } from "../../errors/branding.ts";
import { invalidParameter } from "../../errors/cognito-idp.ts";
import {
  deleteManagedLoginAssets,
  putManagedLoginAsset,
} from "../../store/managed-login-assets.ts";
import {
  deleteManagedLoginBranding as deleteRow,
  insertManagedLoginBranding,
  updateManagedLoginBranding as updateRow,
} from "../../store/managed-login-brandings.ts";
import type { Db } from "../../store/schema.ts";
import type { Call } from "../call.ts";
import type { UserPoolClient } from "../clients/client.ts";
import { holdClient } from "../clients/hold.ts";
import type { UserPool } from "../pools/pool.ts";
import { type Asset, assetName, describeAsset, type GivenAsset, withAssets } from "./asset.ts";
import { loadManagedLoginBranding, type ManagedLoginBranding } from "./managed-login.ts";
import { type JsonObject, mergeSettings } from "./merge-settings.ts";

/** What a request says of a style; what is absent was not given. */
export type GivenStyle = {
  readonly usesDefaults: boolean | undefined;
  readonly settings: JsonObject | undefined;
  readonly assets: readonly GivenAsset[] | undefined;
};

/** As long as a request may have them, so that a style does not grow beyond it by many requests. */
export const maxSettingsCharacters = 65_536;

/** Gives a client a style; refuses a second one. */
export async function createManagedLoginBranding(
  call: Call,
  client: UserPoolClient,
  given: GivenStyle,
): Promise<ManagedLoginBranding> {
  const images = readImages(given);
  const isCustomized = given.settings !== undefined || images.length > 0;
  const nowMs = call.clock.now();
  const branding: ManagedLoginBranding = {
    id: call.fixed?.id ?? call.random.uuid(),
    userPoolId: client.userPoolId,
    clientId: client.id,
    usesDefaults: given.usesDefaults ?? !isCustomized,
    settings: given.settings,
    assets: withAssets(
      [],
      images.map(({ asset }) => asset),
    ),
    createdAtMs: nowMs,
    modifiedAtMs: nowMs,
  };
  await call.change(async (trx) => {
    await holdClient(trx, client);
    const isNew = await insertManagedLoginBranding(trx, {
      user_pool_id: branding.userPoolId,
      client_id: branding.clientId,
      id: branding.id,
      created_at_ms: nowMs,
      ...columnsOf(branding),
    });
    if (!isNew) throw managedLoginBrandingExists();
    await putImages(trx, branding, images);
  });
  return branding;
}

/** Lays what is given over a style; `usesDefaults` takes everything off it instead. */
export async function updateManagedLoginBranding(
  call: Call,
  key: { userPoolId: string; id: string },
  given: GivenStyle,
): Promise<ManagedLoginBranding> {
  const images = readImages(given);
  return await call.change(async (trx) => {
    // Writing the row first makes two changes meet, which would otherwise each merge into what the other replaces.
    const modifiedAtMs = call.clock.now();
    const isThere = await updateRow(trx, key, { modified_at_ms: modifiedAtMs });
    if (!isThere) throw managedLoginBrandingNotFound();
    const before = await loadManagedLoginBranding(trx, key);
    call.about.clientId = before.clientId;
    const branding = { ...changed(before, given, images), modifiedAtMs };
    await updateRow(trx, key, columnsOf(branding));
    if (branding.usesDefaults) await deleteManagedLoginAssets(trx, branding);
    await putImages(trx, branding, images);
    return branding;
  });
}

/** Takes a client's style away. */
export async function deleteManagedLoginBranding(
  call: Call,
  pool: UserPool,
  id: string,
): Promise<void> {
  const key = { userPoolId: pool.id, id };
  await call.change(async (trx) => {
    const branding = await loadManagedLoginBranding(trx, key);
    call.about.clientId = branding.clientId;
    if (!(await deleteRow(trx, key))) throw managedLoginBrandingNotFound();
    await deleteManagedLoginAssets(trx, branding);
  });
}

type Image = { readonly asset: Asset; readonly bytes: string };

function readImages({ usesDefaults, settings, assets = [] }: GivenStyle): readonly Image[] {
  const isCustomized = settings !== undefined || assets.length > 0;
  // AWS, CreateManagedLoginBranding: "you must also omit values for Settings and Assets".
  if (usesDefaults === true && isCustomized) {
    throw invalidParameter("UseCognitoProvidedValues cannot be combined with Settings or Assets.");
  }
  const images = assets.map((each) => ({
    asset: describeAsset(each),
    bytes: Buffer.from(each.bytes).toString("base64"),
  }));
  if (new Set(images.map(({ asset }) => assetName(asset))).size < images.length) {
    throw invalidParameter("Two images are of the same Category, ColorMode and ResourceId.");
  }
  return images;
}

function changed(
  before: ManagedLoginBranding,
  given: GivenStyle,
  images: readonly Image[],
): ManagedLoginBranding {
  if (given.usesDefaults === true) {
    return { ...before, usesDefaults: true, settings: undefined, assets: [] };
  }
  const isCustomized = given.settings !== undefined || images.length > 0;
  const settings = given.settings && mergeSettings(before.settings ?? {}, given.settings);
  if (settings && JSON.stringify(settings).length > maxSettingsCharacters) {
    throw invalidParameter(`The settings are longer than ${maxSettingsCharacters} characters.`);
  }
  return {
    ...before,
    usesDefaults: given.usesDefaults ?? (before.usesDefaults && !isCustomized),
    settings: settings ?? before.settings,
    assets: withAssets(
      before.assets,
      images.map(({ asset }) => asset),
    ),
  };
}

function columnsOf(branding: ManagedLoginBranding) {
  const { usesDefaults, settings, assets, modifiedAtMs } = branding;
  return {
    uses_defaults: usesDefaults ? 1 : 0,
    settings: settings ? JSON.stringify(settings) : null,
    assets: JSON.stringify(assets),
    modified_at_ms: modifiedAtMs,
  };
}

async function putImages(
  trx: Db,
  { userPoolId, clientId, createdAtMs }: ManagedLoginBranding,
  images: readonly Image[],
): Promise<void> {
  for (const { asset, bytes } of images) {
    await putManagedLoginAsset(trx, {
      user_pool_id: userPoolId,
      client_id: clientId,
      name: assetName(asset),
      bytes,
      created_at_ms: createdAtMs,
    });
  }
}
