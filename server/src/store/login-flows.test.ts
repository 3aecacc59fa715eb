import { afterAll, describe, expect, it } from "vitest";
import { engines, testStore } from "../testing/places.ts";
import { findLoginFlow, insertLoginFlow, takeLoginFlow } from "./login-flows.ts";

describe.each(engines)("login flows on %s", async (engine) => {
  const { db, close } = await testStore(engine);
  afterAll(close);
  const begin = (handle_hash: string) =>
    insertLoginFlow(db, {
      ...{ handle_hash, user_pool_id: "pool", client_id: "client", user_id: null },
      ...{ browser_hash: "browser", state: "sealed", created_at_ms: 1, expires_at_ms: 10_000 },
    });

  it("are found by their handle", async () => {
    await begin("one");
    expect(await findLoginFlow(db, "one")).toMatchObject({ state: "sealed" });
    expect(await findLoginFlow(db, "none")).toBeUndefined();
    await expect(begin("one")).rejects.toThrow();
  });

  it("are taken by one of any number at once", async () => {
    await begin("contested");
    const taken = await Promise.all(
      Array.from({ length: 20 }, () => takeLoginFlow(db, "contested")),
    );
    expect(taken.filter(Boolean)).toHaveLength(1);
    expect(await findLoginFlow(db, "contested")).toBeUndefined();
  });
});
