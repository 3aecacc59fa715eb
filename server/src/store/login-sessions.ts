import { deleteAll, takeOne } from "./atomic.ts";
import type { Db, NewRow, Row } from "./schema.ts";
import { hasEffect, statement } from "./statement.ts";

export type LoginSessionRow = Row<"login_sessions">;

const insert = statement<LoginSessionRow>()((db, row) =>
  db
    .insertInto("login_sessions")
    .values({
      handle_hash: row.handle_hash,
      id: row.id,
      user_pool_id: row.user_pool_id,
      user_id: row.user_id,
      password_hash: row.password_hash,
      factors: row.factors,
      source_ip: row.source_ip,
      user_agent: row.user_agent,
      auth_time_ms: row.auth_time_ms,
      created_at_ms: row.created_at_ms,
      expires_at_ms: row.expires_at_ms,
    })
    .onConflict((conflict) => conflict.doNothing()),
);

const find = statement<{ handleHash: string }>()((db, { handleHash }) =>
  db.selectFrom("login_sessions").selectAll().where("handle_hash", "=", handleHash),
);

/** Stores the session of a browser. */
export async function insertLoginSession(
  db: Db,
  session: NewRow<"login_sessions">,
): Promise<boolean> {
  return hasEffect(await insert(db, { password_hash: null, ...session }));
}

/** Finds a session, be it over. */
export async function findLoginSessionRow(
  db: Db,
  handleHash: string,
): Promise<LoginSessionRow | undefined> {
  return (await find(db, { handleHash })).rows[0];
}

/** Ends a session; exactly one of several callers gets it. */
export async function takeLoginSession(
  db: Db,
  handleHash: string,
): Promise<LoginSessionRow | undefined> {
  return await takeOne(
    db.deleteFrom("login_sessions").where("handle_hash", "=", handleHash).returningAll(),
  );
}

/** Ends all sessions of a user. */
export async function deleteUserLoginSessions(
  db: Db,
  { userPoolId, userId }: { userPoolId: string; userId: string },
): Promise<number> {
  return await deleteAll(
    db
      .deleteFrom("login_sessions")
      .where("user_pool_id", "=", userPoolId)
      .where("user_id", "=", userId),
  );
}
