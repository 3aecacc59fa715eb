import type { DeleteQueryBuilder, InsertQueryBuilder, UpdateQueryBuilder } from "kysely";
import type { Schema } from "./schema.ts";

// The verbs of the tables are built on these. Each is a single statement whose condition the database checks
// while it holds the row, so of any number of callers at once exactly one gets the row or the true answer.

/** Takes a row out: `DELETE … RETURNING`; undefined when it was not there, or somebody else took it. */
export async function takeOne<Table extends keyof Schema, Taken>(
  query: DeleteQueryBuilder<Schema, Table, Taken>,
): Promise<Taken | undefined> {
  const [taken] = await query.execute();
  return taken;
}

/** Compares and sets: a conditional `UPDATE`; false when the condition no longer held and nothing changed. */
export async function changeOne<Table extends keyof Schema, Result>(
  query: UpdateQueryBuilder<Schema, Table, Table, Result>,
): Promise<boolean> {
  const { numUpdatedRows } = await query.clearReturning().executeTakeFirstOrThrow();
  return numUpdatedRows > 0n;
}

/** Inserts unless the row, by any of its unique keys, is there; false when it is. */
export async function insertOne<Table extends keyof Schema, Result>(
  query: InsertQueryBuilder<Schema, Table, Result>,
): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await query
    .clearReturning()
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirstOrThrow();
  return (numInsertedOrUpdatedRows ?? 0n) > 0n;
}

/** Deletes; tells how many rows went. */
export async function deleteAll<Table extends keyof Schema, Result>(
  query: DeleteQueryBuilder<Schema, Table, Result>,
): Promise<number> {
  const { numDeletedRows } = await query.clearReturning().executeTakeFirstOrThrow();
  return Number(numDeletedRows);
}
