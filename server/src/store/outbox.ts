import { sql } from "kysely";
import { deleteAll } from "./atomic.ts";
import type { Db, NewRow, Row } from "./schema.ts";

export type OutboxRow = Row<"outbox">;

const NEVER_MS = Number.MAX_SAFE_INTEGER;

/** Puts a message into the outbox, in the transaction of the change that it tells of. */
export async function insertOutboxMessage(db: Db, message: NewRow<"outbox">): Promise<void> {
  await db.insertInto("outbox").values(message).execute();
}

/**
 * Claims messages that are due and counts the attempt. Until `retryAtMs` no other worker gets them; then they are due
 * again, so a worker that dies loses none.
 */
export async function claimOutboxMessages(
  db: Db,
  { nowMs, retryAtMs, limit }: { nowMs: number; retryAtMs: number; limit: number },
): Promise<OutboxRow[]> {
  return await db
    .updateTable("outbox")
    .set({ next_attempt_at_ms: retryAtMs, attempts: sql<number>`attempts + 1` })
    // Said again outside: PostgreSQL looks at it once more after waiting for another worker's claim.
    .where("next_attempt_at_ms", "<=", nowMs)
    .where("id", "in", (eb) =>
      eb
        .selectFrom("outbox")
        .select("id")
        .where("next_attempt_at_ms", "<=", nowMs)
        .orderBy("next_attempt_at_ms")
        .limit(limit),
    )
    .returningAll()
    .execute();
}

/** Removes a message that was sent. */
export async function deleteOutboxMessage(db: Db, id: string): Promise<void> {
  await deleteAll(db.deleteFrom("outbox").where("id", "=", id));
}

/** Sets when to try a message again. */
export async function postponeOutboxMessage(
  db: Db,
  { id, nextAttemptAtMs }: { id: string; nextAttemptAtMs: number },
): Promise<void> {
  await db
    .updateTable("outbox")
    .set({ next_attempt_at_ms: nextAttemptAtMs })
    .where("id", "=", id)
    .where("failed_at_ms", "is", null)
    .execute();
}

/** Gives a message up; it stays to be looked at. */
export async function failOutboxMessage(
  db: Db,
  { id, nowMs }: { id: string; nowMs: number },
): Promise<void> {
  await db
    .updateTable("outbox")
    .set({ failed_at_ms: nowMs, next_attempt_at_ms: NEVER_MS })
    .where("id", "=", id)
    .execute();
}
