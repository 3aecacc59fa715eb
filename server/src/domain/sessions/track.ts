/** Tracked sessions: a session is a family of tokens, with what is known of its last use. */
import { makeTokenSessionId } from "../../lib/ids.ts";
import type { Db, NewRow } from "../../store/schema.ts";
import {
  revokeIdleSessions,
  type TokenFamilyRow,
  touchSession,
} from "../../store/token-families.ts";
import { holdUser } from "../../store/users.ts";
import { boundedText } from "../audit/bounded.ts";
import type { Call } from "../call.ts";
import type { UserPool } from "../pools/pool.ts";
import { userAddress } from "../risk/user-address.ts";
import type { User } from "../users/user.ts";

type Tracked = Pick<
  NewRow<"token_families">,
  "session_id" | "source_ip" | "user_agent" | "last_active_at_ms"
>;

/** What a new family is stored with as a session; nothing where the pool does not track them. */
export function newSession(call: Call, pool: UserPool, nowMs: number): Tracked {
  if (!pool.settings.sessions.tracking) return {};
  const { sourceIp, userAgent } = sourceOf(call);
  return {
    session_id: makeTokenSessionId(call.random),
    source_ip: sourceIp,
    user_agent: userAgent,
    last_active_at_ms: nowMs,
  };
}

/**
 * Ends the sessions of a user that were idle for longest, so that one more does not exceed what the pool allows; in the
 * transaction of the sign-in. Sign-ins of one user follow one another here, so that no race leaves too many.
 */
export async function makeRoomForSession(
  trx: Db,
  call: Call,
  { pool, user }: { pool: UserPool; user: User },
): Promise<void> {
  const { tracking, maxPerUser } = pool.settings.sessions;
  if (!tracking) return;
  await holdUser(trx, { userPoolId: pool.id, id: user.id });
  await revokeIdleSessions(trx, {
    userPoolId: pool.id,
    userId: user.id,
    keep: maxPerUser - 1,
    nowMs: call.clock.now(),
  });
}

/** Notes a refresh as the last use of a session, in its transaction. */
export async function noteSessionUse(
  trx: Db,
  call: Call,
  { pool, family }: { pool: UserPool; family: TokenFamilyRow },
): Promise<void> {
  if (!pool.settings.sessions.tracking || family.session_id === null) return;
  await touchSession(trx, { id: family.id, nowMs: call.clock.now(), ...sourceOf(call) });
}

/** AWS's limit of an address, and more than a device's name is made of. */
function sourceOf(call: Call): { sourceIp: string; userAgent: string } {
  const address = userAddress(call) ?? call.facts.sourceIp;
  return { sourceIp: address.slice(0, 128), userAgent: boundedText(call.facts.userAgent, 512) };
}
