import { afterAll, describe, expect, it } from "vitest";
import { engines, testStore } from "../testing/places.ts";
import { poolId } from "../testing/rows.ts";
import {
  deleteUserPoolClient,
  findUserPoolClient,
  findUserPoolClientWithPool,
  insertUserPoolClient,
  listClientExtensions,
  pageUserPoolClients,
  updateUserPoolClient,
} from "./user-pool-clients.ts";
import { insertUserPool, markUserPoolDeleted } from "./user-pools.ts";

const otherPoolId = "us-east-1_Other0001";

describe.each(engines)("app clients on %s", async (engine) => {
  const { db, close } = await testStore(engine);
  afterAll(close);
  const row = (id: string, pool = poolId) => ({
    id,
    user_pool_id: pool,
    name: "client",
    settings: "{}",
    extensions: "{}",
    created_at_ms: 1_000,
    modified_at_ms: 1_000,
  });
  const key = (id: string, userPoolId = poolId) => ({ userPoolId, id });

  it("have an id of their own among all pools", async () => {
    expect(await insertUserPoolClient(db, row("web"))).toBe(true);
    expect(await insertUserPoolClient(db, row("web", otherPoolId))).toBe(false);
    expect(await findUserPoolClient(db, "web")).toEqual({ ...row("web"), secret: null });
    expect(await findUserPoolClient(db, "Web")).toBeUndefined();
  });

  it("are found with their pool, even a deleted one, but not without it", async () => {
    const pool = {
      id: "us-east-1_WithPool1",
      name: "shop",
      settings: '{"of":"the pool"}',
      extensions: '{"more":"of it"}',
      created_at_ms: 3_000,
      modified_at_ms: 4_000,
    };
    await insertUserPoolClient(db, row("with pool", pool.id));
    expect(await findUserPoolClientWithPool(db, "with pool")).toBeUndefined();
    await insertUserPool(db, pool);
    expect(await findUserPoolClientWithPool(db, "with pool")).toEqual({
      client: { ...row("with pool", pool.id), secret: null },
      pool: { ...pool, deleted_at_ms: null },
    });
    await markUserPoolDeleted(db, { id: pool.id, nowMs: 5_000 });
    const found = await findUserPoolClientWithPool(db, "with pool");
    expect(found?.pool.deleted_at_ms).toBe(5_000);
  });

  it("change only in their own pool and where they look as the caller saw them", async () => {
    await insertUserPoolClient(db, row("changed"));
    const change = { set: { secret: "sealed" }, where: { secret: null } };
    expect(await updateUserPoolClient(db, key("changed", otherPoolId), change)).toBe(false);
    expect(await updateUserPoolClient(db, key("changed"), change)).toBe(true);
    expect(await updateUserPoolClient(db, key("changed"), change)).toBe(false);
    expect(await findUserPoolClient(db, "changed")).toMatchObject({ secret: "sealed" });
  });

  it("are removed once, and only from their own pool", async () => {
    await insertUserPoolClient(db, row("gone"));
    expect(await deleteUserPoolClient(db, key("gone", otherPoolId))).toBe(false);
    expect(await deleteUserPoolClient(db, key("gone"))).toBe(true);
    expect(await deleteUserPoolClient(db, key("gone"))).toBe(false);
    expect(await findUserPoolClient(db, "gone")).toBeUndefined();
  });

  it("of a pool are paged by id", async () => {
    for (const id of ["page b", "page a", "page c"]) {
      await insertUserPoolClient(db, row(id, "paged"));
    }
    const page = async (after?: string) => {
      const clients = await pageUserPoolClients(db, { userPoolId: "paged", after, limit: 2 });
      return clients.map((client) => client.id);
    };
    expect(await page()).toEqual(["page a", "page b"]);
    expect(await page("page b")).toEqual(["page c"]);
  });

  it("tell what they have switched on, each combination once", async () => {
    const extended = (id: string, extensions: string, pool = "extended") =>
      insertUserPoolClient(db, { ...row(id, pool), extensions });
    await extended("plain", "{}");
    await extended("first", '{"dpop":"on"}');
    await extended("second", '{"dpop":"on"}');
    await extended("third", '{"formPost":"on"}');
    await extended("foreign", '{"consent":"on"}', "foreign");
    const found = await listClientExtensions(db, "extended");
    expect(found.sort()).toEqual(['{"dpop":"on"}', '{"formPost":"on"}']);
    expect(await listClientExtensions(db, poolId)).toEqual([]);
  });
});
