/** What users and administrators do with devices that are confirmed. */
import { deviceNotFound, missingRequiredParameter } from "../../errors/cognito-idp.ts";
import { deleteDevice, setDeviceStatus } from "../../store/devices.ts";
import { revokeDeviceTokenFamilies } from "../../store/token-families.ts";
import type { Call } from "../call.ts";
import type { UserPool } from "../pools/pool.ts";
import type { User } from "../users/user.ts";

type OwnedDevice = { readonly pool: UserPool; readonly user: User; readonly deviceKey: string };

/** Sets whether a device is remembered. */
export async function changeDeviceStatus(
  call: Call,
  given: OwnedDevice & { readonly status: "remembered" | "not_remembered" | undefined },
): Promise<void> {
  const { status } = given;
  if (status === undefined) throw missingRequiredParameter("DeviceRememberedStatus");
  await call.change(async (trx) => {
    const nowMs = call.clock.now();
    if (!(await setDeviceStatus(trx, { ...keyOf(given), status, nowMs }))) throw deviceNotFound();
  });
}

/**
 * Forgets a device. The sign-ins that are bound to it end at once; of the one that asks, its access token lives on, as on
 * AWS, and only its refresh token is worth nothing (tokens/refresh.ts).
 */
export async function forgetDevice(
  call: Call,
  given: OwnedDevice & { readonly keepFamilyId?: string | undefined },
): Promise<void> {
  const key = keyOf(given);
  await call.change(async (trx) => {
    if (!(await deleteDevice(trx, key))) throw deviceNotFound();
    const nowMs = call.clock.now();
    await revokeDeviceTokenFamilies(trx, { ...key, exceptId: given.keepFamilyId, nowMs });
  });
}

function keyOf({ pool, user, deviceKey }: OwnedDevice) {
  return { userPoolId: pool.id, userId: user.id, deviceKey };
}
