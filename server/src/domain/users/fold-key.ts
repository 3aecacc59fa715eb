/** How user names and aliases are compared: two stored names never meet in one key unless the pool says so. */
import type { UserPool } from "../pools/pool.ts";

/** The key of a name in this pool: NFC, and lower-cased where the pool is case-insensitive. */
export function foldKey(pool: UserPool, name: string): string {
  const normal = name.normalize("NFC");
  return pool.settings.caseSensitive ? normal : normal.toLowerCase();
}
