import { afterAll, describe, expect, it } from "vitest";
import { engines, testStore } from "../testing/places.ts";
import { poolId, tokenFamilyRow } from "../testing/rows.ts";
import {
  confirmDevice,
  deleteDevice,
  deleteSurplusDevices,
  findDevice,
  insertDevice,
  pageDevices,
  setDeviceStatus,
  touchDevice,
} from "./devices.ts";
import type { NewRow } from "./schema.ts";
import { findTokenFamily, insertTokenFamily, revokeDeviceTokenFamilies } from "./token-families.ts";

const key = (userId: string, deviceKey = "us-east-1_0") => ({
  userPoolId: poolId,
  userId,
  deviceKey,
});

function deviceRow(given: Partial<NewRow<"devices">> & { user_id: string }): NewRow<"devices"> {
  return {
    user_pool_id: poolId,
    device_key: "us-east-1_0",
    group_key: "-group",
    status: "new",
    last_ip: "192.0.2.1",
    user_agent: "test",
    created_at_ms: 1_000,
    modified_at_ms: 1_000,
    last_authenticated_at_ms: 1_000,
    ...given,
  };
}

const proof = { name: "phone", salt: "aa", verifier: "sealed", nowMs: 2_000 };

describe.each(engines)("devices on %s", async (engine) => {
  const { db, close } = await testStore(engine);
  afterAll(close);
  const confirm = (userId: string, status: "remembered" | "not_remembered" = "remembered") =>
    confirmDevice(db, { ...key(userId), ...proof, status });
  const statusOf = async (userId: string) => (await findDevice(db, key(userId)))?.status;

  it("are confirmed once, by one of many at once", async () => {
    await insertDevice(db, deviceRow({ user_id: "crowd" }));
    const confirmed = await Promise.all(Array.from({ length: 10 }, () => confirm("crowd")));
    expect(confirmed.filter(Boolean)).toHaveLength(1);
    expect(await findDevice(db, key("crowd"))).toMatchObject({
      name: "phone",
      salt: "aa",
      verifier: "sealed",
      status: "remembered",
      created_at_ms: 1_000,
      modified_at_ms: 2_000,
    });
  });

  it("are remembered, used and forgotten only once they are confirmed", async () => {
    await insertDevice(db, deviceRow({ user_id: "new" }));
    const use = { ...key("new"), lastIp: "::1", userAgent: "b", nowMs: 3_000 };
    const change = { ...key("new"), status: "remembered", nowMs: 3_000 } as const;
    expect(await setDeviceStatus(db, change)).toBe(false);
    expect(await touchDevice(db, { ...use, remembered: true })).toBe(false);
    expect(await touchDevice(db, { ...use, remembered: false })).toBe(false);
    expect(await deleteDevice(db, key("new"))).toBe(false);
    expect(await statusOf("new")).toBe("new");
    expect(await pageDevices(db, { ...key("new"), after: undefined, limit: 10 })).toEqual([]);
  });

  it("count as remembered only while they are", async () => {
    await insertDevice(db, deviceRow({ user_id: "ada" }));
    await confirm("ada", "not_remembered");
    const use = { ...key("ada"), lastIp: "::1", userAgent: "b", nowMs: 3_000 };
    expect(await touchDevice(db, { ...use, remembered: true })).toBe(false);
    expect(await touchDevice(db, { ...use, remembered: false })).toBe(true);
    const change = { ...key("ada"), status: "remembered", nowMs: 4_000 } as const;
    expect(await setDeviceStatus(db, change)).toBe(true);
    expect(await touchDevice(db, { ...use, remembered: true, nowMs: 5_000 })).toBe(true);
    expect(await findDevice(db, key("ada"))).toMatchObject({
      last_ip: "::1",
      user_agent: "b",
      modified_at_ms: 4_000,
      last_authenticated_at_ms: 5_000,
    });
    expect(await deleteDevice(db, key("ada"))).toBe(true);
    expect(await deleteDevice(db, key("ada"))).toBe(false);
    expect(await touchDevice(db, { ...use, remembered: false })).toBe(false);
  });

  it("of one user or pool are never another's", async () => {
    await insertDevice(db, deviceRow({ user_id: "eve" }));
    await confirm("eve");
    const elsewhere = { ...key("eve"), userPoolId: "us-east-1_Other0001" };
    for (const other of [key("mallory"), elsewhere]) {
      expect(await findDevice(db, other)).toBeUndefined();
      expect(await deleteDevice(db, other)).toBe(false);
      const change = { ...other, status: "not_remembered", nowMs: 3_000 } as const;
      expect(await setDeviceStatus(db, change)).toBe(false);
    }
    expect(await statusOf("eve")).toBe("remembered");
  });

  it("make room: those never confirmed go first, then those used least recently", async () => {
    const rows = [
      { device_key: "a", status: "new", last_authenticated_at_ms: 9_000 },
      { device_key: "b", status: "new", last_authenticated_at_ms: 8_000 },
      { device_key: "c", status: "remembered", last_authenticated_at_ms: 1_000 },
      { device_key: "d", status: "not_remembered", last_authenticated_at_ms: 2_000 },
    ];
    for (const row of rows) await insertDevice(db, deviceRow({ user_id: "full", ...row }));
    await insertDevice(db, deviceRow({ user_id: "full 2" }));
    const owner = { userPoolId: poolId, userId: "full" };
    const left = async (keep: number) => {
      await deleteSurplusDevices(db, { ...owner, keep });
      const all = await Promise.all(
        rows.map(({ device_key }) => findDevice(db, key("full", device_key))),
      );
      return all.flatMap((row) => row?.device_key ?? []);
    };
    expect(await left(4)).toEqual(["a", "b", "c", "d"]);
    expect(await left(3)).toEqual(["a", "c", "d"]);
    expect(await left(1)).toEqual(["d"]);
    expect(await statusOf("full 2")).toBe("new");
  });

  it("end the sign-ins that are bound to them, but for one", async () => {
    const families = {
      "device 1": { device_key: "us-east-1_0" },
      "device 2": { device_key: "us-east-1_0" },
      "other device": { device_key: "us-east-1_1" },
      none: {},
      bob: { device_key: "us-east-1_0", user_id: "bob" },
      elsewhere: { device_key: "us-east-1_0", user_pool_id: "us-east-1_Other0001" },
    };
    for (const [id, given] of Object.entries(families)) {
      await insertTokenFamily(db, tokenFamilyRow({ id, user_id: "ann", ...given }));
    }
    await revokeDeviceTokenFamilies(db, { ...key("ann"), exceptId: "device 2", nowMs: 5 });
    const revoked = await Promise.all(
      Object.keys(families).map(async (id) => (await findTokenFamily(db, id))?.revoked_at_ms),
    );
    expect(revoked).toEqual([5, null, null, null, null, null]);
    await revokeDeviceTokenFamilies(db, { ...key("ann"), nowMs: 6 });
    expect((await findTokenFamily(db, "device 2"))?.revoked_at_ms).toBe(6);
  });
});
