/** Devices that users sign in with (AWS, "Working with user devices in your user pool"). */
import { deviceNotFound } from "../../errors/cognito-idp.ts";
import type { Place } from "../../lib/envelope.ts";
import { type DeviceRow, findDevice as findRow } from "../../store/devices.ts";
import type { Db } from "../../store/schema.ts";
import type { SrpVerifier } from "../auth/srp.ts";
import type { Call } from "../call.ts";
import type { UserPool } from "../pools/pool.ts";

/** A device whose user confirmed it. */
export type Device = {
  readonly userPoolId: string;
  readonly userId: string;
  readonly key: string;
  /** Stands for the pool's name in the device's SRP. */
  readonly groupKey: string;
  readonly name: string | null;
  readonly status: "remembered" | "not_remembered";
  readonly lastIp: string;
  readonly srpSalt: string;
  readonly sealedVerifier: string;
  readonly createdAtMs: number;
  readonly modifiedAtMs: number;
  readonly lastAuthenticatedAtMs: number;
};

export type NamedDevice = { readonly userId: string; readonly deviceKey: string };

/** Whether sign-ins to this pool are bound to devices. */
export function tracksDevices({ settings }: Pick<UserPool, "settings">): boolean {
  return settings.deviceConfiguration !== undefined;
}

/** Whether the user trusts this device; only then may it spare the second factor. */
export function isRemembered({ status }: Device): boolean {
  return status === "remembered";
}

/** The device of a user; undefined for one that is unknown, another user's, forgotten or was never confirmed. */
export async function findDevice(
  db: Db,
  pool: UserPool,
  { userId, deviceKey }: NamedDevice,
): Promise<Device | undefined> {
  const row = await findRow(db, { userPoolId: pool.id, userId, deviceKey });
  return row && deviceFromRow(row);
}

/** The device that a call names; throws AWS's refusal where `findDevice` finds none. */
export async function loadDevice(call: Call, pool: UserPool, named: NamedDevice): Promise<Device> {
  const device = await findDevice(call.db, pool, named);
  if (!device) throw deviceNotFound();
  return device;
}

export function deviceFromRow(row: DeviceRow): Device | undefined {
  const { salt, verifier, status } = row;
  if (salt === null || verifier === null) return undefined;
  if (status !== "remembered" && status !== "not_remembered") return undefined;
  return {
    userPoolId: row.user_pool_id,
    userId: row.user_id,
    key: row.device_key,
    groupKey: row.group_key,
    name: row.name,
    status,
    lastIp: row.last_ip,
    srpSalt: salt,
    sealedVerifier: verifier,
    createdAtMs: row.created_at_ms,
    modifiedAtMs: row.modified_at_ms,
    lastAuthenticatedAtMs: row.last_authenticated_at_ms,
  };
}

/** What `startSrp` needs of a device: its secret was drawn by the client and never seen here. */
export function deviceVerifier({ vault }: Pick<Call, "vault">, device: Device): SrpVerifier {
  const place = verifierPlace({ ...device, deviceKey: device.key });
  return {
    salt: device.srpSalt,
    verifier: vault.open(place, device.sealedVerifier).toString("utf8"),
  };
}

/** Where the verifier of a device is sealed. */
export function verifierPlace(key: NamedDevice & { readonly userPoolId: string }): Place {
  const row = `${key.userPoolId}/${key.userId}/${key.deviceKey}`;
  return { table: "devices", column: "verifier", row };
}
