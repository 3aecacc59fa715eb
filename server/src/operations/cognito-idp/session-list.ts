/** The list of a user's sessions, as both operations that ask for it answer. */
import type { SessionDescriptionType } from "@aws-sdk/client-cognito-identity-provider";
import type { Call } from "../../domain/call.ts";
import type { UserPool } from "../../domain/pools/pool.ts";
import { requireTracking } from "../../domain/sessions/configure.ts";
import { deviceName } from "../../domain/sessions/device-name.ts";
import type { User } from "../../domain/users/user.ts";
import { paginate } from "../../protocol/paginate.ts";
import { pageLoginSessions } from "../../store/login-sessions.ts";
import { pageSessions, type TokenFamilyRow } from "../../store/token-families.ts";

/** AWS answers so many in one page (AdminListUserSessions); more than a user can have of tokens. */
const pageLimit = 125;

type Position = { readonly createdAtMs: number; readonly id: string };
type Listed = { readonly position: Position; readonly session: SessionDescriptionType };

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
    async read(after: Position | undefined, limit) {
      const page = { userPoolId: pool.id, userId: user.id, nowMs, after, limit };
      const tokens = (await pageSessions(call.db, page)).map((row) => tokenSession(row, familyId));
      const browsers = (await pageLoginSessions(call.db, page)).map(ssoSession);
      return [...tokens, ...browsers].sort(newestFirst).slice(0, limit);
    },
    positionOf: ({ position }) => position,
  });
  return { Sessions: rows.map(({ session }) => session), NextToken: next };
}

/** As both statements order them: ids are ASCII. */
function newestFirst({ position: left }: Listed, { position: right }: Listed): number {
  if (left.createdAtMs !== right.createdAtMs) return right.createdAtMs - left.createdAtMs;
  return left.id < right.id ? 1 : -1;
}

function tokenSession(row: TokenFamilyRow, familyId: string | undefined): Listed {
  const session: SessionDescriptionType = {
    SessionId: row.session_id ?? undefined,
    SessionType: "TOKEN",
    ClientId: row.client_id,
    CreateDate: new Date(row.created_at_ms),
    LastActiveDate: new Date(row.last_active_at_ms ?? row.created_at_ms),
    DeviceType: deviceName(row.user_agent ?? ""),
    LastIPAddress: row.source_ip ?? undefined,
    OriginSessionId: row.login_session_id ?? undefined,
    IsCurrentSession: row.id === familyId,
  };
  return { position: { createdAtMs: row.created_at_ms, id: row.id }, session };
}

type SsoRow = Awaited<ReturnType<typeof pageLoginSessions>>[number];

/** The session of a browser belongs to no one client. */
function ssoSession(row: SsoRow): Listed {
  const { last_active_at_ms: lastActiveAtMs, auth_time_ms: authTimeMs } = row;
  const session: SessionDescriptionType = {
    SessionId: row.id,
    SessionType: "SSO",
    CreateDate: new Date(row.created_at_ms),
    LastActiveDate: new Date(Math.max(authTimeMs, lastActiveAtMs ?? 0)),
    DeviceType: deviceName(row.user_agent),
    LastIPAddress: row.source_ip,
    IsCurrentSession: false,
  };
  return { position: { createdAtMs: row.created_at_ms, id: row.id }, session };
}
