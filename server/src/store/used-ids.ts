import type { Db, Row } from "./schema.ts";
import { hasEffect, statement } from "./statement.ts";

const insert = statement<Row<"used_ids">>()((db, row) =>
  db
    .insertInto("used_ids")
    .values({ user_pool_id: row.user_pool_id, id_hash: row.id_hash, until_ms: row.until_ms })
    .onConflict((conflict) => conflict.doNothing()),
);

/** Takes an identifier that counts once; true for exactly one of several callers. It may be forgotten after `untilMs`. */
export async function takeId(
  db: Db,
  id: { userPoolId: string; idHash: string; untilMs: number },
): Promise<boolean> {
  const { userPoolId: user_pool_id, idHash: id_hash, untilMs: until_ms } = id;
  return hasEffect(await insert(db, { user_pool_id, id_hash, until_ms }));
}

/** Whether one was taken, and is not to be forgotten yet. */
export async function isIdTaken(
  db: Db,
  { userPoolId, idHash, nowMs }: { userPoolId: string; idHash: string; nowMs: number },
): Promise<boolean> {
  const row = await db
    .selectFrom("used_ids")
    .select("until_ms")
    .where("user_pool_id", "=", userPoolId)
    .where("id_hash", "=", idHash)
    .executeTakeFirst();
  return row !== undefined && row.until_ms > nowMs;
}
