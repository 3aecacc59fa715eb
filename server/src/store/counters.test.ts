import { afterAll, describe, expect, it } from "vitest";
import { engines, testStore } from "../testing/places.ts";
import { countUp, readCount } from "./counters.ts";
import type { Db } from "./schema.ts";

const windowMs = 60_000;

describe.each(engines)("counters on %s", async (engine) => {
  const { db, close, transaction } = await testStore(engine);
  afterAll(close);
  const use = (name: string, nowMs: number, limit = 3) =>
    countUp(db, { name, limit, windowMs, nowMs });
  const stored = (name: string, from: Db = db) =>
    from.selectFrom("counters").selectAll().where("name", "=", name).executeTakeFirst();

  it("allow exactly the limit of any number of uses at once", async () => {
    const counts = await Promise.all(Array.from({ length: 40 }, () => use("crowd", 5_000, 7)));
    const allowed = counts.filter((count) => count.allowed);
    expect(allowed.map((count) => count.count).sort()).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect(counts.filter((count) => !count.allowed)).toHaveLength(33);
    expect(new Set(counts.map((count) => count.resetAtMs))).toEqual(new Set([65_000]));
  });

  it("allow exactly the limit once more when the window is over, also to a crowd", async () => {
    await Promise.all(Array.from({ length: 10 }, () => use("turn", 0)));
    const early = await use("turn", windowMs - 1);
    expect(early).toEqual({ allowed: false, count: 3, resetAtMs: windowMs });
    const counts = await Promise.all(Array.from({ length: 40 }, () => use("turn", windowMs)));
    expect(counts.filter((count) => count.allowed)).toHaveLength(3);
    expect(new Set(counts.map((count) => count.resetAtMs))).toEqual(new Set([2 * windowMs]));
  });

  it("start the window at the first use and never prolong it", async () => {
    expect((await use("steady", 1_000)).resetAtMs).toBe(61_000);
    expect((await use("steady", 60_000)).resetAtMs).toBe(61_000);
    expect(await use("steady", 61_000)).toEqual({ allowed: true, count: 1, resetAtMs: 121_000 });
  });

  it("write nothing for a refused use", async () => {
    await Promise.all(Array.from({ length: 3 }, () => use("full", 0)));
    const before = await stored("full");
    await use("full", 1);
    expect(await stored("full")).toEqual(before);
    expect(before).toEqual({ name: "full", count: 3, until_ms: windowMs });
  });

  it("refuse by the limit of the day, lowered or raised", async () => {
    await Promise.all(Array.from({ length: 3 }, () => use("moved", 0)));
    expect(await use("moved", 1, 2)).toEqual({ allowed: false, count: 2, resetAtMs: windowMs });
    expect((await use("moved", 1, 4)).allowed).toBe(true);
  });

  it("refuse everything at a limit of nought, and store nothing", async () => {
    expect(await use("never", 7, 0)).toEqual({ allowed: false, count: 0, resetAtMs: 7 });
    expect(await stored("never")).toBeUndefined();
  });

  it("count each name for itself", async () => {
    expect((await use("one", 0, 1)).allowed).toBe(true);
    expect((await use("two", 0, 1)).allowed).toBe(true);
    expect((await use("one", 0, 1)).allowed).toBe(false);
  });

  it("count what commits, and nothing that is rolled back", async () => {
    const failing = transaction(async (trx) => {
      await countUp(trx, { name: "undone", limit: 1, windowMs, nowMs: 0 });
      throw new Error("changed my mind");
    });
    await expect(failing).rejects.toThrow("changed my mind");
    expect(await stored("undone")).toBeUndefined();
    const uses = Array.from({ length: 12 }, () =>
      transaction((trx) => countUp(trx, { name: "inside", limit: 5, windowMs, nowMs: 0 })),
    );
    const counts = await Promise.all(uses);
    expect(counts.filter((count) => count.allowed)).toHaveLength(5);
  });

  it("tell what was counted, until the window is over", async () => {
    expect(await readCount(db, { name: "read", nowMs: 0 })).toBe(0);
    for (let count = 0; count < 5; count += 1) await use("read", 0);
    expect(await readCount(db, { name: "read", nowMs: windowMs - 1 })).toBe(3);
    expect(await readCount(db, { name: "read", nowMs: windowMs })).toBe(0);
    expect(await readCount(db, { name: "unread", nowMs: 0 })).toBe(0);
  });

  it("hold the times of any year to come", async () => {
    const nowMs = Date.UTC(9999, 11, 31);
    expect((await use("far", nowMs)).resetAtMs).toBe(nowMs + windowMs);
  });
});
