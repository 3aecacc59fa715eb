import { afterAll, describe, expect, it } from "vitest";
import { engines, testStore } from "../testing/places.ts";
import { poolId } from "../testing/rows.ts";
import {
  decideDeviceAuthorization,
  findDeviceAuthorization,
  findDeviceAuthorizationByUserCode,
  insertDeviceAuthorization,
  pollDeviceAuthorization,
  takeApprovedDeviceAuthorization,
} from "./device-authorizations.ts";
import type { NewRow } from "./schema.ts";

describe.each(engines)("device authorizations on %s", async (engine) => {
  const { db, close, transaction } = await testStore(engine);
  afterAll(close);
  const row = (name: string, more: Partial<NewRow<"device_authorizations">> = {}) => ({
    ...{ device_code_hash: `${name} device`, user_code_hash: `${name} user` },
    ...{ user_pool_id: poolId, client_id: "client", user_id: null, state: "pending" },
    ...{ requested: "{}", granted: null, interval_seconds: 5, polled_at_ms: null },
    ...{ created_at_ms: 1_000, expires_at_ms: 601_000 },
    ...more,
  });
  const add = (name: string, more = {}) => insertDeviceAuthorization(db, row(name, more));
  const approve = (name: string, userId: string, { on = db, nowMs = 2_000 } = {}) =>
    decideDeviceAuthorization(on, {
      ...{ deviceCodeHash: `${name} device`, nowMs },
      ...{ state: "approved", userId, granted: `{"by":"${userId}"}` },
    });
  const deny = (name: string, userId: string) =>
    decideDeviceAuthorization(db, {
      ...{ deviceCodeHash: `${name} device`, nowMs: 2_000 },
      ...{ state: "denied", userId, granted: null },
    });
  const take = (name: string, { on = db, nowMs = 3_000 } = {}) =>
    takeApprovedDeviceAuthorization(on, { deviceCodeHash: `${name} device`, nowMs });
  const poll = (name: string, nowMs: number) =>
    pollDeviceAuthorization(db, { deviceCodeHash: `${name} device`, nowMs });
  const find = (name: string) => findDeviceAuthorization(db, `${name} device`);

  it("show each code once in a pool", async () => {
    expect(await add("shown")).toBe(true);
    const same = { user_code_hash: "shown user" };
    expect(await add("another", same)).toBe(false);
    expect(await add("elsewhere", { ...same, user_pool_id: "us-east-1_Other0001" })).toBe(true);
    const code = { userPoolId: poolId, userCodeHash: "shown user" };
    expect(await findDeviceAuthorizationByUserCode(db, code)).toEqual(row("shown"));
    const unknown = { ...code, userPoolId: "us-east-1_Another00" };
    expect(await findDeviceAuthorizationByUserCode(db, unknown)).toBeUndefined();
  });

  it("are decided by exactly one of many users at once, and stay as decided", async () => {
    await add("raced");
    const users = Array.from({ length: 16 }, (_, n) => `user ${n}`);
    const decisions = await Promise.all(
      users.map((user, n) =>
        n % 2 === 0
          ? approve("raced", user)
          : transaction((trx) => approve("raced", user, { on: trx })),
      ),
    );
    expect(decisions.filter(Boolean)).toHaveLength(1);
    const winner = users[decisions.indexOf(true)];
    expect(await find("raced")).toMatchObject({ state: "approved", user_id: winner });
    expect(await deny("raced", "late")).toBe(false);
    await add("denied");
    expect(await deny("denied", "ada")).toBe(true);
    expect(await approve("denied", "mallory")).toBe(false);
    expect(await find("denied")).toMatchObject({ state: "denied", user_id: "ada", granted: null });
  });

  it("are not decided once they are over", async () => {
    await add("late");
    expect(await approve("late", "ada", { nowMs: 601_000 })).toBe(false);
    expect(await approve("late", "ada", { nowMs: 600_999 })).toBe(true);
  });

  it("are taken once they are approved, by exactly one of many at once", async () => {
    for (const name of ["crowd", "inside"]) {
      await add(name);
      expect(await take(name)).toBeUndefined();
      await approve(name, "ada");
    }
    const bare = await Promise.all(Array.from({ length: 20 }, () => take("crowd")));
    const inside = await Promise.all(
      Array.from({ length: 8 }, () => transaction((trx) => take("inside", { on: trx }))),
    );
    expect(bare.filter(Boolean)).toMatchObject([{ user_id: "ada", granted: '{"by":"ada"}' }]);
    expect(inside.filter(Boolean)).toHaveLength(1);
    expect(await find("crowd")).toBeUndefined();
  });

  it("are not taken when denied or over, and are there again after a failed transaction", async () => {
    await add("refused");
    await deny("refused", "ada");
    expect(await take("refused")).toBeUndefined();
    await add("slow");
    await approve("slow", "ada");
    expect(await take("slow", { nowMs: 601_000 })).toBeUndefined();
    const failing = transaction(async (trx) => {
      expect(await take("slow", { on: trx })).toBeDefined();
      throw new Error("later trouble");
    });
    await expect(failing).rejects.toThrow("later trouble");
    expect(await take("slow")).toBeDefined();
  });

  it("let a device ask in its interval, which grows each time that it comes too early", async () => {
    await add("asking");
    const asked = [];
    for (const atMs of [2_000, 7_000, 11_999, 21_998, 31_000, 51_000]) {
      asked.push(await poll("asking", atMs));
    }
    expect(asked).toEqual([true, true, false, false, false, true]);
    expect(await find("asking")).toMatchObject({ interval_seconds: 20, polled_at_ms: 51_000 });
  });

  it("tell one of many polls at once that it is in time", async () => {
    await add("eager");
    const polls = await Promise.all(Array.from({ length: 10 }, () => poll("eager", 2_000)));
    expect(polls.filter(Boolean)).toHaveLength(1);
    expect((await find("eager"))?.interval_seconds).toBe(50);
  });
});
