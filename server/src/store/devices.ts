import { sql } from "kysely";
import { changeOne, insertOne, takeOne } from "./atomic.ts";
import type { Db, NewRow, Row } from "./schema.ts";

export type DeviceRow = Row<"devices">;

export type DeviceRowKey = { userPoolId: string; userId: string; deviceKey: string };

/** What a sign-in tells of the device that it is made with. */
type DeviceUse = { lastIp: string; userAgent: string; nowMs: number };

/** Stores the device of a sign-in; nobody has confirmed it yet. */
export async function insertDevice(db: Db, device: NewRow<"devices">): Promise<boolean> {
  return await insertOne(db.insertInto("devices").values(device));
}

/** Finds a device of a user, be it confirmed or not. */
export async function findDevice(db: Db, key: DeviceRowKey): Promise<DeviceRow | undefined> {
  return await db
    .selectFrom("devices")
    .selectAll()
    .where((eb) => eb.and(columnsOf(key)))
    .executeTakeFirst();
}

/** Confirms a device that is new; of several callers exactly one does. */
export async function confirmDevice(
  db: Db,
  given: DeviceRowKey & {
    name: string | null;
    salt: string;
    verifier: string;
    status: "remembered" | "not_remembered";
    nowMs: number;
  },
): Promise<boolean> {
  const { name, salt, verifier, status, nowMs } = given;
  return await changeOne(
    db
      .updateTable("devices")
      .set({ name, salt, verifier, status, modified_at_ms: nowMs })
      .where((eb) => eb.and(columnsOf(given)))
      .where("status", "=", "new"),
  );
}

/** Sets whether a confirmed device is remembered; false when the user has no such device. */
export async function setDeviceStatus(
  db: Db,
  given: DeviceRowKey & { status: "remembered" | "not_remembered"; nowMs: number },
): Promise<boolean> {
  return await changeOne(
    db
      .updateTable("devices")
      .set({ status: given.status, modified_at_ms: given.nowMs })
      .where((eb) => eb.and(columnsOf(given)))
      .where("status", "!=", "new"),
  );
}

/** Notes a sign-in with a confirmed device; false when it has been forgotten, or need be remembered and is not. */
export async function touchDevice(
  db: Db,
  use: DeviceRowKey & DeviceUse & { remembered: boolean },
): Promise<boolean> {
  return await changeOne(
    db
      .updateTable("devices")
      .set({
        last_authenticated_at_ms: use.nowMs,
        last_ip: use.lastIp,
        user_agent: use.userAgent,
      })
      .where((eb) => eb.and(columnsOf(use)))
      .where("status", use.remembered ? "=" : "!=", use.remembered ? "remembered" : "new"),
  );
}

/** Removes a confirmed device; false when the user has no such device. */
export async function deleteDevice(db: Db, key: DeviceRowKey): Promise<boolean> {
  const deleted = await takeOne(
    db
      .deleteFrom("devices")
      .where((eb) => eb.and(columnsOf(key)))
      .where("status", "!=", "new")
      .returning("device_key"),
  );
  return deleted !== undefined;
}

/**
 * Removes what a user has beyond `keep` devices: first those that were never confirmed, the oldest first, then those
 * that were used least recently.
 */
export async function deleteSurplusDevices(
  db: Db,
  { userPoolId, userId, keep }: { userPoolId: string; userId: string; keep: number },
): Promise<void> {
  const owner = { user_pool_id: userPoolId, user_id: userId };
  const kept = db
    .selectFrom("devices")
    .select("device_key")
    .where((eb) => eb.and(owner))
    .orderBy(sql`case when status = 'new' then 1 else 0 end`)
    .orderBy("last_authenticated_at_ms", "desc")
    .orderBy("device_key")
    .limit(keep);
  await db
    .deleteFrom("devices")
    .where((eb) => eb.and(owner))
    .where("device_key", "not in", kept)
    .execute();
}

/** The confirmed devices of a user, by key. */
export async function pageDevices(
  db: Db,
  page: { userPoolId: string; userId: string; after: string | undefined; limit: number },
): Promise<DeviceRow[]> {
  return await db
    .selectFrom("devices")
    .selectAll()
    .where("user_pool_id", "=", page.userPoolId)
    .where("user_id", "=", page.userId)
    .where("device_key", ">", page.after ?? "")
    .where("status", "!=", "new")
    .orderBy("device_key")
    .limit(page.limit)
    .execute();
}

function columnsOf({ userPoolId, userId, deviceKey }: DeviceRowKey) {
  return { user_pool_id: userPoolId, user_id: userId, device_key: deviceKey };
}
