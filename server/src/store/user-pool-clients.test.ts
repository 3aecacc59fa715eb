import { afterAll, describe, expect, it } from "vitest";
import { engines, testStore } from "../testing/places.ts";
import { poolId } from "../testing/rows.ts";
import {
  deleteUserPoolClient,
  findUserPoolClient,
  insertUserPoolClient,
  pageUserPoolClients,
  updateUserPoolClient,
} from "./user-pool-clients.ts";

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
});
