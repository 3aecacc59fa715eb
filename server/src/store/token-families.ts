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
      factors: row.factors,
      source_ip: row.source_ip,
      user_agent: row.user_agent,
      last_active_at_ms: row.last_active_at_ms,
      login_session_id: row.login_session_id,
      dpop_jkt: row.dpop_jkt,
      resource: row.resource,
    })
    .onConflict((conflict) => conflict.doNothing()),
);

const find = statement<{ id: string }>()((db, { id }) =>
  db.selectFrom("token_families").selectAll().where("id", "=", id),
);

const touch = statement<{
  id: string;
  nowMs: number;
  sourceIp: string;
  userAgent: string;
}>()((db, { id, nowMs, sourceIp, userAgent }) =>
  db
    .updateTable("token_families")
    .set({ last_active_at_ms: nowMs, source_ip: sourceIp, user_agent: userAgent })
    .where("id", "=", id)
    .where("session_id", "is not", null),
);

const untracked = {
  revoked_at_ms: null,
  session_id: null,
  device_key: null,
  factors: null,
  source_ip: null,
  user_agent: null,
  last_active_at_ms: null,
  login_session_id: null,
  dpop_jkt: null,
  resource: null,
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

/** A client that was given tokens through a browser in which the user was signed in. */
export type HostedSignIn = { readonly clientId: string; readonly loginSessionId: string };

/** The sign-ins of a user through these sessions of browsers; with `everywhere` also all others that are not revoked. */
export async function pageHostedSignIns(
  db: Db,
  asked: { userPoolId: string; userId: string; sessionIds: readonly string[]; everywhere: boolean },
): Promise<HostedSignIn[]> {
  const { sessionIds, everywhere } = asked;
  const rows = await db
    .selectFrom("token_families")
    .select(["client_id", "login_session_id"])
    .distinct()
    .where("user_pool_id", "=", asked.userPoolId)
    .where("user_id", "=", asked.userId)
    .where("login_session_id", "is not", null)
    .where((eb) =>
      eb.or([
        ...(sessionIds.length > 0 ? [eb("login_session_id", "in", sessionIds)] : []),
        ...(everywhere ? [eb("revoked_at_ms", "is", null)] : []),
      ]),
    )
    .execute();
  return rows.map(({ client_id, login_session_id }) => ({
    clientId: client_id,
    loginSessionId: login_session_id ?? "",
  }));
}

/** The clients that a session of a browser has given tokens to. */
export async function clientIdsOfLoginSession(
  db: Db,
  session: { userPoolId: string; userId: string; loginSessionId: string },
): Promise<string[]> {
  const rows = await db
    .selectFrom("token_families")
    .select("client_id")
    .distinct()
    .where("user_pool_id", "=", session.userPoolId)
    .where("user_id", "=", session.userId)
    .where("login_session_id", "=", session.loginSessionId)
    .execute();
  return rows.map((row) => row.client_id);
}

/** Notes that a session was used, and from where. */
export async function touchSession(
  db: Db,
  use: { id: string; nowMs: number; sourceIp: string; userAgent: string },
): Promise<void> {
  await touch(db, use);
}

/** The sessions of a user that are neither revoked nor over, the newest first. */
export async function pageSessions(
  db: Db,
  page: {
    userPoolId: string;
    userId: string;
    nowMs: number;
    after?: { createdAtMs: number; id: string } | undefined;
    limit: number;
  },
): Promise<TokenFamilyRow[]> {
  const { after } = page;
  return await db
    .selectFrom("token_families")
    .selectAll()
    .where("user_pool_id", "=", page.userPoolId)
    .where("user_id", "=", page.userId)
    .where("session_id", "is not", null)
    .where("revoked_at_ms", "is", null)
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

/** Revokes one session of a user; false when the user has no such session any more. */
export async function revokeSession(
  db: Db,
  session: { userPoolId: string; userId: string; sessionId: string; nowMs: number },
): Promise<boolean> {
  return await changeOne(
    db
      .updateTable("token_families")
      .set({ revoked_at_ms: session.nowMs })
      .where("user_pool_id", "=", session.userPoolId)
      .where("user_id", "=", session.userId)
      .where("session_id", "=", session.sessionId)
      .where("revoked_at_ms", "is", null)
      .where("expires_at_ms", ">", session.nowMs),
  );
}

/** Finds a session of a user, be it revoked or over. */
export async function findSession(
  db: Db,
  { userPoolId, userId, sessionId }: { userPoolId: string; userId: string; sessionId: string },
): Promise<TokenFamilyRow | undefined> {
  return await db
    .selectFrom("token_families")
    .selectAll()
    .where("user_pool_id", "=", userPoolId)
    .where("user_id", "=", userId)
    .where("session_id", "=", sessionId)
    .executeTakeFirst();
}

/**
 * Revokes the sessions of a user but for the `keep` that were used last. Holds for several at once only while each has
 * the user to itself (holdUser).
 */
export async function revokeIdleSessions(
  db: Db,
  { userPoolId, userId, keep, nowMs }: SessionsToKeep,
): Promise<void> {
  const alive = db
    .selectFrom("token_families")
    .select("id")
    .where("user_pool_id", "=", userPoolId)
    .where("user_id", "=", userId)
    .where("session_id", "is not", null)
    .where("revoked_at_ms", "is", null)
    .where("expires_at_ms", ">", nowMs);
  const kept = alive.orderBy("last_active_at_ms", "desc").orderBy("id").limit(keep);
  await db
    .updateTable("token_families")
    .set({ revoked_at_ms: nowMs })
    .where("id", "in", alive)
    .where("id", "not in", kept)
    .execute();
}

type SessionsToKeep = { userPoolId: string; userId: string; keep: number; nowMs: number };

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

/** Revokes the families that were started through a session of a browser. */
export async function revokeTokenFamiliesOf(
  db: Db,
  session: { userPoolId: string; userId: string; loginSessionId: string; nowMs: number },
): Promise<void> {
  await db
    .updateTable("token_families")
    .set({ revoked_at_ms: session.nowMs })
    .where("user_pool_id", "=", session.userPoolId)
    .where("user_id", "=", session.userId)
    .where("login_session_id", "=", session.loginSessionId)
    .where("revoked_at_ms", "is", null)
    .execute();
}

/** Revokes the families that are bound to a device, or all but one. */
export async function revokeDeviceTokenFamilies(
  db: Db,
  device: {
    userPoolId: string;
    userId: string;
    deviceKey: string;
    exceptId?: string | undefined;
    nowMs: number;
  },
): Promise<void> {
  const { exceptId } = device;
  await db
    .updateTable("token_families")
    .set({ revoked_at_ms: device.nowMs })
    .where("user_pool_id", "=", device.userPoolId)
    .where("user_id", "=", device.userId)
    .where("device_key", "=", device.deviceKey)
    .where("revoked_at_ms", "is", null)
    .$if(exceptId !== undefined, (query) => query.where("id", "!=", exceptId ?? ""))
    .execute();
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
