import { afterAll, describe, expect, it } from "vitest";
import { engines, testStore } from "../testing/places.ts";
import { poolId } from "../testing/rows.ts";
import type { NewRow } from "./schema.ts";
import {
  deleteDroppableSigningKeys,
  findUserPoolsWithDueSigningKeys,
  insertSigningKey,
  listSigningKeys,
  updateSigningKey,
} from "./signing-keys.ts";

describe.each(engines)("signing keys on %s", async (engine) => {
  const { db, close } = await testStore(engine);
  afterAll(close);
  const row = (kid: string, given: Partial<NewRow<"signing_keys">> = {}) => ({
    kid,
    user_pool_id: poolId,
    token_use: "id",
    state: "active",
    public_jwk: "{}",
    private_key: "sealed",
    created_at_ms: 1_000,
    ...given,
  });
  const kids = async (userPoolId: string) =>
    (await listSigningKeys(db, userPoolId)).map((key) => key.kid);

  it("have a kid of their own among all pools", async () => {
    expect(await insertSigningKey(db, row("kid"))).toBe(true);
    expect(await insertSigningKey(db, row("kid", { user_pool_id: "another" }))).toBe(false);
    expect(await listSigningKeys(db, poolId)).toEqual([{ ...row("kid"), drop_at_ms: null }]);
  });

  it("of a pool are listed in all states, oldest first", async () => {
    const listed = { user_pool_id: "listed" };
    await insertSigningKey(db, row("b", { ...listed, created_at_ms: 2_000, state: "next" }));
    await insertSigningKey(db, row("a", { ...listed, created_at_ms: 2_000, state: "retired" }));
    await insertSigningKey(db, row("c", { ...listed, created_at_ms: 1_999 }));
    expect(await kids("listed")).toEqual(["c", "a", "b"]);
    expect(await kids("empty")).toEqual([]);
  });

  it("step from one state to the next for exactly one of many who rotate at once", async () => {
    await insertSigningKey(db, row("stepping", { state: "next" }));
    const step = { set: { state: "active" }, where: { state: "next" } };
    const stepped = await Promise.all(
      Array.from({ length: 10 }, () => updateSigningKey(db, "stepping", step)),
    );
    expect(stepped.filter(Boolean)).toHaveLength(1);
    expect(await updateSigningKey(db, "unknown", step)).toBe(false);
  });

  it("go when they are retired and their last token has expired, and no other ones", async () => {
    const user_pool_id = "dropping";
    const retired = { user_pool_id, state: "retired" };
    await insertSigningKey(db, row("dropped", { ...retired, drop_at_ms: 5_000 }));
    await insertSigningKey(db, row("not yet", { ...retired, drop_at_ms: 5_001 }));
    await insertSigningKey(db, row("no date", retired));
    await insertSigningKey(db, row("in use", { user_pool_id, drop_at_ms: 5_000 }));
    const elsewhere = { ...retired, user_pool_id: "elsewhere", drop_at_ms: 5_000 };
    await insertSigningKey(db, row("elsewhere", elsewhere));
    const drop = { userPoolId: user_pool_id, nowMs: 5_000 };
    expect(await deleteDroppableSigningKeys(db, drop)).toBe(1);
    expect(await kids(user_pool_id)).toEqual(["in use", "no date", "not yet"]);
    expect(await kids("elsewhere")).toEqual(["elsewhere"]);
  });

  it("tell which pools have a next key that is old enough or a retired one that may go", async () => {
    const due = (nextSinceMs: number, nowMs: number, limit = 10) =>
      findUserPoolsWithDueSigningKeys(db, { nextSinceMs, nowMs, limit });
    const next = { state: "next", created_at_ms: 100 };
    await insertSigningKey(db, row("due 1", { user_pool_id: "due a", ...next }));
    await insertSigningKey(db, row("due 2", { user_pool_id: "due a", ...next }));
    const retired = { state: "retired", drop_at_ms: 200 };
    await insertSigningKey(db, row("due 3", { user_pool_id: "due b", ...retired }));
    expect(await due(99, 199)).toEqual([]);
    expect(await due(100, 199)).toEqual(["due a"]);
    expect(await due(99, 200)).toEqual(["due b"]);
    expect(await due(100, 200, 1)).toEqual(["due a"]);
  });
});
