import { changeOne, insertOne } from "./atomic.ts";
import type { Db, NewRow, Row } from "./schema.ts";

export type TokenFamilyRow = Row<"token_families">;

/** Stores the family that one sign-in starts. */
export async function insertTokenFamily(
  db: Db,
  family: NewRow<"token_families">,
): Promise<boolean> {
  return await insertOne(db.insertInto("token_families").values(family));
}

/** Finds a family by the `origin_jti` of its tokens, be it revoked or expired. */
export async function findTokenFamily(db: Db, id: string): Promise<TokenFamilyRow | undefined> {
  return await db.selectFrom("token_families").selectAll().where("id", "=", id).executeTakeFirst();
}

/** Revokes a family with all its tokens; false when it is unknown or was revoked before. */
export async function revokeTokenFamily(
  db: Db,
  { id, nowMs }: { id: string; nowMs: number },
): Promise<boolean> {
  return await changeOne(
    db
      .updateTable("token_families")
      .set({ revoked_at_ms: nowMs })
      .where("id", "=", id)
      .where("revoked_at_ms", "is", null),
  );
}

/** Revokes every family of a user, or all but one; tells how many were alive. */
export async function revokeUserTokenFamilies(
  db: Db,
  user: {
    userPoolId: string;
    userId: string;
    exceptId?: string;
    nowMs: number;
  },
): Promise<number> {
  const { numUpdatedRows } = await db
    .updateTable("token_families")
    .set({ revoked_at_ms: user.nowMs })
    .where("user_pool_id", "=", user.userPoolId)
    .where("user_id", "=", user.userId)
    .where("revoked_at_ms", "is", null)
    .$if(user.exceptId !== undefined, (query) => query.where("id", "!=", user.exceptId ?? ""))
    .executeTakeFirstOrThrow();
  return Number(numUpdatedRows);
}
