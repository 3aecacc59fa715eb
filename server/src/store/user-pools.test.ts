import { afterAll, describe, expect, it } from "vitest";
import { engines, testStore } from "../testing/places.ts";
import {
  findUserPool,
  insertUserPool,
  markUserPoolDeleted,
  pageUserPools,
  updateUserPool,
} from "./user-pools.ts";

describe.each(engines)("user pools on %s", async (engine) => {
  const { db, close } = await testStore(engine);
  afterAll(close);
  const row = (id: string) => ({
    id,
    name: "pool",
    settings: "{}",
    extensions: "{}",
    created_at_ms: 1_000,
    modified_at_ms: 1_000,
  });
  const add = (id: string) => insertUserPool(db, row(id));

  it("keep their id for ever, also while they wait to be purged", async () => {
    expect(await add("us-east-1_Mine")).toBe(true);
    expect(await add("us-east-1_Mine")).toBe(false);
    await markUserPoolDeleted(db, { id: "us-east-1_Mine", nowMs: 2_000 });
    expect(await add("us-east-1_Mine")).toBe(false);
    expect(await findUserPool(db, "us-east-1_Mine")).toEqual({
      ...row("us-east-1_Mine"),
      modified_at_ms: 2_000,
      deleted_at_ms: 2_000,
    });
    expect(await findUserPool(db, "us-east-1_mine")).toBeUndefined();
  });

  it("change only where they look as the caller saw them", async () => {
    await add("us-east-1_Changed");
    const change = { set: { settings: '{"a":1}', modified_at_ms: 2_000 } };
    const seen = { ...change, where: { modified_at_ms: 1_000 } };
    const changed = await Promise.all(
      Array.from({ length: 10 }, () => updateUserPool(db, "us-east-1_Changed", seen)),
    );
    expect(changed.filter(Boolean)).toHaveLength(1);
    expect(await updateUserPool(db, "us-east-1_Unknown", change)).toBe(false);
  });

  it("are marked deleted once, and never change after it", async () => {
    await add("us-east-1_Gone");
    const marks = Array.from({ length: 10 }, (_, n) =>
      markUserPoolDeleted(db, { id: "us-east-1_Gone", nowMs: 2_000 + n }),
    );
    expect((await Promise.all(marks)).filter(Boolean)).toHaveLength(1);
    expect(await updateUserPool(db, "us-east-1_Gone", { set: { name: "back" } })).toBe(false);
  });

  it("are not marked deleted when they changed since the caller looked", async () => {
    await add("us-east-1_Raced");
    const mark = { id: "us-east-1_Raced", nowMs: 3_000, modifiedAtMs: 1_000 };
    await updateUserPool(db, "us-east-1_Raced", { set: { modified_at_ms: 2_000 } });
    expect(await markUserPoolDeleted(db, mark)).toBe(false);
    expect(await markUserPoolDeleted(db, { ...mark, modifiedAtMs: 2_000 })).toBe(true);
  });

  it("are paged by id, of one region or of all, without those marked deleted", async () => {
    const ids = [
      "eu-west-1_0",
      "eu-west-1_Z",
      "eu-west-1_a",
      "eu-west-1_z9",
      "eu-west-10_b",
      "eu-west-2_a",
    ];
    for (const id of ids) {
      await add(id);
    }
    await add("eu-west-1_Gone");
    await markUserPoolDeleted(db, { id: "eu-west-1_Gone", nowMs: 2_000 });
    const page = async (given: { region?: string; after?: string; limit: number }) =>
      (await pageUserPools(db, given)).map((pool) => pool.id);
    expect(await page({ region: "eu-west-1", limit: 10 })).toEqual(ids.slice(0, 4));
    expect(await page({ region: "eu-west-1", after: "eu-west-1_Z", limit: 1 })).toEqual([
      "eu-west-1_a",
    ]);
    expect(await page({ region: "eu-west-10", limit: 10 })).toEqual(["eu-west-10_b"]);
    expect(await page({ after: "eu-west-1_z", limit: 3 })).toEqual([
      "eu-west-1_z9",
      "eu-west-2_a",
      "us-east-1_Changed",
    ]);
  });
});
