import { afterAll, describe, expect, it } from "vitest";
import { engines, testStore } from "../testing/places.ts";
import { poolId } from "../testing/rows.ts";
import {
  insertPreviousPassword,
  listPreviousPasswords,
  trimPreviousPasswords,
} from "./previous-passwords.ts";

describe.each(engines)("previous passwords on %s", async (engine) => {
  const { db, close } = await testStore(engine);
  afterAll(close);
  const keep = (user_id: string, replaced_at_ms: number, user_pool_id = poolId) =>
    insertPreviousPassword(db, {
      user_pool_id,
      user_id,
      replaced_at_ms,
      password_hash: `hash ${replaced_at_ms}`,
    });
  const list = (userId: string, limit = 100, userPoolId = poolId) =>
    listPreviousPasswords(db, { userPoolId, userId, limit });
  const trim = (userId: string, count: number) =>
    trimPreviousPasswords(db, { userPoolId: poolId, userId, keep: count });

  it("are listed from the latest on, as many as asked for", async () => {
    for (const atMs of [2_000, 1_000, 30_000, 4_000]) await keep("ada", atMs);
    expect(await list("ada")).toEqual(["hash 30000", "hash 4000", "hash 2000", "hash 1000"]);
    expect(await list("ada", 2)).toEqual(["hash 30000", "hash 4000"]);
    expect(await list("nobody")).toEqual([]);
  });

  it("are trimmed to the latest, of this user alone", async () => {
    const otherPool = "us-east-1_Other0001";
    for (const atMs of [1_000, 2_000, 3_000]) {
      await keep("lin", atMs);
      await keep("eve", atMs);
      await keep("lin", atMs, otherPool);
    }
    expect(await trim("lin", 3)).toBe(0);
    expect(await trim("lin", 2)).toBe(1);
    expect(await list("lin")).toEqual(["hash 3000", "hash 2000"]);
    expect(await trim("lin", 0)).toBe(2);
    expect(await list("lin")).toEqual([]);
    expect(await list("eve")).toHaveLength(3);
    expect(await list("lin", 100, otherPool)).toHaveLength(3);
  });

  it("are one of a moment", async () => {
    expect(await keep("mia", 1_000)).toBe(true);
    expect(await keep("mia", 1_000)).toBe(false);
  });
});
