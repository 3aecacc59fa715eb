import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { systemRandom } from "../lib/random.ts";
import { migrate } from "../store/migrate.ts";
import { type Engine, openStore } from "../store/store.ts";
import type { StorePlace } from "./places.ts";
import { createDatabase, startPostgres } from "./postgres.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** What testApp runs on unless a test chooses (vitest.config.ts). */
    engine: Engine;
    /** Where tests put their files; removed after the last one. */
    folder: string;
    postgresUrl: string;
    migratedPostgresUrl: string;
    migratedSqliteFile: string;
  }
}

/** Starts one PostgreSQL for all test files and makes one migrated database of each engine for them to copy. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), "poolhouse-tests-"));
  const postgres = await startPostgres();
  const sqliteFile = join(folder, "migrated.db");
  const databaseUrl = await createDatabase(postgres.url);
  await Promise.all([migratePlace({ sqliteFile }), migratePlace({ databaseUrl })]);
  project.provide("folder", folder);
  project.provide("postgresUrl", postgres.url);
  project.provide("migratedPostgresUrl", databaseUrl);
  project.provide("migratedSqliteFile", sqliteFile);
  return async () => {
    await postgres.stop();
    await rm(folder, { recursive: true, force: true });
  };
}

async function migratePlace(place: StorePlace): Promise<void> {
  const store = await openStore({
    ...place,
    onError: (error) => {
      throw error;
    },
    random: systemRandom,
  });
  await migrate(store, { nowMs: Date.now, holder: systemRandom.uuid() });
  await store.close();
}
