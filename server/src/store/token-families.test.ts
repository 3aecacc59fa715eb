import { afterAll, describe, expect, it } from "vitest";
import { engines, testStore } from "../testing/places.ts";
import { poolId, tokenFamilyRow } from "../testing/rows.ts";
import {
  findTokenFamily,
  insertTokenFamily,
  revokeTokenFamily,
  revokeUserTokenFamilies,
} from "./token-families.ts";

describe.each(engines)("token families on %s", async (engine) => {
  const { db, close } = await testStore(engine);
  afterAll(close);
  const revokedAtMs = async (id: string) => (await findTokenFamily(db, id))?.revoked_at_ms;

  it("are found, alive, from their first token on", async () => {
    const family = tokenFamilyRow({ id: "found" });
    expect(await insertTokenFamily(db, family)).toBe(true);
    expect(await insertTokenFamily(db, family)).toBe(false);
    expect(await findTokenFamily(db, "found")).toMatchObject({ ...family, revoked_at_ms: null });
    expect(await findTokenFamily(db, "unknown")).toBeUndefined();
  });

  it("are revoked once and for ever, the first time standing", async () => {
    await insertTokenFamily(db, tokenFamilyRow({ id: "revoked" }));
    const revoked = await Promise.all(
      Array.from({ length: 10 }, (_, n) => revokeTokenFamily(db, { id: "revoked", nowMs: n })),
    );
    expect(revoked.filter(Boolean)).toHaveLength(1);
    expect(await revokedAtMs("revoked")).toBe(revoked.indexOf(true));
    expect(await revokeTokenFamily(db, { id: "unknown", nowMs: 1 })).toBe(false);
  });

  it("of a user are revoked all, or all but one, and nobody else's", async () => {
    const families = {
      "carol 1": {},
      "carol 2": {},
      bob: { user_id: "bob" },
      elsewhere: { user_pool_id: "us-east-1_Other0001" },
    };
    for (const [id, given] of Object.entries(families)) {
      await insertTokenFamily(db, tokenFamilyRow({ id, user_id: "carol", ...given }));
    }
    const user = { userPoolId: poolId, userId: "carol" };
    expect(await revokeUserTokenFamilies(db, { ...user, exceptId: "carol 2", nowMs: 1 })).toBe(1);
    expect(await revokedAtMs("carol 1")).toBe(1);
    expect(await revokedAtMs("carol 2")).toBeNull();
    expect(await revokeUserTokenFamilies(db, { ...user, nowMs: 2 })).toBe(1);
    expect(await revokedAtMs("carol 2")).toBe(2);
    expect(await revokedAtMs("carol 1")).toBe(1);
    expect(await revokedAtMs("bob")).toBeNull();
    expect(await revokedAtMs("elsewhere")).toBeNull();
  });
});
