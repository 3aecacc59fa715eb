import { changeOne, deleteAll, insertOne } from "./atomic.ts";
import type { Changes, Db, NewRow, Row } from "./schema.ts";

export type SigningKeyRow = Row<"signing_keys">;

/** Stores a key; false when the kid is taken. */
export async function insertSigningKey(db: Db, key: NewRow<"signing_keys">): Promise<boolean> {
  return await insertOne(db.insertInto("signing_keys").values(key));
}

/** The keys of a pool in all states, oldest first. */
export async function listSigningKeys(db: Db, userPoolId: string): Promise<SigningKeyRow[]> {
  return await db
    .selectFrom("signing_keys")
    .selectAll()
    .where("user_pool_id", "=", userPoolId)
    .orderBy("created_at_ms")
    .orderBy("kid")
    .execute();
}

/** Sets columns of a key, if it also looks as `where` says, such as its present state; false when not. */
export async function updateSigningKey(
  db: Db,
  kid: string,
  change: { set: Changes<"signing_keys">; where?: Partial<SigningKeyRow> },
): Promise<boolean> {
  return await changeOne(
    db
      .updateTable("signing_keys")
      .set(change.set)
      .where("kid", "=", kid)
      .where((eb) => eb.and(change.where ?? {})),
  );
}

/** Removes the retired keys of a pool whose last token has expired; tells how many. */
export async function deleteDroppableSigningKeys(
  db: Db,
  { userPoolId, nowMs }: { userPoolId: string; nowMs: number },
): Promise<number> {
  return await deleteAll(
    db
      .deleteFrom("signing_keys")
      .where("user_pool_id", "=", userPoolId)
      .where("state", "=", "retired")
      .where("drop_at_ms", "<=", nowMs),
  );
}

/** Up to `limit` pools that have a next key created by `nextSinceMs` or a retired one that may go. */
export async function findUserPoolsWithDueSigningKeys(
  db: Db,
  { nextSinceMs, nowMs, limit }: { nextSinceMs: number; nowMs: number; limit: number },
): Promise<string[]> {
  const rows = await db
    .selectFrom("signing_keys")
    .select("user_pool_id")
    .distinct()
    .where((eb) =>
      eb.or([
        eb.and([eb("state", "=", "next"), eb("created_at_ms", "<=", nextSinceMs)]),
        eb.and([eb("state", "=", "retired"), eb("drop_at_ms", "<=", nowMs)]),
      ]),
    )
    .orderBy("user_pool_id")
    .limit(limit)
    .execute();
  return rows.map((row) => row.user_pool_id);
}
