import { join } from "node:path";
import type { DataConfig } from "../config.ts";

type DatabasePlace = { databaseUrl: string } | { sqliteFile: string };

/** Where the rows of a server lie: in PostgreSQL, or in a file of the data directory. */
export function databasePlace({
  databaseUrl,
  dataDir,
}: Pick<DataConfig, "databaseUrl" | "dataDir">): DatabasePlace {
  return databaseUrl ? { databaseUrl } : { sqliteFile: join(dataDir, "poolhouse.db") };
}
