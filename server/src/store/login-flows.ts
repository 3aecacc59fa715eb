import { takeOne } from "./atomic.ts";
import type { Db, NewRow, Row } from "./schema.ts";

export type LoginFlowRow = Row<"login_flows">;

/** Stores where a sign-in in the hosted pages stands. */
export async function insertLoginFlow(db: Db, flow: NewRow<"login_flows">): Promise<void> {
  await db.insertInto("login_flows").values(flow).execute();
}

/** Finds it, be it over. */
export async function findLoginFlow(db: Db, handleHash: string): Promise<LoginFlowRow | undefined> {
  return await db
    .selectFrom("login_flows")
    .selectAll()
    .where("handle_hash", "=", handleHash)
    .executeTakeFirst();
}

/** Takes it; exactly one of several callers gets it. */
export async function takeLoginFlow(db: Db, handleHash: string): Promise<LoginFlowRow | undefined> {
  return await takeOne(
    db.deleteFrom("login_flows").where("handle_hash", "=", handleHash).returningAll(),
  );
}
