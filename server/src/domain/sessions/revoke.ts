/** Ending one session of a user: its refresh tokens are dead at once, and so are its access tokens at our own APIs. */
import { ownSessionNotRevocable, sessionNotFound } from "../../errors/cognito-idp.ts";
import { findTokenFamily, revokeSession } from "../../store/token-families.ts";
import type { Call, UserCall } from "../call.ts";
import type { UserPool } from "../pools/pool.ts";
import type { User } from "../users/user.ts";
import { requireTracking } from "./configure.ts";

/** Ends a session of a user; throws when the user has none of this id. */
export async function revokeSessionOf(
  call: Call,
  { pool, user, sessionId }: { pool: UserPool; user: User; sessionId: string },
): Promise<void> {
  requireTracking(pool);
  await call.change(async (trx) => {
    const session = { userPoolId: pool.id, userId: user.id, sessionId, nowMs: call.clock.now() };
    const revoked = await revokeSession(trx, session);
    if (!revoked) throw sessionNotFound();
  });
}

/** Ends another session of the caller; the one that the caller's token belongs to is ended by signing out. */
export async function revokeOtherSession(call: UserCall, sessionId: string): Promise<void> {
  const { pool, user, claims } = call;
  requireTracking(pool);
  const own = claims.origin_jti && (await findTokenFamily(call.db, claims.origin_jti));
  if (own && own.session_id === sessionId) throw ownSessionNotRevocable();
  await revokeSessionOf(call, { pool, user, sessionId });
}
