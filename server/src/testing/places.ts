import { randomUUID } from "node:crypto";
import { copyFile } from "node:fs/promises";
import { join } from "node:path";
import { inject } from "vitest";
import { systemRandom } from "../lib/random.ts";
import { type Engine, openStore, type Store } from "../store/store.ts";
import { createDatabase } from "./postgres.ts";

export const engines: readonly Engine[] = ["sqlite", "postgres"];

/** A database as `openStore` takes it, from this process or another. */
export type StorePlace = { sqliteFile: string } | { databaseUrl: string };

/** A database without a table, for this test alone. */
export async function emptyPlace(engine: Engine): Promise<StorePlace> {
  return engine === "sqlite"
    ? { sqliteFile: newFile() }
    : { databaseUrl: await createDatabase(inject("postgresUrl")) };
}

/** A migrated database without a row, for this test alone. */
export async function migratedPlace(engine: Engine): Promise<StorePlace> {
  if (engine === "postgres") {
    const template = inject("migratedPostgresUrl");
    return { databaseUrl: await createDatabase(inject("postgresUrl"), { template }) };
  }
  const sqliteFile = newFile();
  await copyFile(inject("migratedSqliteFile"), sqliteFile);
  return { sqliteFile };
}

/** Opens a store; what it reports outside of any call is kept in `reported`. */
export async function openPlace(place: StorePlace): Promise<Store & { reported: Error[] }> {
  const reported: Error[] = [];
  const onError = (error: Error) => void reported.push(error);
  return { ...(await openStore({ ...place, onError, random: systemRandom })), reported };
}

/** Opens a migrated store without a row, for this test alone. */
export async function testStore(engine: Engine): Promise<Store> {
  return await openPlace(await migratedPlace(engine));
}

function newFile(): string {
  return join(inject("folder"), `${randomUUID()}.db`);
}
