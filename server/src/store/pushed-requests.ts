import { changeOne, takeOne } from "./atomic.ts";
import type { Db, NewRow, Row } from "./schema.ts";

export type PushedRequestRow = Row<"pushed_requests">;

/** Stores a request that a client pushed. */
export async function insertPushedRequest(db: Db, row: NewRow<"pushed_requests">): Promise<void> {
  await db.insertInto("pushed_requests").values(row).execute();
}

/** Finds it, be it over. */
export async function findPushedRequest(
  db: Db,
  handleHash: string,
): Promise<PushedRequestRow | undefined> {
  return await db
    .selectFrom("pushed_requests")
    .selectAll()
    .where("handle_hash", "=", handleHash)
    .executeTakeFirst();
}

/** Keeps one that is not over for longer; false where it is over. */
export async function prolongPushedRequest(
  db: Db,
  { handleHash, untilMs, nowMs }: { handleHash: string; untilMs: number; nowMs: number },
): Promise<boolean> {
  return await changeOne(
    db
      .updateTable("pushed_requests")
      .set({ expires_at_ms: untilMs })
      .where("handle_hash", "=", handleHash)
      .where("expires_at_ms", ">", nowMs),
  );
}

/** Takes one that is not over; exactly one of several callers gets it. */
export async function takePushedRequest(
  db: Db,
  { handleHash, nowMs }: { handleHash: string; nowMs: number },
): Promise<PushedRequestRow | undefined> {
  return await takeOne(
    db
      .deleteFrom("pushed_requests")
      .where("handle_hash", "=", handleHash)
      .where("expires_at_ms", ">", nowMs)
      .returningAll(),
  );
}
