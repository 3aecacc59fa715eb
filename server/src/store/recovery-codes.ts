import { deleteAll, takeOne } from "./atomic.ts";
import type { Db } from "./schema.ts";

type Owner = { userPoolId: string; userId: string };

/** Stores a set of codes. */
export async function insertRecoveryCodes(
  db: Db,
  { userPoolId, userId, macs, nowMs }: Owner & { macs: readonly string[]; nowMs: number },
): Promise<void> {
  const rows = macs.map((mac) => ({
    user_pool_id: userPoolId,
    user_id: userId,
    mac,
    created_at_ms: nowMs,
  }));
  await db.insertInto("recovery_codes").values(rows).execute();
}

/** Takes a code; of any number of callers at once exactly one gets it. */
export async function takeRecoveryCodeRow(
  db: Db,
  { userPoolId, userId, mac }: Owner & { mac: string },
): Promise<boolean> {
  const taken = await takeOne(
    db
      .deleteFrom("recovery_codes")
      .where("user_pool_id", "=", userPoolId)
      .where("user_id", "=", userId)
      .where("mac", "=", mac)
      .returning("mac"),
  );
  return taken !== undefined;
}

/** How many codes a user has left. */
export async function countRecoveryCodes(db: Db, { userPoolId, userId }: Owner): Promise<number> {
  const { count } = await db
    .selectFrom("recovery_codes")
    .select((eb) => eb.fn.countAll().as("count"))
    .where("user_pool_id", "=", userPoolId)
    .where("user_id", "=", userId)
    .executeTakeFirstOrThrow();
  return Number(count);
}

/** Voids every code of a user. */
export async function deleteRecoveryCodes(db: Db, { userPoolId, userId }: Owner): Promise<number> {
  return await deleteAll(
    db
      .deleteFrom("recovery_codes")
      .where("user_pool_id", "=", userPoolId)
      .where("user_id", "=", userId),
  );
}
