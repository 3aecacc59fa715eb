/** Refresh tokens: new tokens for an old one, in families that die whole when a replaced one comes back. */
import {
  invalidRefreshToken,
  refreshTokenExpired,
  refreshTokenOfOtherDevice,
  refreshTokenReused,
  refreshTokenRevoked,
  userIsDisabled,
} from "../../errors/cognito-idp.ts";
import type { ServiceError } from "../../errors/service-error.ts";
import { findDevice } from "../../store/devices.ts";
import {
  findRefreshToken,
  insertRefreshToken,
  type RefreshTokenRow,
  replaceRefreshToken,
} from "../../store/refresh-tokens.ts";
import type { Db } from "../../store/schema.ts";
import {
  findTokenFamily,
  revokeTokenFamily,
  type TokenFamilyRow,
} from "../../store/token-families.ts";
import type { Call } from "../call.ts";
import type { ClientInPool, UserPoolClient } from "../clients/client.ts";
import { tracksDevices } from "../devices/device.ts";
import { groupsOf } from "../groups/group.ts";
import type { UserPool } from "../pools/pool.ts";
import { lastingScope } from "../resource-servers/lasting-scope.ts";
import { noteSessionUse } from "../sessions/track.ts";
import { firePreTokenGeneration } from "../triggers/pre-token-generation.ts";
import { findUserBySub } from "../users/find.ts";
import type { User } from "../users/user.ts";
import type { GrantFacts } from "./claims.ts";
import { hashRefreshToken, type IssuedTokens, makeRefreshToken, signTokens } from "./issue.ts";

/** A refresh token that may still be good: whose it is and which family it belongs to. */
export type PresentedRefreshToken = {
  readonly row: RefreshTokenRow;
  readonly family: TokenFamilyRow;
  readonly user: User;
};

/**
 * Finds a refresh token of this client and refuses it if it, its family, its device or its user is no longer good, or if
 * it is presented without the device that it is bound to.
 */
export async function loadRefreshToken(
  call: Call,
  { pool, client }: ClientInPool,
  {
    token,
    deviceKey,
    dpopJkt,
  }: { token: string; deviceKey: string | undefined; dpopJkt?: string | undefined },
): Promise<PresentedRefreshToken> {
  const row = await findRefreshToken(call.db, hashRefreshToken(token));
  const family = row && (await findTokenFamily(call.db, row.family_id));
  if (!row || family?.client_id !== client.id) throw invalidRefreshToken();
  call.about.sub = row.user_id;
  // Bound to a key, it is worth nothing to whoever has not proved to hold that key.
  if (family.dpop_jkt !== null && family.dpop_jkt !== dpopJkt) throw invalidRefreshToken();
  if (family.revoked_at_ms !== null) throw refreshTokenRevoked();
  if (row.expires_at_ms <= call.clock.now()) throw refreshTokenExpired();
  await requireDevice(call, pool, { family, deviceKey });
  const user = await findUserBySub(call.db, pool, row.user_id);
  if (!user) throw invalidRefreshToken();
  if (!user.enabled) throw userIsDisabled();
  return { row, family, user };
}

/** A forgotten device refreshes nothing, also once its pool has ceased to track devices. */
async function requireDevice(
  call: Call,
  pool: UserPool,
  { family, deviceKey }: { family: TokenFamilyRow; deviceKey: string | undefined },
): Promise<void> {
  const { device_key: boundTo, user_id: userId } = family;
  if (boundTo === null) return;
  if (tracksDevices(pool) && deviceKey !== boundTo) throw refreshTokenOfOtherDevice();
  const device = await findDevice(call.db, { userPoolId: pool.id, userId, deviceKey: boundTo });
  if (!device) throw refreshTokenOfOtherDevice();
}

/** Whether this client gets a new refresh token with every refresh. */
export function rotates(client: UserPoolClient): boolean {
  return client.settings.refreshTokenRotation?.feature === "ENABLED";
}

