import { afterAll, describe, expect, it } from "vitest";
import { engines, testStore } from "../testing/places.ts";
import { passkeyRow, poolId } from "../testing/rows.ts";
import {
  deletePasskey,
  findPasskey,
  insertPasskey,
  pagePasskeys,
  recordPasskeySignature,
} from "./passkeys.ts";

const otherPool = "us-east-1_Other0001";

describe.each(engines)("passkeys on %s", async (engine) => {
  const { db, close } = await testStore(engine);
  afterAll(close);
  const find = (credentialId: string, userPoolId = poolId) =>
    findPasskey(db, { userPoolId, credentialId });
  const use = (credentialId: string, signCount: number, given: object = {}) =>
    recordPasskeySignature(db, {
      userPoolId: poolId,
      userId: "ada",
      credentialId,
      publicKey: "key",
      signCount,
      nowMs: 5_000,
      ...given,
    });

  it("have an id that is unique in their pool", async () => {
    const row = passkeyRow({ credential_id: "one" });
    expect(await insertPasskey(db, row)).toBe(true);
    expect(await insertPasskey(db, { ...row, user_id: "eve", public_key: "other" })).toBe(false);
    expect(await insertPasskey(db, { ...row, user_pool_id: otherPool })).toBe(true);
    expect(await find("one")).toEqual({ ...row, attachment: null, last_used_at_ms: null });
    expect(await find("none")).toBeUndefined();
  });

  it("take a signature whose counter went on, and no other", async () => {
    await insertPasskey(db, passkeyRow({ credential_id: "counts", sign_count: 7 }));
    expect(await use("counts", 7)).toBe(false);
    expect(await use("counts", 0)).toBe(false);
    expect(await use("counts", 9)).toBe(true);
    expect(await use("counts", 8)).toBe(false);
    expect(await find("counts")).toMatchObject({ sign_count: 9, last_used_at_ms: 5_000 });
  });

  it("need not count, but may not stop counting", async () => {
    await insertPasskey(db, passkeyRow({ credential_id: "still" }));
    expect(await use("still", 0)).toBe(true);
    expect(await use("still", 0)).toBe(true);
    expect(await use("still", 1)).toBe(true);
    expect(await use("still", 0)).toBe(false);
  });

  it("take one of many signatures with the same counter", async () => {
    await insertPasskey(db, passkeyRow({ credential_id: "copied", sign_count: 1 }));
    const taken = await Promise.all(Array.from({ length: 20 }, () => use("copied", 2)));
    expect(taken.filter(Boolean)).toHaveLength(1);
  });

  it("take no signature for another user, pool or key", async () => {
    await insertPasskey(db, passkeyRow({ credential_id: "bound" }));
    for (const other of [{ userId: "eve" }, { userPoolId: otherPool }, { publicKey: "other" }]) {
      expect(await use("bound", 1, other)).toBe(false);
    }
    expect(await find("bound")).toMatchObject({ sign_count: 0, last_used_at_ms: null });
  });

  it("are listed by age, page by page, each user's alone", async () => {
    const ids = ["d", "c", "b", "a"];
    for (const [n, credential_id] of ids.entries()) {
      // Two of one moment.
      const created_at_ms = 1_000 + Math.floor((n + 1) / 2);
      await insertPasskey(db, passkeyRow({ credential_id, user_id: "cleo", created_at_ms }));
    }
    const key = { userPoolId: poolId, userId: "cleo" };
    const first = await pagePasskeys(db, { ...key, limit: 2 });
    expect(first.map((row) => row.credential_id)).toEqual(["d", "b"]);
    const second = await pagePasskeys(db, { ...key, after: [1_001, "b"], limit: 9 });
    expect(second.map((row) => row.credential_id)).toEqual(["c", "a"]);
    expect(await pagePasskeys(db, { ...key, userId: "nobody", limit: 9 })).toEqual([]);
  });

  it("are removed by their own user, once", async () => {
    await insertPasskey(db, passkeyRow({ credential_id: "gone" }));
    const key = { userPoolId: poolId, userId: "ada", credentialId: "gone" };
    expect(await deletePasskey(db, { ...key, userId: "eve" })).toBe(false);
    expect(await deletePasskey(db, { ...key, userPoolId: otherPool })).toBe(false);
    expect(await deletePasskey(db, key)).toBe(true);
    expect(await deletePasskey(db, key)).toBe(false);
    expect(await use("gone", 1)).toBe(false);
  });
});
