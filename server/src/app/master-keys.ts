import { mkdir, readFile } from "node:fs/promises";
import { dirname } from "node:path";
import { ConfigError } from "../config/reading.ts";
import {
  formatMasterKeys,
  generateMasterKeys,
  type MasterKeys,
  parseMasterKeys,
} from "../lib/envelope-keys.ts";
import { createOnce, readIfPresent } from "../lib/publish-file.ts";
import type { Random } from "../lib/random.ts";

/** Reads the master-key file; one that is missing or damaged is a mistake in the settings. */
export async function readMasterKeys(file: string): Promise<MasterKeys> {
  try {
    return parseMasterKeys(await readFile(file, "utf8"));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new ConfigError([`POOLHOUSE_MASTER_KEY_FILE: ${file} cannot be used: ${why}`]);
  }
}

/** Makes the file, for its owner alone, unless it is there; tells whether it was made. */
export async function makeMasterKeys(file: string, random: Random): Promise<boolean> {
  if ((await readIfPresent(file)) !== undefined) return false;
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const content = formatMasterKeys(generateMasterKeys(random));
  return (await createOnce(file, { content, mode: 0o600 })) === content;
}
