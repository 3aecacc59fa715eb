import { changeOne, takeOne } from "./atomic.ts";
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

/** The sessions of a user that are not over, the newest first, with the last use of the tokens that came of each. */
export async function pageLoginSessions(
  db: Db,
  page: {
    userPoolId: string;
    userId: string;
    nowMs: number;
    after?: { createdAtMs: number; id: string } | undefined;
    limit: number;
  },
): Promise<(LoginSessionRow & { last_active_at_ms: number | null })[]> {
  const { after } = page;
  return await db
    .selectFrom("login_sessions")
    .selectAll()
    .select((eb) =>
      eb
        .selectFrom("token_families")
        .select(({ fn }) => fn.max("last_active_at_ms").as("last"))
        .whereRef("token_families.user_pool_id", "=", "login_sessions.user_pool_id")
        .whereRef("token_families.user_id", "=", "login_sessions.user_id")
        .whereRef("token_families.login_session_id", "=", "login_sessions.id")
        .as("last_active_at_ms"),
    )
    .where("user_pool_id", "=", page.userPoolId)
    .where("user_id", "=", page.userId)
    .where("expires_at_ms", ">", page.nowMs)
    .$if(after !== undefined, (query) =>
      query.where((eb) =>
        eb(
          eb.refTuple("created_at_ms", "id"),
          "<",
          eb.tuple(after?.createdAtMs ?? 0, after?.id ?? ""),
        ),
      ),
    )
    .orderBy("created_at_ms", "desc")
    .orderBy("id", "desc")
    .limit(page.limit)
    .execute();
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

/** Ends a session that its id names; exactly one of several callers gets it. */
export async function takeLoginSessionById(
  db: Db,
  { userPoolId, userId, id }: { userPoolId: string; userId: string; id: string },
): Promise<LoginSessionRow | undefined> {
  return await takeOne(
    db
      .deleteFrom("login_sessions")
      .where("user_pool_id", "=", userPoolId)
      .where("user_id", "=", userId)
      .where("id", "=", id)
      .returningAll(),
  );
}

/** Gives a session the id of the one that it continues; false where it is over by now. */
export async function renameLoginSession(
  db: Db,
  { handleHash, id }: { handleHash: string; id: string },
): Promise<boolean> {
  return await changeOne(
    db.updateTable("login_sessions").set({ id }).where("handle_hash", "=", handleHash),
  );
}

/** Ends all sessions of a user, and answers which they were. */
export async function deleteUserLoginSessions(
  db: Db,
  { userPoolId, userId }: { userPoolId: string; userId: string },
): Promise<string[]> {
  const rows = await db
    .deleteFrom("login_sessions")
    .where("user_pool_id", "=", userPoolId)
    .where("user_id", "=", userId)
    .returning("id")
    .execute();
  return rows.map(({ id }) => id);
}
