import { changeOne, insertOne, takeOne } from "./atomic.ts";
import type { Db, NewRow, Row } from "./schema.ts";

export type DeviceAuthorizationRow = Row<"device_authorizations">;

/** What a device may ask for anew is asked more slowly each time it comes too early (RFC 8628 §3.5). */
const SLOWER_SECONDS = 5;

/** Stores what a device asks for; false where another one shows this code to its user. */
export async function insertDeviceAuthorization(
  db: Db,
  row: NewRow<"device_authorizations">,
): Promise<boolean> {
  return await insertOne(db.insertInto("device_authorizations").values(row));
}

/** Finds it by what the device holds, be it over or decided. */
export async function findDeviceAuthorization(
  db: Db,
  deviceCodeHash: string,
): Promise<DeviceAuthorizationRow | undefined> {
  return await db
    .selectFrom("device_authorizations")
    .selectAll()
    .where("device_code_hash", "=", deviceCodeHash)
    .executeTakeFirst();
}

/** Finds it by what the user reads. */
export async function findDeviceAuthorizationByUserCode(
  db: Db,
  { userPoolId, userCodeHash }: { userPoolId: string; userCodeHash: string },
): Promise<DeviceAuthorizationRow | undefined> {
  return await db
    .selectFrom("device_authorizations")
    .selectAll()
    .where("user_pool_id", "=", userPoolId)
    .where("user_code_hash", "=", userCodeHash)
    .executeTakeFirst();
}

/** Approves or denies what nobody has decided and is not over; true for exactly one of several callers. */
export async function decideDeviceAuthorization(
  db: Db,
  decision: { deviceCodeHash: string; nowMs: number } & (
    | { state: "approved"; userId: string; granted: string }
    | { state: "denied"; userId: string; granted: null }
  ),
): Promise<boolean> {
  const { deviceCodeHash, nowMs, state, userId, granted } = decision;
  return await changeOne(
    db
      .updateTable("device_authorizations")
      .set({ state, user_id: userId, granted })
      .where("device_code_hash", "=", deviceCodeHash)
      .where("state", "=", "pending")
      .where("expires_at_ms", ">", nowMs),
  );
}

/** Notes that a device asks; false where it came before its interval was over, which is longer from then on. */
export async function pollDeviceAuthorization(
  db: Db,
  { deviceCodeHash, nowMs }: { deviceCodeHash: string; nowMs: number },
): Promise<boolean> {
  const inTime = await changeOne(
    db
      .updateTable("device_authorizations")
      .set({ polled_at_ms: nowMs })
      .where("device_code_hash", "=", deviceCodeHash)
      .where((eb) =>
        eb.or([
          eb("polled_at_ms", "is", null),
          eb(eb("polled_at_ms", "+", eb("interval_seconds", "*", 1000)), "<=", nowMs),
        ]),
      ),
  );
  if (inTime) return true;
  await changeOne(
    db
      .updateTable("device_authorizations")
      .set((eb) => ({
        polled_at_ms: nowMs,
        interval_seconds: eb("interval_seconds", "+", SLOWER_SECONDS),
      }))
      .where("device_code_hash", "=", deviceCodeHash),
  );
  return false;
}

/** Takes what was approved and is not over; exactly one of several callers gets it. */
export async function takeApprovedDeviceAuthorization(
  db: Db,
  { deviceCodeHash, nowMs }: { deviceCodeHash: string; nowMs: number },
): Promise<DeviceAuthorizationRow | undefined> {
  return await takeOne(
    db
      .deleteFrom("device_authorizations")
      .where("device_code_hash", "=", deviceCodeHash)
      .where("state", "=", "approved")
      .where("expires_at_ms", ">", nowMs)
      .returningAll(),
  );
}
