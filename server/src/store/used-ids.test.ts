import { afterAll, describe, expect, it } from "vitest";
import { engines, testStore } from "../testing/places.ts";
import { poolId } from "../testing/rows.ts";
import { deleteExpired } from "./expiries.ts";
import { isIdTaken, takeId } from "./used-ids.ts";

describe.each(engines)("used ids on %s", async (engine) => {
  const { db, close, transaction } = await testStore(engine);
  afterAll(close);
  const take = (idHash: string, { userPoolId = poolId, on = db } = {}) =>
    takeId(on, { userPoolId, idHash, untilMs: 10_000 });

  it("are taken once", async () => {
    expect(await take("first")).toBe(true);
    expect(await take("first")).toBe(false);
  });

  it("are taken by exactly one of many callers at once, also in transactions", async () => {
    const alone = await Promise.all(Array.from({ length: 20 }, () => take("crowd")));
    expect(alone.filter(Boolean)).toHaveLength(1);
    const inside = await Promise.all(
      Array.from({ length: 8 }, () => transaction((trx) => take("inside", { on: trx }))),
    );
    expect(inside.filter(Boolean)).toHaveLength(1);
  });

  it("are those of one pool", async () => {
    expect(await take("shared")).toBe(true);
    expect(await take("shared", { userPoolId: "us-east-1_Another00" })).toBe(true);
  });

  it("are known as taken until their time is over, in their pool", async () => {
    const id = { userPoolId: poolId, idHash: "known" };
    expect(await isIdTaken(db, { ...id, nowMs: 0 })).toBe(false);
    await take("known");
    expect(await isIdTaken(db, { ...id, nowMs: 9_999 })).toBe(true);
    expect(await isIdTaken(db, { ...id, nowMs: 10_000 })).toBe(false);
    const elsewhere = { ...id, userPoolId: "us-east-1_Another00", nowMs: 0 };
    expect(await isIdTaken(db, elsewhere)).toBe(false);
  });

  it("are kept until their time is over", async () => {
    await take("kept");
    await deleteExpired(db, { nowMs: 9_999, limit: 100 });
    expect(await take("kept")).toBe(false);
    await deleteExpired(db, { nowMs: 10_000, limit: 100 });
    expect(await take("kept")).toBe(true);
  });
});
