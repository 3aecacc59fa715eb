import { sql } from "kysely";
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

/** Adds to a fact that is a whole number, counting from nought; of several at once every one counts. */
export async function addToMeta(db: Db, name: string, amount: number): Promise<void> {
  await db
    .insertInto("meta")
    .values({ name, value: String(amount) })
    .onConflict((conflict) =>
      conflict.column("name").doUpdateSet({
        value: sql<string>`cast(cast(meta.value as bigint) + cast(${amount} as bigint) as text)`,
      }),
    )
    .execute();
}
