import { afterAll, describe, expect, it } from "vitest";
import { engines, testStore } from "../testing/places.ts";
import { poolId } from "../testing/rows.ts";
import {
  countRecoveryCodes,
  deleteRecoveryCodes,
  insertRecoveryCodes,
  takeRecoveryCodeRow,
} from "./recovery-codes.ts";

describe.each(engines)("recovery codes on %s", async (engine) => {
  const { db, close, transaction } = await testStore(engine);
  afterAll(close);
  const owner = (userId: string) => ({ userPoolId: poolId, userId });
  const insert = (userId: string, ...macs: string[]) =>
    insertRecoveryCodes(db, { ...owner(userId), macs, nowMs: 1_000 });
  const take = (userId: string, mac: string, on = db) =>
    takeRecoveryCodeRow(on, { ...owner(userId), mac });

  it("are taken once each, and counted", async () => {
    await insert("ada", "one", "two", "three");
    expect(await take("ada", "two")).toBe(true);
    expect(await take("ada", "two")).toBe(false);
    expect(await take("ada", "four")).toBe(false);
    expect(await countRecoveryCodes(db, owner("ada"))).toBe(2);
    expect(await countRecoveryCodes(db, owner("nobody"))).toBe(0);
  });

  it("are their user's alone, in one pool", async () => {
    await insert("eve", "same");
    await insertRecoveryCodes(db, {
      ...{ userPoolId: "us-east-1_Other", userId: "ida" },
      ...{ macs: ["same"], nowMs: 1_000 },
    });
    expect(await take("ida", "same")).toBe(false);
    expect(await take("eve", "same")).toBe(true);
  });

  it("are taken by exactly one of many at once", async () => {
    await insert("crowd", "one", "two");
    const taken = await Promise.all(Array.from({ length: 20 }, () => take("crowd", "one")));
    expect(taken.filter(Boolean)).toHaveLength(1);
    const inside = await Promise.all(
      Array.from({ length: 8 }, () => transaction((trx) => take("crowd", "two", trx))),
    );
    expect(inside.filter(Boolean)).toHaveLength(1);
  });

  it("go all at once, of this user alone", async () => {
    await insert("gone", "one", "two");
    await insert("kept", "one");
    expect(await deleteRecoveryCodes(db, owner("gone"))).toBe(2);
    expect(await countRecoveryCodes(db, owner("gone"))).toBe(0);
    expect(await countRecoveryCodes(db, owner("kept"))).toBe(1);
  });
});
