/** A page of a user's devices, as both operations that list them ask for it. */
import type { Call } from "../../domain/call.ts";
import { type Device, deviceFromRow } from "../../domain/devices/device.ts";
import type { UserPool } from "../../domain/pools/pool.ts";
import type { User } from "../../domain/users/user.ts";
import { paginate } from "../../protocol/paginate.ts";
import { pageDevices } from "../../store/devices.ts";

/** AWS's largest page. */
const maxLimit = 60;

/** The confirmed devices of a user, by key; a limit of 0 is none. */
export async function listDevices(
  call: Call,
  { pool, user }: { pool: UserPool; user: User },
  { limit, token }: { limit: number | undefined; token: string | undefined },
): Promise<{ devices: Device[]; nextToken: string | undefined }> {
  // By the user and not by the operation: nobody else's token opens, whoever asks.
  const asked = { list: ["devices", pool.id, user.id], token, limit: limit || maxLimit };
  const { rows, nextToken } = await paginate(call, asked, {
    read: (after: string | undefined, count) =>
      pageDevices(call.db, { userPoolId: pool.id, userId: user.id, after, limit: count }),
    positionOf: (row) => row.device_key,
  });
  return { devices: rows.flatMap((row) => deviceFromRow(row) ?? []), nextToken };
}
