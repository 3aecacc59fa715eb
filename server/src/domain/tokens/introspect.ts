/** What a token of a client is worth now (RFC 7662); times in epoch seconds. */
import { ServiceError } from "../../errors/service-error.ts";
import { findRefreshToken, type RefreshTokenRow } from "../../store/refresh-tokens.ts";
import { findTokenFamily } from "../../store/token-families.ts";
import type { Call } from "../call.ts";
import { type ClientInPool, standsForItself } from "../clients/client.ts";
import { machineScopes } from "../grants/client-credentials.ts";
import { issuerOf } from "../pools/pool.ts";
import { lastingScope } from "../resource-servers/lasting-scope.ts";
import type { ClientTokenClaims } from "./claims.ts";
import { findTokenHolder } from "./holder.ts";
import { hashRefreshToken } from "./issue.ts";
import { isClientToken, type OwnAccessToken, readOwnAccessToken } from "./own-access-token.ts";
import { isReplaced, loadRefreshToken } from "./refresh.ts";

export type ActiveToken = {
  readonly kind: "access" | "refresh";
  readonly iss: string;
  readonly sub: string;
  /** Absent for a token that stands for no user. */
  readonly username?: string;
  readonly scope: string;
  readonly iat: number;
  readonly exp: number;
  readonly jti?: string;
  readonly aud?: string;
  readonly cnf?: { readonly jkt: string };
};

/** What a token says, if it is one of this client and still counts; undefined for every other. Nothing changes by asking. */
export async function introspect(
  call: Call,
  of: ClientInPool,
  token: string,
): Promise<ActiveToken | undefined> {
  if (!token.includes(".")) return introspectRefreshToken(call, of, token);
  const claims = await readOwnAccessToken(call, of, token);
  if (!claims || claims.exp * 1000 <= call.clock.now()) return undefined;
  const counts = isClientToken(claims)
    ? await isStillGranted(call, of, claims)
    : await hasHolder(call, of, { token, claims });
  if (!counts) return undefined;
  const { iss, sub, scope, iat, exp, jti, aud, cnf } = claims;
  return {
    ...{ kind: "access", iss, sub, scope, iat, exp, jti },
    ...(isClientToken(claims) ? {} : { username: claims.username }),
    ...(aud === undefined ? {} : { aud }),
    ...(cnf === undefined ? {} : { cnf }),
  };
}

/** Whoever asks has the token shown by somebody else, whose proof of its key (RFC 9449) is theirs to check. */
async function hasHolder(
  call: Call,
  { pool }: ClientInPool,
  { token, claims }: { token: string; claims: OwnAccessToken },
): Promise<boolean> {
  const holder = await findTokenHolder(call, token, {
    uses: ["access"],
    userPoolIds: [pool.id],
    ...(claims.cnf ? { dpopJkt: claims.cnf.jkt } : {}),
  });
  return typeof holder !== "string";
}

/**
 * Nothing of a client's own token is stored, so what the client may have now decides. A function of the pool may give
 * scopes that the client has not; where there is one, scopes decide nothing.
 */
async function isStillGranted(
  call: Call,
  { pool, client }: ClientInPool,
  { iat, scope }: ClientTokenClaims,
): Promise<boolean> {
  if (!standsForItself(client)) return false;
  // Of an earlier client of this id.
  if (iat < Math.floor(client.createdAtMs / 1000)) return false;
  if (pool.settings.lambdaConfig.PreTokenGeneration?.version === "V3_0") return true;
  const allowed = await machineScopes(call.db, { pool, client });
  return scope.split(" ").every((each) => allowed.includes(each));
}

async function introspectRefreshToken(
  call: Call,
  { pool, client }: ClientInPool,
  token: string,
): Promise<ActiveToken | undefined> {
  const row = await findRefreshToken(call.db, hashRefreshToken(token));
  const family = row && (await findTokenFamily(call.db, row.family_id));
  if (!row || family?.client_id !== client.id) return undefined;
  const { device_key: deviceKey, dpop_jkt: dpopJkt } = family;
  const user = await userOf(call, { pool, client }, { token, deviceKey, dpopJkt });
  if (!user || isReplaced(client, row, call.clock.now())) return undefined;
  const scope = await lastingScope(call.db, pool, family.scope);
  if (scope === "") return undefined;
  return {
    kind: "refresh",
    iss: issuerOf(pool, call.settings.publicUrl),
    ...{ sub: user.id, username: user.username, scope },
    ...timesOf(row),
    ...(dpopJkt === null ? {} : { cnf: { jkt: dpopJkt } }),
  };
}

/** The user of a refresh token that would still give tokens. */
async function userOf(
  call: Call,
  of: ClientInPool,
  shown: { token: string; deviceKey: string | null; dpopJkt: string | null },
) {
  const { token, deviceKey, dpopJkt } = shown;
  const given = { token, deviceKey: deviceKey ?? undefined, dpopJkt: dpopJkt ?? undefined };
  try {
    return (await loadRefreshToken(call, of, given)).user;
  } catch (error) {
    if (error instanceof ServiceError) return undefined;
    throw error;
  }
}

function timesOf({ issued_at_ms, expires_at_ms }: RefreshTokenRow) {
  return { iat: Math.floor(issued_at_ms / 1000), exp: Math.floor(expires_at_ms / 1000) };
}
