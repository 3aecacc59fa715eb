import { afterAll, describe, expect, it } from "vitest";
import { engines, testStore } from "../testing/places.ts";
import { poolId } from "../testing/rows.ts";
import {
  countGroups,
  deleteGroup,
  findGroup,
  insertGroup,
  pageGroups,
  updateGroup,
} from "./groups.ts";

describe.each(engines)("groups on %s", async (engine) => {
  const { db, close } = await testStore(engine);
  afterAll(close);
  const times = { created_at_ms: 1_000, modified_at_ms: 1_000 };
  const make = (name: string, pool = poolId) =>
    insertGroup(db, { user_pool_id: pool, name, ...times });

  it("have a name of their own in their pool, byte for byte", async () => {
    const made = await Promise.all(Array.from({ length: 10 }, () => make("admin")));
    expect(made.filter(Boolean)).toHaveLength(1);
    expect(await make("Admin")).toBe(true);
    expect(await make("admin", "us-east-1_Other0001")).toBe(true);
  });

  it("are whole when they are read back, what was left out being null", async () => {
    await make("plain");
    expect(await findGroup(db, { userPoolId: poolId, name: "plain" })).toEqual({
      user_pool_id: poolId,
      name: "plain",
      description: null,
      role_arn: null,
      precedence: null,
      ...times,
    });
    expect(await findGroup(db, { userPoolId: poolId, name: "PLAIN" })).toBeUndefined();
  });

  it("change where there is one of that name", async () => {
    await make("changed");
    const key = { userPoolId: poolId, name: "changed" };
    expect(await updateGroup(db, key, { precedence: 0 })).toBe(true);
    expect(await updateGroup(db, key, { description: "d", precedence: null })).toBe(true);
    expect(await findGroup(db, key)).toMatchObject({ description: "d", precedence: null });
    expect(await updateGroup(db, { ...key, name: "unknown" }, { precedence: 1 })).toBe(false);
  });

  it("are deleted once, in their pool alone", async () => {
    await make("gone");
    await make("gone", "us-east-1_Other0001");
    const key = { userPoolId: poolId, name: "gone" };
    expect(await deleteGroup(db, key)).toBe(true);
    expect(await deleteGroup(db, key)).toBe(false);
    const elsewhere = { ...key, userPoolId: "us-east-1_Other0001" };
    expect(await findGroup(db, elsewhere)).toBeDefined();
  });

  it("are paged by name in the order of bytes", async () => {
    for (const name of ["b", "a", "B", "ä", "😀"]) {
      await make(name, "paged");
    }
    const page = { userPoolId: "paged", limit: 3 };
    const names = async (after?: string) =>
      (await pageGroups(db, { ...page, after })).map((group) => group.name);
    expect(await names()).toEqual(["B", "a", "b"]);
    expect(await names("b")).toEqual(["ä", "😀"]);
    expect(await names("😀")).toEqual([]);
    expect(await countGroups(db, "paged")).toBe(5);
    expect(await countGroups(db, "empty")).toBe(0);
  });
});
