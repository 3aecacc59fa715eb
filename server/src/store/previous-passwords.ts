import { deleteAll, insertOne } from "./atomic.ts";
import type { Db, NewRow } from "./schema.ts";

type Owner = { userPoolId: string; userId: string };

/** Keeps the hash of a password that was replaced; false when one of that moment is there. */
export async function insertPreviousPassword(
  db: Db,
  previous: NewRow<"previous_passwords">,
): Promise<boolean> {
  return await insertOne(db.insertInto("previous_passwords").values(previous));
}

/** The hashes of the last passwords that were replaced, the latest first. */
export async function listPreviousPasswords(
  db: Db,
  { userPoolId, userId, limit }: Owner & { limit: number },
): Promise<string[]> {
  const rows = await db
    .selectFrom("previous_passwords")
    .select("password_hash")
    .where("user_pool_id", "=", userPoolId)
    .where("user_id", "=", userId)
    .orderBy("replaced_at_ms", "desc")
    .limit(limit)
    .execute();
  return rows.map((row) => row.password_hash);
}

/** Forgets all but the latest; tells how many went. */
export async function trimPreviousPasswords(
  db: Db,
  { userPoolId, userId, keep }: Owner & { keep: number },
): Promise<number> {
  return await deleteAll(
    db
      .deleteFrom("previous_passwords")
      .where("user_pool_id", "=", userPoolId)
      .where("user_id", "=", userId)
      .where("replaced_at_ms", "not in", (eb) =>
        eb
          .selectFrom("previous_passwords as kept")
          .select("kept.replaced_at_ms")
          .where("kept.user_pool_id", "=", userPoolId)
          .where("kept.user_id", "=", userId)
          .orderBy("kept.replaced_at_ms", "desc")
          .limit(keep),
      ),
  );
}
