import { existsSync } from "node:fs";
import { ConfigError } from "../config/reading.ts";
import type { DataConfig } from "../config.ts";
import { createVault, type Vault } from "../lib/envelope.ts";
import { systemRandom } from "../lib/random.ts";
import { openStore, type Store } from "../store/store.ts";
import { databasePlace } from "./database-place.ts";
import { checkMasterKeys } from "./installation.ts";
import { readMasterKeys } from "./master-keys.ts";

/** The rows and the secrets of a server, opened without it: for its machine, or for one that holds a backup. Nothing is made. */
export async function openData(config: DataConfig): Promise<{ store: Store; vault: Vault }> {
  const vault = createVault(await readMasterKeys(config.masterKeyFile), systemRandom);
  const place = databasePlace(config);
  if ("sqliteFile" in place && !existsSync(place.sqliteFile)) {
    throw new ConfigError([`POOLHOUSE_DATA_DIR: there is no database in ${config.dataDir}`]);
  }
  const store = await openStore({
    ...place,
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
