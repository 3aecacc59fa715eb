/**
 * Sessions of browsers in the hosted pages (single sign-on). The browser holds a handle, 256 random bits of which only a
 * hash is stored; it is good for an hour as a rule, in the pool that gave it, and for nothing but the pages.
 */
import { hash } from "node:crypto";
import { makeSsoSessionId } from "../../lib/ids.ts";
import {
  findLoginSessionRow,
  insertLoginSession,
  renameLoginSession,
  takeLoginSession,
} from "../../store/login-sessions.ts";
import type { Db } from "../../store/schema.ts";
import { clientIdsOfLoginSession } from "../../store/token-families.ts";
import { findUserPoolClient } from "../../store/user-pool-clients.ts";
import { boundedText } from "../audit/bounded.ts";
import type { Proof } from "../auth/progress.ts";
import type { Call } from "../call.ts";
import { type ClientInPool, clientFromRow, type UserPoolClient } from "../clients/client.ts";
import { endSessionByHandle } from "../logout/end-sessions.ts";
import type { UserPool } from "../pools/pool.ts";
import { noteProofs } from "../risk/record-auth-event.ts";
import { defaultSsoValidityMinutes } from "../sessions/configure.ts";
import { findUserBySub } from "../users/find.ts";
import type { User } from "../users/user.ts";
import { isWhole } from "./whole-grant.ts";

/** AWS, "User pool managed login": the cookie is valid for one hour. */
const usualSeconds = 3600;

const userAgentCharacters = 512;

export type LoginSession = {
  /** `sso…`: as lists of sessions name it, and the `sid` of back-channel logout. */
  readonly id: string;
  readonly user: User;
  readonly authTimeMs: number;
  readonly proved: readonly Proof[];
};

export type NewLoginSession = {
  /** For the browser's cookie. */
  readonly handle: string;
  /** From the sign-in on, whether it is used or not. */
  readonly lifetimeSeconds: number;
  readonly session: LoginSession;
  /** Stores it for the user as the transaction sees them. */
  store(trx: Db, user: User): Promise<void>;
};

/** Draws the session of a browser in which a user signed in; it is good once `store` is committed. */
export function prepareLoginSession(
  call: Call,
  { pool, client, user, proved }: ClientInPool & { user: User; proved: readonly Proof[] },
): NewLoginSession {
  const handle = call.random.bytes(32).toString("base64url");
  const nowMs = call.clock.now();
  const lifetimeSeconds = lifetimeOf({ pool, client });
  const session = { id: makeSsoSessionId(call.random), user, authTimeMs: nowMs, proved };
  return {
    handle,
    lifetimeSeconds,
    session,
    async store(trx, after) {
      noteProofs(call, proved);
      call.about.tokensIssued = true;
      await insertLoginSession(trx, {
        handle_hash: hashOf(handle),
        id: session.id,
        user_pool_id: pool.id,
        user_id: user.id,
        password_hash: after.passwordHash,
        factors: JSON.stringify(proved),
        source_ip: call.facts.sourceIp,
        user_agent: boundedText(call.facts.userAgent, userAgentCharacters),
        auth_time_ms: nowMs,
        created_at_ms: nowMs,
        expires_at_ms: nowMs + lifetimeSeconds * 1000,
      });
    },
  };
}

/** Longer where the client may go on with it for longer (SetUserPoolClientSessionConfiguration). */
function lifetimeOf({ pool, client }: ClientInPool): number {
  const minutes = pool.settings.sessions.tracking ? (client.settings.ssoValidityMinutes ?? 0) : 0;
  return Math.max(usualSeconds, minutes * 60);
}

/**
 * The session that a browser's cookie names, if it still counts: not over, of this pool, of a user who may sign in and has
 * neither another password nor been signed out everywhere since.
 */
export async function findLoginSession(
  call: Call,
  pool: UserPool,
  handle: string | undefined,
): Promise<LoginSession | undefined> {
  const row = handle === undefined ? undefined : await findLoginSessionRow(call.db, hashOf(handle));
  if (row?.user_pool_id !== pool.id || row.expires_at_ms <= call.clock.now()) return undefined;
  const user = await findUserBySub(call.db, pool, row.user_id);
  if (!user || user.passwordHash !== row.password_hash) return undefined;
  // Written by prepareLoginSession.
  const granted = { authTimeMs: row.auth_time_ms, proved: JSON.parse(row.factors) as Proof[] };
  return (await isWhole(call.db, pool, { user, granted }))
    ? { id: row.id, user, ...granted }
    : undefined;
}

/** Whether a client takes a session for a sign-in of its own, or asks for a fresh one by now. */
export function isFreshFor(
  call: Call,
  client: UserPoolClient,
  { authTimeMs }: LoginSession,
): boolean {
  const { ssoValidityMinutes = defaultSsoValidityMinutes } = client.settings;
  return call.clock.now() - authTimeMs < ssoValidityMinutes * 60_000;
}

/** Ends the session that a browser's cookie names, once; there may be none by now. */
export async function endLoginSession(
  call: Call,
  pool: UserPool,
  handle: string | undefined,
): Promise<void> {
  const row = handle === undefined ? undefined : await findLoginSessionRow(call.db, hashOf(handle));
  if (row?.user_pool_id !== pool.id) return;
  call.about.sub = row.user_id;
  await call.change(async (trx) => {
    await endSessionByHandle(trx, call, row.handle_hash);
  });
}

/**
 * Puts the session of a fresh sign-in in the place of the one that the browser had, whose handle is worth nothing from
 * then on. For the same user it is the same session, so that its end is told to all who were let in by it; another
 * user's ends.
 */
export async function replaceLoginSession(
  call: Call,
  pool: UserPool,
  { handle, by }: { handle: string | undefined; by: NewLoginSession },
): Promise<LoginSession> {
  const before = await findLoginSession(call, pool, handle);
  if (handle === undefined || before?.user.id !== by.session.user.id) {
    await endLoginSession(call, pool, handle);
    return by.session;
  }
  const { id } = before;
  const continues = await call.change(async (trx) => {
    const taken = await takeLoginSession(trx, hashOf(handle));
    return taken !== undefined && renameLoginSession(trx, { handleHash: hashOf(by.handle), id });
  });
  return continues ? { ...by.session, id } : by.session;
}

/** The clients that have tokens of a session. */
export async function clientsOfSession(
  db: Db,
  pool: UserPool,
  { id, user }: Pick<LoginSession, "id" | "user">,
): Promise<UserPoolClient[]> {
  const session = { userPoolId: pool.id, userId: user.id, loginSessionId: id };
  const ids = await clientIdsOfLoginSession(db, session);
  const rows = await Promise.all(ids.map((clientId) => findUserPoolClient(db, clientId)));
  return rows.flatMap((row) => (row?.user_pool_id === pool.id ? [clientFromRow(row)] : []));
}

function hashOf(handle: string): string {
  return hash("sha256", handle, "base64url");
}
