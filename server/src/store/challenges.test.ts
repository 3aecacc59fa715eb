import { afterAll, describe, expect, it } from "vitest";
import { engines, testStore } from "../testing/places.ts";
import { challengeRow, poolId } from "../testing/rows.ts";
import {
  type ChallengeKey,
  deleteUserChallenges,
  findChallenge,
  insertChallenge,
  takeChallenge,
} from "./challenges.ts";

describe.each(engines)("challenges on %s", async (engine) => {
  const { db, close } = await testStore(engine);
  afterAll(close);
  const begin = (name: string, given = {}) =>
    insertChallenge(
      db,
      challengeRow({ handle_hash: `${name} handle`, secret_block_hash: `${name} block`, ...given }),
    );
  const byHandle = (name: string): ChallengeKey => ({ handleHash: `${name} handle` });
  const byBlock = (name: string): ChallengeKey => ({ secretBlockHash: `${name} block` });

  it("are found by their handle and by their secret block", async () => {
    expect(await begin("found")).toBe(true);
    const row = await findChallenge(db, byHandle("found"));
    expect(row).toMatchObject({ user_pool_id: poolId, user_id: null });
    expect(await findChallenge(db, byBlock("found"))).toEqual(row);
    expect(await findChallenge(db, { handleHash: "found block" })).toBeUndefined();
    expect(await findChallenge(db, { secretBlockHash: "found handle" })).toBeUndefined();
  });

  it("never share a handle or a secret block", async () => {
    await begin("first");
    expect(await begin("first")).toBe(false);
    expect(await begin("second", { secret_block_hash: "first block" })).toBe(false);
    expect(await begin("third", { handle_hash: "first handle" })).toBe(false);
  });

  it("without a secret block are many, and no empty key finds one", async () => {
    expect(await begin("plain 1", { secret_block_hash: null })).toBe(true);
    expect(await begin("plain 2", { secret_block_hash: null })).toBe(true);
    expect(await findChallenge(db, { secretBlockHash: "" })).toBeUndefined();
  });

  it("are taken once, by whichever name, of any number at once", async () => {
    await begin("taken");
    const taken = await Promise.all(
      Array.from({ length: 20 }, (_, n) =>
        takeChallenge(db, { key: n % 2 ? byHandle("taken") : byBlock("taken"), nowMs: 2_000 }),
      ),
    );
    expect(taken.filter(Boolean)).toHaveLength(1);
    expect(await findChallenge(db, byHandle("taken"))).toBeUndefined();
  });

  it("cannot be taken once they expired", async () => {
    await begin("late", { expires_at_ms: 5_000 });
    expect(await takeChallenge(db, { key: byHandle("late"), nowMs: 5_000 })).toBeUndefined();
    expect(await findChallenge(db, byHandle("late"))).toBeDefined();
    expect(await takeChallenge(db, { key: byHandle("late"), nowMs: 4_999 })).toBeDefined();
  });

  it("of a user all end at once, and nobody else's", async () => {
    await begin("ada 1", { user_id: "ada" });
    await begin("ada 2", { user_id: "ada" });
    await begin("bob", { user_id: "bob" });
    await begin("elsewhere", { user_id: "ada", user_pool_id: "us-east-1_Other0001" });
    expect(await deleteUserChallenges(db, { userPoolId: poolId, userId: "ada" })).toBe(2);
    expect(await findChallenge(db, byHandle("bob"))).toBeDefined();
    expect(await findChallenge(db, byHandle("elsewhere"))).toBeDefined();
  });
});
