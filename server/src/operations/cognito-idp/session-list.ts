/** The list of a user's sessions, as both operations that ask for it answer. */
import type { SessionDescriptionType } from "@aws-sdk/client-cognito-identity-provider";
import type { Call } from "../../domain/call.ts";
import type { UserPool } from "../../domain/pools/pool.ts";
import { requireTracking } from "../../domain/sessions/configure.ts";
import { deviceName } from "../../domain/sessions/device-name.ts";
import type { User } from "../../domain/users/user.ts";
import { paginate } from "../../protocol/paginate.ts";
import { pageSessions, type TokenFamilyRow } from "../../store/token-families.ts";

/** AWS answers so many in one page (AdminListUserSessions); more than a user can have. */
const pageLimit = 125;

/** A page of the sessions that are alive; `familyId` is the one that asks, if it is known. */
export async function listSessions(
  call: Call,
  whose: { pool: UserPool; user: User; familyId?: string | undefined },
  nextToken: string | undefined,
): Promise<{ Sessions: SessionDescriptionType[]; NextToken: string | undefined }> {
  const { pool, user, familyId } = whose;
  requireTracking(pool);
  const nowMs = call.clock.now();
  // By the user and not by the operation: nobody else's token opens, whoever asks.
  const asked = { list: ["sessions", pool.id, user.id], token: nextToken, limit: pageLimit };
  const { rows, nextToken: next } = await paginate(call, asked, {
    read: (after: { createdAtMs: number; id: string } | undefined, limit) =>
      pageSessions(call.db, { userPoolId: pool.id, userId: user.id, nowMs, after, limit }),
    positionOf: (row) => ({ createdAtMs: row.created_at_ms, id: row.id }),
  });
  return { Sessions: rows.map((row) => sessionType(row, familyId)), NextToken: next };
}

function sessionType(row: TokenFamilyRow, familyId: string | undefined): SessionDescriptionType {
  return {
    SessionId: row.session_id ?? undefined,
    SessionType: "TOKEN",
    ClientId: row.client_id,
    CreateDate: new Date(row.created_at_ms),
    LastActiveDate: new Date(row.last_active_at_ms ?? row.created_at_ms),
    DeviceType: deviceName(row.user_agent ?? ""),
    LastIPAddress: row.source_ip ?? undefined,
    IsCurrentSession: row.id === familyId,
  };
}