/** Issues new tokens for a presented refresh token; with rotation it is replaced, once. */
export async function refreshTokens(
  call: Call,
  given: ClientInPool & {
    clientMetadata?: Readonly<Record<string, string>> | undefined;
    /** A part of what was granted; the refresh token keeps the whole. */
    scope?: string;
  },
  presented: PresentedRefreshToken,
): Promise<IssuedTokens> {
  const { pool, client, clientMetadata } = given;
  const { family, user } = presented;
  const scope = await lastingScope(call.db, pool, given.scope ?? family.scope);
  if (scope === "") throw invalidRefreshToken();
  const groups = await groupsOf(call.db, pool, user);
  const edits = await firePreTokenGeneration(call, {
    ...{ pool, client, user, groups, clientMetadata },
    scopes: scope.split(" "),
    source: "TokenGeneration_RefreshTokens",
  });
  const pair = await signTokens(call, {
    pool,
    client,
    user,
    groups,
    family: {
      id: family.id,
      authTimeMs: family.auth_time_ms,
      scope,
      deviceKey: family.device_key,
      ...grantOf(family),
    },
    edits,
  });
  const refreshToken = rotates(client) ? makeRefreshToken(call) : undefined;
  await call.change(async (trx) => {
    const refusal = await takeTurn(trx, call, { client, presented });
    if (refusal) return refusal;
    await noteSessionUse(trx, call, { pool, family });
    if (refreshToken !== undefined)
      await insertSuccessor(trx, call, { pool, presented, refreshToken });
    return undefined;
  });
  return refreshToken === undefined ? pair : { ...pair, refreshToken };
}

function grantOf(family: TokenFamilyRow): { grant?: GrantFacts } {
  const { login_session_id: loginSessionId, resource, dpop_jkt: dpopJkt } = family;
  return loginSessionId === null ? {} : { grant: { loginSessionId, resource, dpopJkt } };
}

/**
 * Decides inside the transaction whether this use counts. A replaced token that comes back after the grace period was
 * copied by somebody, and nobody knows who of the two is the user, so the whole family ends (RFC 9700 §4.14.2).
 */
async function takeTurn(
  trx: Db,
  call: Call,
  { client, presented }: { client: UserPoolClient; presented: PresentedRefreshToken },
): Promise<ServiceError | undefined> {
  const nowMs = call.clock.now();
  const { token_hash: tokenHash, family_id: familyId } = presented.row;
  const family = await findTokenFamily(trx, familyId);
  if (!family || family.revoked_at_ms !== null) return refreshTokenRevoked();
  if (rotates(client) && (await replaceRefreshToken(trx, { tokenHash, nowMs }))) return undefined;
  const current = await findRefreshToken(trx, tokenHash);
  if (!current) return refreshTokenRevoked();
  if (!rotates(client) && current.replaced_at_ms === null) return undefined;
  // Whoever lost the race to replace it sees when the other did, which may be later than its own time.
  const replacedAtMs = current.replaced_at_ms ?? nowMs;
  if (!isReplaced(client, { replaced_at_ms: replacedAtMs }, nowMs)) return undefined;
  await revokeTokenFamily(trx, { id: familyId, nowMs });
  return refreshTokenReused();
}

/** Whether a refresh token was replaced by another, and for longer than the client may still use it. */
export function isReplaced(
  { settings }: UserPoolClient,
  { replaced_at_ms: atMs }: Pick<RefreshTokenRow, "replaced_at_ms">,
  nowMs: number,
): boolean {
  const graceMs = (settings.refreshTokenRotation?.retryGracePeriodSeconds ?? 0) * 1000;
  return atMs !== null && Math.max(0, nowMs - atMs) >= graceMs;
}

/** The next refresh token of the family, good for the time that was left to the first one. */
async function insertSuccessor(
  trx: Db,
  call: Call,
  given: { pool: UserPool; presented: PresentedRefreshToken; refreshToken: string },
): Promise<void> {
  const { row, family, user } = given.presented;
  await insertRefreshToken(trx, {
    token_hash: hashRefreshToken(given.refreshToken),
    family_id: family.id,
    user_pool_id: given.pool.id,
    user_id: user.id,
    issued_at_ms: call.clock.now(),
    expires_at_ms: row.expires_at_ms,
    replaced_at_ms: null,
  });
}
