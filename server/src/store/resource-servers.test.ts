import { afterAll, describe, expect, it } from "vitest";
import { engines, testStore } from "../testing/places.ts";
import { poolId } from "../testing/rows.ts";
import {
  deleteResourceServer,
  findResourceServer,
  insertResourceServer,
  pageResourceServers,
  updateResourceServer,
} from "./resource-servers.ts";

const otherPool = "us-east-1_Other0001";

describe.each(engines)("resource servers on %s", async (engine) => {
  const { db, close } = await testStore(engine);
  afterAll(close);
  const rest = { name: "API", scopes: "[]", created_at_ms: 1_000, modified_at_ms: 1_000 };
  const make = (identifier: string, pool = poolId) =>
    insertResourceServer(db, { user_pool_id: pool, identifier, ...rest });

  it("have an identifier of their own in their pool, byte for byte", async () => {
    const made = await Promise.all(Array.from({ length: 10 }, () => make("orders")));
    expect(made.filter(Boolean)).toHaveLength(1);
    expect(await make("Orders")).toBe(true);
    expect(await make("orders", otherPool)).toBe(true);
  });

  it("change and are deleted in their pool alone", async () => {
    await make("changed");
    await make("changed", otherPool);
    const key = { userPoolId: poolId, identifier: "changed" };
    expect(await updateResourceServer(db, key, { scopes: '["read"]' })).toBe(true);
    expect(await findResourceServer(db, key)).toEqual({
      user_pool_id: poolId,
      identifier: "changed",
      ...rest,
      scopes: '["read"]',
    });
    const elsewhere = { ...key, userPoolId: otherPool };
    expect((await findResourceServer(db, elsewhere))?.scopes).toBe("[]");
    expect(await updateResourceServer(db, { ...key, identifier: "none" }, { name: "" })).toBe(
      false,
    );
    expect(await deleteResourceServer(db, key)).toBe(true);
    expect(await deleteResourceServer(db, key)).toBe(false);
    expect(await findResourceServer(db, key)).toBeUndefined();
    expect(await findResourceServer(db, elsewhere)).toBeDefined();
  });

  it("are paged by identifier in the order of bytes", async () => {
    for (const identifier of ["b", "a", "B", "https://a"]) await make(identifier, "paged");
    const identifiers = async (after?: string) =>
      (await pageResourceServers(db, { userPoolId: "paged", after, limit: 3 })).map(
        (server) => server.identifier,
      );
    expect(await identifiers()).toEqual(["B", "a", "b"]);
    expect(await identifiers("b")).toEqual(["https://a"]);
    expect(await identifiers("https://a")).toEqual([]);
  });
});
