/** What a sign-in does with devices: it gives a new one to who named none, and notes the use of one that was named. */
import { deleteSurplusDevices, insertDevice, touchDevice } from "../../store/devices.ts";
import type { Db } from "../../store/schema.ts";
import { boundedText } from "../audit/bounded.ts";
import type { Call } from "../call.ts";
import { regionOf, type UserPool } from "../pools/pool.ts";
import type { User } from "../users/user.ts";
import type { NamedDevice } from "./device.ts";

/** Far more than people have; each sign-in that names no device adds one. */
const maxDevicesPerUser = 100;

/** NewDeviceMetadata of AWS. */
export type NewDeviceMetadata = { readonly deviceKey: string; readonly groupKey: string };

export type NewDevice = {
  readonly metadata: NewDeviceMetadata;
  /** Stores the device, unconfirmed, in the transaction of the sign-in. */
  store(trx: Db): Promise<void>;
};

/** Draws the keys of a device for a user who signs in with none that is known. */
export function prepareNewDevice(call: Call, pool: UserPool, user: Pick<User, "id">): NewDevice {
  const deviceKey = `${regionOf(pool)}_${call.random.uuid()}`;
  // AWS documents no form; theirs are of this length and begin so.
  const groupKey = `-${call.random.bytes(6).toString("base64url")}`;
  const nowMs = call.clock.now();
  return {
    metadata: { deviceKey, groupKey },
    async store(trx) {
      const owner = { userPoolId: pool.id, userId: user.id };
      // Sign-ins at once may each leave one more, until the next.
      await deleteSurplusDevices(trx, { ...owner, keep: maxDevicesPerUser - 1 });
      await insertDevice(trx, {
        user_pool_id: pool.id,
        user_id: user.id,
        device_key: deviceKey,
        group_key: groupKey,
        name: null,
        salt: null,
        verifier: null,
        status: "new",
        last_ip: sourceOf(call).lastIp,
        user_agent: sourceOf(call).userAgent,
        created_at_ms: nowMs,
        modified_at_ms: nowMs,
        last_authenticated_at_ms: nowMs,
      });
    },
  };
}

/**
 * Notes a sign-in with a device, in its transaction. False when the device has been forgotten since it was looked at, or
 * is not remembered any more where `remembered` says that this sign-in rests on that: then it must not go on.
 */
export async function recordDeviceUse(
  trx: Db,
  call: Call,
  use: NamedDevice & { readonly pool: UserPool; readonly remembered: boolean },
): Promise<boolean> {
  const { pool, userId, deviceKey, remembered } = use;
  const nowMs = call.clock.now();
  const key = { userPoolId: pool.id, userId, deviceKey };
  return await touchDevice(trx, { ...key, ...sourceOf(call), remembered, nowMs });
}

function sourceOf({ facts }: Call): { lastIp: string; userAgent: string } {
  return { lastIp: boundedText(facts.sourceIp, 128), userAgent: boundedText(facts.userAgent, 512) };
}
