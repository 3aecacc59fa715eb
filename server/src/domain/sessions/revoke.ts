/**
 * Ending one session of a user. A token session is a family of tokens: its refresh tokens are dead at once, and so are its
 * access tokens at our own APIs. An SSO session is that of a browser.
 */
import { ownSessionNotRevocable, sessionNotFound } from "../../errors/cognito-idp.ts";
import type { Db } from "../../store/schema.ts";
import {
  findSession,
  findTokenFamily,
  revokeSession,
  revokeTokenFamiliesOf,
} from "../../store/token-families.ts";
import type { Call, UserCall } from "../call.ts";
import { endSessionById } from "../logout/end-sessions.ts";
import type { UserPool } from "../pools/pool.ts";
import type { User } from "../users/user.ts";
import { requireTracking } from "./configure.ts";

export type RevokedSession = {
  readonly sessionId: string;
  /** Whether what is linked ends too: the SSO session that a token session came through, or the token sessions of one. */
  readonly linked: boolean;
};

/** Ends a session of a user; throws when the user has none of this id. */
export async function revokeSessionOf(
  call: Call,
  { pool, user, ...revoked }: RevokedSession & { pool: UserPool; user: User },
): Promise<void> {
  requireTracking(pool);
  const revoke = revoked.sessionId.startsWith("sso") ? revokeSso : revokeTokens;
  await call.change(async (trx) => {
    const whose = { userPoolId: pool.id, userId: user.id };
    if (!(await revoke(trx, call, { ...whose, ...revoked }))) throw sessionNotFound();
  });
}

type Whose = { readonly userPoolId: string; readonly userId: string };

async function revokeSso(
  trx: Db,
  call: Call,
  { sessionId: id, linked, ...whose }: Whose & RevokedSession,
): Promise<boolean> {
  if (!(await endSessionById(trx, call, { ...whose, id }))) return false;
  const nowMs = call.clock.now();
  if (linked) await revokeTokenFamiliesOf(trx, { ...whose, loginSessionId: id, nowMs });
  return true;
}

async function revokeTokens(
  trx: Db,
  call: Call,
  { sessionId, linked, ...whose }: Whose & RevokedSession,
): Promise<boolean> {
  const session = { ...whose, sessionId };
  if (!(await revokeSession(trx, { ...session, nowMs: call.clock.now() }))) return false;
  const id = (await findSession(trx, session))?.login_session_id ?? null;
  if (linked && id !== null) await endSessionById(trx, call, { ...whose, id });
  return true;
}

/** Ends another session of the caller; the one that the caller's token belongs to is ended by signing out. */
export async function revokeOtherSession(call: UserCall, revoked: RevokedSession): Promise<void> {
  const { pool, user, claims } = call;
  requireTracking(pool);
  const own = claims.origin_jti && (await findTokenFamily(call.db, claims.origin_jti));
  if (own && own.session_id === revoked.sessionId) throw ownSessionNotRevocable();
  await revokeSessionOf(call, { pool, user, ...revoked });
}
