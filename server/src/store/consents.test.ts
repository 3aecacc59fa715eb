import { afterAll, describe, expect, it } from "vitest";
import { engines, testStore } from "../testing/places.ts";
import { findConsent, putConsent } from "./consents.ts";

describe.each(engines)("consents on %s", async (engine) => {
  const { db, close } = await testStore(engine);
  afterAll(close);
  const put = (user_id: string, scopes: string, atMs: number) =>
    putConsent(db, {
      ...{ user_pool_id: "pool", user_id, client_id: "client", scopes },
      ...{ created_at_ms: atMs, modified_at_ms: atMs },
    });
  const find = (userId: string) =>
    findConsent(db, { userPoolId: "pool", userId, clientId: "client" });

  it("are one for each user and client, the newest", async () => {
    await put("ada", "openid", 1);
    await put("ada", "openid email", 2);
    await put("grace", "phone", 3);
    expect(await find("ada")).toMatchObject({
      scopes: "openid email",
      created_at_ms: 1,
      modified_at_ms: 2,
    });
    expect(await find("grace")).toMatchObject({ scopes: "phone" });
    expect(await find("nobody")).toBeUndefined();
  });

  it("are put by any number at once without a conflict", async () => {
    await Promise.all(Array.from({ length: 20 }, (_, n) => put("many", `scope-${n}`, n)));
    expect((await find("many"))?.scopes).toMatch(/^scope-\d+$/);
  });
});
