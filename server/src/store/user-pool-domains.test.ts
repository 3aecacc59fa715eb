import { afterAll, describe, expect, it } from "vitest";
import { engines, testStore } from "../testing/places.ts";
import { poolId } from "../testing/rows.ts";
import {
  deleteUserPoolDomain,
  findUserPoolDomain,
  insertUserPoolDomain,
  listUserPoolDomains,
  updateUserPoolDomain,
} from "./user-pool-domains.ts";

const otherPool = "us-east-1_Other0001";

describe.each(engines)("domains of user pools on %s", async (engine) => {
  const { db, close } = await testStore(engine);
  afterAll(close);
  const rest = { is_custom: 0, settings: "{}", created_at_ms: 1_000, modified_at_ms: 1_000 };
  const make = (domain: string, pool = poolId) =>
    insertUserPoolDomain(db, { user_pool_id: pool, domain, ...rest });

  it("belong to one pool, whoever asks at the same time", async () => {
    const made = await Promise.all(
      Array.from({ length: 10 }, (_, n) => make("once", n % 2 === 0 ? poolId : otherPool)),
    );
    expect(made.filter(Boolean)).toHaveLength(1);
  });

  it("are found by their name alone, and listed by their pool", async () => {
    await make("b.example", "listed");
    await make("a", "listed");
    await make("c", otherPool);
    expect(await findUserPoolDomain(db, "a")).toEqual({
      user_pool_id: "listed",
      domain: "a",
      ...rest,
    });
    expect(await findUserPoolDomain(db, "A")).toBeUndefined();
    const listed = await listUserPoolDomains(db, "listed");
    expect(listed.map(({ domain }) => domain)).toEqual(["a", "b.example"]);
    expect(await listUserPoolDomains(db, "empty")).toEqual([]);
  });

  it("change for their own pool, as long as they are as they were read", async () => {
    await make("changed");
    const key = { userPoolId: poolId, domain: "changed" };
    const change = {
      set: { settings: "new", modified_at_ms: 2_000 },
      where: { modified_at_ms: 1_000 },
    };
    expect(await updateUserPoolDomain(db, { ...key, userPoolId: otherPool }, change)).toBe(false);
    expect(await updateUserPoolDomain(db, key, change)).toBe(true);
    expect(await updateUserPoolDomain(db, key, change)).toBe(false);
    expect(await findUserPoolDomain(db, "changed")).toMatchObject(change.set);
  });

  it("are deleted once and by their own pool, and the name is free", async () => {
    await make("gone");
    expect(await deleteUserPoolDomain(db, { userPoolId: otherPool, domain: "gone" })).toBe(false);
    const key = { userPoolId: poolId, domain: "gone" };
    expect(await deleteUserPoolDomain(db, key)).toBe(true);
    expect(await deleteUserPoolDomain(db, key)).toBe(false);
    expect(await make("gone", otherPool)).toBe(true);
  });
});
