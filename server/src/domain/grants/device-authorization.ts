/**
 * Sign-ins of devices without a browser (RFC 8628): the device asks, its user decides elsewhere, and the device, which
 * has asked again and again meanwhile, redeems once what the user allowed.
 */
import { hash } from "node:crypto";
import { ServiceError } from "../../errors/service-error.ts";
import { countUp } from "../../store/counters.ts";
import {
  type DeviceAuthorizationRow,
  decideDeviceAuthorization,
  findDeviceAuthorization,
  findDeviceAuthorizationByUserCode,
  insertDeviceAuthorization,
} from "../../store/device-authorizations.ts";
import type { Proof } from "../auth/progress.ts";
import type { Call } from "../call.ts";
import type { ClientInPool } from "../clients/client.ts";
import type { UserPool } from "../pools/pool.ts";
import type { LoginSession } from "./login-session.ts";
import { hashUserCode, makeUserCode, readUserCode } from "./user-code.ts";

export const deviceAuthorizationSeconds = 600;
/** How long a device waits before it asks again. */
export const devicePollSeconds = 5;

const draws = 5;
const entries = { limit: 10, windowMs: 15 * 60_000 };

/** What a device asks for. */
export type RequestedByDevice = {
  readonly scopes: readonly string[];
  /** RFC 8707. */
  readonly resource?: string | undefined;
};

/** What a user allowed, in which sign-in. */
export type GrantedToDevice = {
  readonly authTimeMs: number;
  readonly proved: readonly Proof[];
};

/** A device that waits for its user. */
export type WaitingDevice = RequestedByDevice & {
  readonly clientId: string;
  readonly deviceCodeHash: string;
  /** As the device shows it. */
  readonly userCode: string;
};

/** Keeps what a device asks for; answers the secret that it keeps and the code that it shows. */
export async function beginDeviceAuthorization(
  call: Call,
  { pool, client }: ClientInPool,
  requested: RequestedByDevice,
): Promise<{ deviceCode: string; userCode: string }> {
  const deviceCode = call.random.bytes(32).toString("base64url");
  const nowMs = call.clock.now();
  for (let drawn = 0; drawn < draws; drawn += 1) {
    const userCode = makeUserCode(call);
    const stored = await insertDeviceAuthorization(call.db, {
      device_code_hash: hashDeviceCode(deviceCode),
      user_code_hash: hashUserCode(call, pool, userCode),
      user_pool_id: pool.id,
      client_id: client.id,
      user_id: null,
      state: "pending",
      requested: JSON.stringify(requested),
      granted: null,
      interval_seconds: devicePollSeconds,
      polled_at_ms: null,
      created_at_ms: nowMs,
      expires_at_ms: nowMs + deviceAuthorizationSeconds * 1000,
    });
    if (stored) return { deviceCode, userCode };
  }
  throw new Error("every code that was drawn is shown by a device");
}

/**
 * The device that shows a code which was typed in a browser; throws `wrong-user-code` where none does. A browser may try
 * ten in a quarter of an hour, and then it is `locked`.
 */
export async function findDeviceByUserCode(
  call: Call,
  pool: UserPool,
  { typed, browserHash }: { typed: string; browserHash: string },
): Promise<WaitingDevice> {
  await countEntry(call, pool, browserHash);
  const userCode = readUserCode(typed);
  const row =
    userCode === undefined
      ? undefined
      : await findDeviceAuthorizationByUserCode(call.db, {
          userPoolId: pool.id,
          userCodeHash: hashUserCode(call, pool, userCode),
        });
  if (!row || userCode === undefined) throw wrongUserCode();
  return waiting(call, row, userCode);
}

/** Counted before it is looked at, so that of many at once no more are told than may be. */
async function countEntry(call: Call, pool: UserPool, browserHash: string): Promise<void> {
  const name = `user-codes/${pool.id}/${browserHash}`;
  const { allowed } = await countUp(call.db, { name, nowMs: call.clock.now(), ...entries });
  if (!allowed) throw new ServiceError("locked", "");
}

/** A device that was found by its code, if it still waits. */
export async function loadWaitingDevice(
  call: Call,
  { deviceCodeHash, userCode }: Pick<WaitingDevice, "deviceCodeHash" | "userCode">,
): Promise<WaitingDevice> {
  const row = await findDeviceAuthorization(call.db, deviceCodeHash);
  if (!row) throw wrongUserCode();
  return waiting(call, row, userCode);
}

function waiting(call: Call, row: DeviceAuthorizationRow, userCode: string): WaitingDevice {
  if (row.state !== "pending" || row.expires_at_ms <= call.clock.now()) throw wrongUserCode();
  const { client_id: clientId, device_code_hash: deviceCodeHash } = row;
  // Written by beginDeviceAuthorization.
  const requested = JSON.parse(row.requested) as RequestedByDevice;
  return { ...requested, clientId, deviceCodeHash, userCode };
}

/** The user's decision, which counts for the first of several users alone. */
export async function decideOnDevice(
  call: Call,
  { deviceCodeHash }: Pick<WaitingDevice, "deviceCodeHash">,
  { session, isAllowed }: { session: LoginSession; isAllowed: boolean },
): Promise<void> {
  const { user, authTimeMs, proved } = session;
  const granted: GrantedToDevice = { authTimeMs, proved };
  call.about.more["device"] = isAllowed ? "allowed" : "denied";
  await call.change(async (trx) => {
    const decided = await decideDeviceAuthorization(trx, {
      ...{ deviceCodeHash, userId: user.id, nowMs: call.clock.now() },
      ...(isAllowed
        ? { state: "approved", granted: JSON.stringify(granted) }
        : { state: "denied", granted: null }),
    });
    if (!decided) throw wrongUserCode();
  });
}

/** The form in which the secret of a device is stored. */
export function hashDeviceCode(deviceCode: string): string {
  return hash("sha256", deviceCode, "base64url");
}

/** Of a code that no device shows, and of one that was used or is too old alike. */
function wrongUserCode(): ServiceError {
  return new ServiceError("wrong-user-code", "");
}
