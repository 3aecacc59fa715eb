import { existsSync } from "node:fs";
import { join } from "node:path";
import { ConfigError } from "../config/reading.ts";
import type { DataConfig } from "../config.ts";
import { createVault, type Vault } from "../lib/envelope.ts";
import { systemRandom } from "../lib/random.ts";
import { openStore, type Store } from "../store/store.ts";
import { checkMasterKeys } from "./installation.ts";
import { readMasterKeys } from "./master-keys.ts";

/** The rows and the secrets of a server, opened without it: for its machine, or for one that holds a backup. Nothing is made. */
export async function openData(config: DataConfig): Promise<{ store: Store; vault: Vault }> {
  const { databaseUrl, dataDir, masterKeyFile } = config;
  const vault = createVault(await readMasterKeys(masterKeyFile), systemRandom);
  const sqliteFile = join(dataDir, "poolhouse.db");
  if (!databaseUrl && !existsSync(sqliteFile)) {
    throw new ConfigError([`POOLHOUSE_DATA_DIR: there is no database in ${dataDir}`]);
  }
  const store = await openStore({
    ...(databaseUrl ? { databaseUrl } : { sqliteFile }),
    // A connection that breaks fails the call that uses it.
    onError: () => undefined,
    random: systemRandom,
  });
  try {
    await checkMasterKeys(store.db, vault);
    return { store, vault };
  } catch (error) {
    await store.close();
    throw error;
  }
}
