import { afterAll, describe, expect, it } from "vitest";
import { engines, testStore } from "../testing/places.ts";
import { poolId } from "../testing/rows.ts";
import {
  findPushedRequest,
  insertPushedRequest,
  prolongPushedRequest,
  takePushedRequest,
} from "./pushed-requests.ts";

describe.each(engines)("pushed requests on %s", async (engine) => {
  const { db, close, transaction } = await testStore(engine);
  afterAll(close);
  const row = (handle_hash: string) => ({
    ...{ handle_hash, user_pool_id: poolId, client_id: "client", parameters: "{}" },
    ...{ created_at_ms: 1_000, expires_at_ms: 61_000 },
  });
  const take = (handleHash: string, { nowMs = 2_000, on = db } = {}) =>
    takePushedRequest(on, { handleHash, nowMs });

  it("are taken once, by exactly one of many at once", async () => {
    for (const handle of ["crowd", "inside"]) await insertPushedRequest(db, row(handle));
    const bare = await Promise.all(Array.from({ length: 20 }, () => take("crowd")));
    const inside = await Promise.all(
      Array.from({ length: 8 }, () => transaction((trx) => take("inside", { on: trx }))),
    );
    expect(bare.filter(Boolean)).toEqual([row("crowd")]);
    expect(inside.filter(Boolean)).toEqual([row("inside")]);
    expect(await findPushedRequest(db, "crowd")).toBeUndefined();
  });

  it("are not taken once they are over, and prolonged only before", async () => {
    await insertPushedRequest(db, row("late"));
    const prolong = (nowMs: number) =>
      prolongPushedRequest(db, { handleHash: "late", untilMs: 100_000, nowMs });
    expect(await take("late", { nowMs: 61_000 })).toBeUndefined();
    expect(await prolong(61_000)).toBe(false);
    expect((await findPushedRequest(db, "late"))?.expires_at_ms).toBe(61_000);
    expect(await prolong(60_999)).toBe(true);
    expect((await take("late", { nowMs: 99_999 }))?.handle_hash).toBe("late");
    expect(await prolong(2_000)).toBe(false);
  });

  it("survive a transaction that took them and failed", async () => {
    await insertPushedRequest(db, row("undone"));
    const failing = transaction(async (trx) => {
      await take("undone", { on: trx });
      throw new Error("later trouble");
    });
    await expect(failing).rejects.toThrow("later trouble");
    expect(await take("undone")).toBeDefined();
  });
});
