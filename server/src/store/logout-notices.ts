import { sql } from "kysely";
import { deleteAll } from "./atomic.ts";
import type { Db, NewRow, Row } from "./schema.ts";

export type LogoutNoticeRow = Row<"logout_notices">;

const NEVER_MS = Number.MAX_SAFE_INTEGER;
/** Far fewer values than either engine takes in a statement. */
const BATCH_ROWS = 500;

/** Notes whom to tell, in the transaction of the logout. */
export async function insertLogoutNotices(
  db: Db,
  notices: readonly NewRow<"logout_notices">[],
): Promise<void> {
  for (let start = 0; start < notices.length; start += BATCH_ROWS) {
    const batch = notices.slice(start, start + BATCH_ROWS);
    await db.insertInto("logout_notices").values(batch).execute();
  }
}

/** Whether anybody is to be told by now. */
export async function hasDueLogoutNotices(db: Db, nowMs: number): Promise<boolean> {
  const row = await db
    .selectFrom("logout_notices")
    .select("id")
    .where("next_attempt_at_ms", "<=", nowMs)
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

/**
 * Claims notices that are due and counts the attempt. Until `retryAtMs` no other worker gets them; then they are due
 * again, so a worker that dies loses none.
 */
export async function claimLogoutNotices(
  db: Db,
  { nowMs, retryAtMs, limit }: { nowMs: number; retryAtMs: number; limit: number },
): Promise<LogoutNoticeRow[]> {
  return await db
    .updateTable("logout_notices")
    .set({ next_attempt_at_ms: retryAtMs, attempts: sql<number>`attempts + 1` })
    // Said again outside: PostgreSQL looks at it once more after waiting for another worker's claim.
    .where("next_attempt_at_ms", "<=", nowMs)
    .where("id", "in", (eb) =>
      eb
        .selectFrom("logout_notices")
        .select("id")
        .where("next_attempt_at_ms", "<=", nowMs)
        .orderBy("next_attempt_at_ms")
        .limit(limit),
    )
    .returningAll()
    .execute();
}

/** Removes the notice of a client that was told. */
export async function deleteLogoutNotice(db: Db, id: string): Promise<void> {
  await deleteAll(db.deleteFrom("logout_notices").where("id", "=", id));
}

/** Sets when to try again. */
export async function postponeLogoutNotice(
  db: Db,
  { id, nextAttemptAtMs }: { id: string; nextAttemptAtMs: number },
): Promise<void> {
  await db
    .updateTable("logout_notices")
    .set({ next_attempt_at_ms: nextAttemptAtMs })
    .where("id", "=", id)
    .where("failed_at_ms", "is", null)
    .execute();
}

/** Gives a notice up; it stays to be looked at. */
export async function failLogoutNotice(
  db: Db,
  { id, nowMs }: { id: string; nowMs: number },
): Promise<void> {
  await db
    .updateTable("logout_notices")
    .set({ failed_at_ms: nowMs, next_attempt_at_ms: NEVER_MS })
    .where("id", "=", id)
    .execute();
}
