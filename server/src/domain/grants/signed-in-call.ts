import type { Call, UserCall } from "../call.ts";
import type { ClientInPool } from "../clients/client.ts";
import { issuerOf } from "../pools/pool.ts";
import type { AccessTokenClaims } from "../tokens/claims.ts";
import { userAdminScope } from "../tokens/scopes.ts";
import type { LoginSession } from "./login-session.ts";

/** The call of whoever is signed in to the pages, for rules that are made for holders of access tokens. */
export function callOfSession(
  call: Call,
  { pool, client, session }: ClientInPool & { session: LoginSession },
): UserCall {
  const { id, user, authTimeMs, proved } = session;
  const authTime = Math.floor(authTimeMs / 1000);
  const claims: AccessTokenClaims = {
    iss: issuerOf(pool, call.settings.publicUrl),
    sub: user.id,
    client_id: client.id,
    token_use: "access",
    scope: userAdminScope,
    auth_time: authTime,
    iat: authTime,
    // Whether the session still counts was asked already; this is of no token that anybody gets.
    exp: authTime + 3600,
    jti: id,
    origin_jti: id,
    event_id: id,
    username: user.username,
  };
  call.about.sub = user.id;
  call.about.callerSub = user.id;
  return { ...call, pool, user, claims, proved };
}
