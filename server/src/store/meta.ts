import { insertOne } from "./atomic.ts";
import type { Db } from "./schema.ts";

/** Reads a fact about this installation. */
export async function findMeta(db: Db, name: string): Promise<string | undefined> {
  const row = await db
    .selectFrom("meta")
    .select("value")
    .where("name", "=", name)
    .executeTakeFirst();
  return row?.value;
}

/** Fixes a fact at its first use and answers the one that stands, whoever came first. */
export async function fixMeta(db: Db, name: string, value: string): Promise<string> {
  await insertOne(db.insertInto("meta").values({ name, value }));
  return (await findMeta(db, name)) ?? value;
}

/** Sets a fact, replacing what was there. */
export async function putMeta(db: Db, name: string, value: string): Promise<void> {
  await db
    .insertInto("meta")
    .values({ name, value })
    .onConflict((conflict) => conflict.column("name").doUpdateSet({ value }))
    .execute();
}
