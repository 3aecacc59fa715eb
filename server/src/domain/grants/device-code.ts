/** What a device gets for the secret that it keeps (RFC 8628 §3.4, §3.5). */
import { oauthError } from "../../errors/oauth.ts";
import {
  type DeviceAuthorizationRow,
  findDeviceAuthorization,
  pollDeviceAuthorization,
  takeApprovedDeviceAuthorization,
} from "../../store/device-authorizations.ts";
import type { Db } from "../../store/schema.ts";
import type { Call } from "../call.ts";
import type { ClientInPool } from "../clients/client.ts";
import type { UserPool } from "../pools/pool.ts";
import { type IssuedTokens, type NewFamily, prepareFamily } from "../tokens/issue.ts";
import { findUserBySub } from "../users/find.ts";
import {
  type GrantedToDevice,
  hashDeviceCode,
  type RequestedByDevice,
} from "./device-authorization.ts";
import { requireWhole } from "./whole-grant.ts";

export type ShownByDevice = {
  readonly deviceCode: string;
  /** The key that the request proved to hold. */
  readonly dpopJkt: string | undefined;
  readonly clientMetadata: Readonly<Record<string, string>> | undefined;
};

/**
 * The tokens that a user has allowed a device, once. Throws `authorization_pending` and `slow_down` while nobody has
 * decided, `access_denied`, `expired_token`, and `invalid_grant` for all else.
 */
export async function redeemDeviceCode(
  call: Call,
  { pool, client }: ClientInPool,
  shown: ShownByDevice,
): Promise<IssuedTokens> {
  const deviceCodeHash = hashDeviceCode(shown.deviceCode);
  const row = await findDeviceAuthorization(call.db, deviceCodeHash);
  if (row?.client_id !== client.id || row.user_pool_id !== pool.id) throw invalidGrant();
  if (row.user_id !== null) call.about.sub = row.user_id;
  const nowMs = call.clock.now();
  if (row.expires_at_ms <= nowMs) throw oauthError("expired_token");
  if (row.state === "denied") throw oauthError("access_denied");
  if (row.state === "pending") {
    const inTime = await pollDeviceAuthorization(call.db, { deviceCodeHash, nowMs });
    throw oauthError(inTime ? "authorization_pending" : "slow_down");
  }
  const family = await prepare(call, { pool, client }, { row, shown });
  await call.change(async (trx) => {
    const taken = await takeApprovedDeviceAuthorization(trx, {
      ...{ deviceCodeHash, nowMs: call.clock.now() },
    });
    if (!taken) throw invalidGrant();
    await requireUser(trx, pool, row);
    await family.store(trx);
  });
  return family.tokens;
}

async function prepare(
  call: Call,
  { pool, client }: ClientInPool,
  { row, shown }: { row: DeviceAuthorizationRow; shown: ShownByDevice },
): Promise<NewFamily> {
  const { user, granted } = await requireUser(call.db, pool, row);
  // Written by beginDeviceAuthorization.
  const { scopes, resource = null } = JSON.parse(row.requested) as RequestedByDevice;
  return prepareFamily(call, {
    ...{ pool, client, user, proved: granted.proved, clientMetadata: shown.clientMetadata },
    triggerSource: "TokenGeneration_HostedAuth",
    grant: {
      ...{ authTimeMs: granted.authTimeMs, scope: scopes.join(" "), resource },
      // The device stays signed in when the browser signs out, in which it was allowed.
      loginSessionId: call.random.uuid(),
      dpopJkt: shown.dpopJkt ?? null,
    },
  });
}

/** The user who allowed it, if that sign-in still counts. */
async function requireUser(db: Db, pool: UserPool, row: DeviceAuthorizationRow) {
  const user = row.user_id === null ? undefined : await findUserBySub(db, pool, row.user_id);
  if (!user || row.granted === null) throw invalidGrant();
  // Written by decideOnDevice.
  const granted = JSON.parse(row.granted) as GrantedToDevice;
  await requireWhole(db, pool, { user, granted });
  return { user, granted };
}

function invalidGrant() {
  return oauthError("invalid_grant");
}
