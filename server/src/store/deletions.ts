import { setImmediate as letOthersRun } from "node:timers/promises";
import { sql } from "kysely";
import { deleteAll, insertOne } from "./atomic.ts";
import type { Db, NewRow, Row, Schema } from "./schema.ts";

export type DeletionRow = Row<"deletions">;

/** Short statements: Aurora DSQL bounds the rows of a transaction, and SQLite has one writer. */
const BATCH_ROWS = 500;

type OwnedTable = { table: keyof Schema; key: readonly string[]; user?: string };

/** Every table that belongs to pools, its primary key, and the column that names the user if it has one. */
const OWNED_TABLES: readonly OwnedTable[] = [
  { table: "codes", key: ["user_pool_id", "user_id", "purpose"], user: "user_id" },
  { table: "challenges", key: ["handle_hash"], user: "user_id" },
  { table: "refresh_tokens", key: ["token_hash"], user: "user_id" },
  { table: "token_families", key: ["id"], user: "user_id" },
  { table: "outbox", key: ["id"], user: "user_id" },
  { table: "user_aliases", key: ["user_pool_id", "kind", "fold_key"], user: "user_id" },
  { table: "user_attributes", key: ["user_pool_id", "name", "user_id"], user: "user_id" },
  { table: "group_members", key: ["user_pool_id", "group_name", "user_id"], user: "user_id" },
  { table: "users", key: ["user_pool_id", "id"], user: "id" },
  { table: "lockouts", key: ["user_pool_id", "subject"] },
  { table: "groups", key: ["user_pool_id", "name"] },
  { table: "user_pool_clients", key: ["id"] },
  { table: "signing_keys", key: ["kid"] },
];

/**
 * What outlives its pool and its user: the trail of what was done, who deleted them included. Its chain of hashes
 * would not survive a gap, and it holds no secret.
 */
export const TABLES_THAT_STAY: readonly (keyof Schema)[] = ["audit_events"];

/** Notes that a user or a whole pool is to be purged, in the transaction that takes it out of sight. */
export async function insertDeletion(db: Db, deletion: NewRow<"deletions">): Promise<boolean> {
  return await insertOne(db.insertInto("deletions").values(deletion));
}

/** The deletions that are not finished, by id. */
export async function pageDeletions(
  db: Db,
  { after, limit }: { after?: string | undefined; limit: number },
): Promise<DeletionRow[]> {
  return await db
    .selectFrom("deletions")
    .selectAll()
    .where("id", ">", after ?? "")
    .orderBy("id")
    .limit(limit)
    .execute();
}

/**
 * Carries a deletion out and forgets it. Takes the store's own `db`: each batch commits by itself, so it may be
 * stopped at any point and run again.
 */
export async function finishDeletion(db: Db, deletion: DeletionRow): Promise<void> {
  const { user_pool_id: userPoolId, user_id: userId } = deletion;
  if (userId === null) {
    await deleteUserPoolRows(db, userPoolId);
  } else {
    await deleteUserRows(db, { userPoolId, userId });
  }
  await deleteAll(db.deleteFrom("deletions").where("id", "=", deletion.id));
}

/** Deletes everything that belongs to a user. */
export async function deleteUserRows(
  db: Db,
  { userPoolId, userId }: { userPoolId: string; userId: string },
): Promise<void> {
  for (const owned of OWNED_TABLES) {
    if (owned.user) {
      await deleteInBatches(db, owned, { user_pool_id: userPoolId, [owned.user]: userId });
    }
  }
}

/** Deletes everything that belongs to a pool, and last the pool itself. */
export async function deleteUserPoolRows(db: Db, userPoolId: string): Promise<void> {
  for (const owned of OWNED_TABLES) {
    await deleteInBatches(db, owned, { user_pool_id: userPoolId });
  }
  await deleteAll(db.deleteFrom("deletions").where("user_pool_id", "=", userPoolId));
  await deleteAll(db.deleteFrom("user_pools").where("id", "=", userPoolId));
}

async function deleteInBatches(
  db: Db,
  { table, key }: OwnedTable,
  owner: Readonly<Record<string, string>>,
): Promise<void> {
  const name = sql.table(table);
  const columns = sql.join(key.map((column) => sql.ref(column)));
  const owned = sql.join(
    Object.entries(owner).map(([column, value]) => sql`${sql.ref(column)} = ${value}`),
    sql` and `,
  );
  for (;;) {
    const { numAffectedRows } = await sql`delete from ${name} where (${columns}) in (
      select ${columns} from ${name} where ${owned} limit ${sql.lit(BATCH_ROWS)})`.execute(db);
    if ((numAffectedRows ?? 0n) < BigInt(BATCH_ROWS)) {
      return;
    }
    await letOthersRun();
  }
}
