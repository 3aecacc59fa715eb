/** What one database holds fast, whichever process opens it: whose it is, under which keys, and at which address. */
import { ConfigError } from "../config/reading.ts";
import type { Log } from "../domain/context.ts";
import type { Vault } from "../lib/envelope.ts";
import type { Random } from "../lib/random.ts";
import { findMeta, fixMeta, putMeta } from "../store/meta.ts";
import type { Db } from "../store/schema.ts";

/** The account id of this database, made at its first start; a setting that contradicts it is refused. */
export async function fixAccountId(
  db: Db,
  wanted: string | undefined,
  random: Random,
): Promise<string> {
  const standing = await factOf(db, "account_id", () => wanted ?? makeAccountId(random));
  if (wanted === undefined || wanted === standing) return standing;
  throw new ConfigError([
    `POOLHOUSE_ACCOUNT_ID is ${wanted}, but this database belongs to account ${standing}: unset it or use another database`,
  ]);
}

/** Refuses a master-key file that is not the one this database was made with: nothing in it would open. */
export async function checkMasterKeys(db: Db, vault: Vault): Promise<void> {
  const mine = vault.derive("proof of the master-key file").toString("hex");
  if ((await factOf(db, "master_key_proof", () => mine)) === mine) return;
  throw new ConfigError([
    "POOLHOUSE_MASTER_KEY_FILE is not the file that this database was made with, so its secrets do not open",
  ]);
}

/** Warns when clients will find the server under another URL than before: it stands in tokens as their issuer. */
export async function notePublicUrl(db: Db, publicUrl: string, log: Log): Promise<void> {
  const before = await findMeta(db, "public_url");
  if (before === publicUrl) return;
  await putMeta(db, "public_url", publicUrl);
  if (before === undefined) return;
  log.warn(
    { before, now: publicUrl },
    "the public URL has changed: tokens that name the old one as their issuer are refused from now on",
  );
}

async function factOf(db: Db, name: string, make: () => string): Promise<string> {
  return (await findMeta(db, name)) ?? (await fixMeta(db, name, make()));
}

function makeAccountId(random: Random): string {
  return String(random.integer(900_000_000_000) + 100_000_000_000);
}
