import { changeOne } from "./atomic.ts";
import type { Db, NewRow, Row } from "./schema.ts";
import { hasEffect, statement } from "./statement.ts";

export type TokenFamilyRow = Row<"token_families">;

const insert = statement<TokenFamilyRow>()((db, row) =>
  db
    .insertInto("token_families")
    .values({
      id: row.id,
      user_pool_id: row.user_pool_id,
      client_id: row.client_id,
      user_id: row.user_id,
      auth_time_ms: row.auth_time_ms,
      scope: row.scope,
      expires_at_ms: row.expires_at_ms,
      revoked_at_ms: row.revoked_at_ms,
      created_at_ms: row.created_at_ms,
      session_id: row.session_id,
      device_key: row.device_key,
      source_ip: row.source_ip,
      user_agent: row.user_agent,
      last_active_at_ms: row.last_active_at_ms,
    })
    .onConflict((conflict) => conflict.doNothing()),
);

const find = statement<{ id: string }>()((db, { id }) =>
  db.selectFrom("token_families").selectAll().where("id", "=", id),
);

const untracked = {
  revoked_at_ms: null,
  session_id: null,
  device_key: null,
  source_ip: null,
  user_agent: null,
  last_active_at_ms: null,
};

/** Stores the family that one sign-in starts. */
export async function insertTokenFamily(
  db: Db,
  family: NewRow<"token_families">,
): Promise<boolean> {
  return hasEffect(await insert(db, { ...untracked, ...family }));
}

/** Finds a family by the `origin_jti` of its tokens, be it revoked or expired. */
export async function findTokenFamily(db: Db, id: string): Promise<TokenFamilyRow | undefined> {
  return (await find(db, { id })).rows[0];
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
