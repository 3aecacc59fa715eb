/** The style of managed login that a client has. */
import { managedLoginBrandingNotFound } from "../../errors/branding.ts";
import { readOnce } from "../../lib/read-once.ts";
import {
  findManagedLoginBranding,
  findManagedLoginBrandingById,
  type ManagedLoginBrandingRow,
} from "../../store/managed-login-brandings.ts";
import type { Db } from "../../store/schema.ts";
import type { Asset } from "./asset.ts";
import type { JsonObject } from "./merge-settings.ts";

export type ManagedLoginBranding = {
  readonly id: string;
  readonly userPoolId: string;
  readonly clientId: string;
  /** Cognito's own look, with nothing of the customer's. */
  readonly usesDefaults: boolean;
  /** As given; undefined where nothing was. */
  readonly settings: JsonObject | undefined;
  readonly assets: readonly Asset[];
  readonly createdAtMs: number;
  readonly modifiedAtMs: number;
};

const readSettings = readOnce<JsonObject>(100);

export function managedLoginBrandingFromRow(row: ManagedLoginBrandingRow): ManagedLoginBranding {
  return {
    id: row.id,
    userPoolId: row.user_pool_id,
    clientId: row.client_id,
    usesDefaults: row.uses_defaults === 1,
    settings: row.settings === null ? undefined : readSettings(row.settings),
    // Written by this program alone.
    assets: JSON.parse(row.assets) as Asset[],
    createdAtMs: row.created_at_ms,
    modifiedAtMs: row.modified_at_ms,
  };
}

/** The style of a client, if it has one. */
export async function managedLoginBrandingOf(
  db: Db,
  key: { userPoolId: string; clientId: string },
): Promise<ManagedLoginBranding | undefined> {
  const row = await findManagedLoginBranding(db, key);
  return row && managedLoginBrandingFromRow(row);
}

/** The style of a pool that a call names by its id. */
export async function loadManagedLoginBranding(
  db: Db,
  key: { userPoolId: string; id: string },
): Promise<ManagedLoginBranding> {
  const row = await findManagedLoginBrandingById(db, key);
  if (!row) throw managedLoginBrandingNotFound();
  return managedLoginBrandingFromRow(row);
}
