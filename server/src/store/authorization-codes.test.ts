import { afterAll, describe, expect, it } from "vitest";
import { engines, testStore } from "../testing/places.ts";
import {
  findAuthorizationCode,
  insertAuthorizationCode,
  redeemAuthorizationCode,
} from "./authorization-codes.ts";

const expires_at_ms = 10_000;

describe.each(engines)("authorization codes on %s", async (engine) => {
  const { db, close } = await testStore(engine);
  afterAll(close);
  const give = (code_hash: string) =>
    insertAuthorizationCode(db, {
      ...{ code_hash, user_pool_id: "pool", client_id: "client", user_id: "user", granted: "{}" },
      ...{ created_at_ms: 1, expires_at_ms },
    });
  const redeem = (codeHash: string, familyId = "family", nowMs = 2_000) =>
    redeemAuthorizationCode(db, { codeHash, familyId, nowMs });

  it("are found, fresh or redeemed, and never given twice", async () => {
    expect(await give("one")).toBe(true);
    expect(await give("one")).toBe(false);
    expect(await findAuthorizationCode(db, "one")).toMatchObject({
      family_id: null,
      redeemed_at_ms: null,
    });
    expect(await findAuthorizationCode(db, "none")).toBeUndefined();
  });

  it("are redeemed for one of any number at once, and remember for which", async () => {
    await give("contested");
    const won = await Promise.all(
      Array.from({ length: 20 }, (_, n) => redeem("contested", `family ${n}`)),
    );
    expect(won.filter(Boolean)).toHaveLength(1);
    expect(await findAuthorizationCode(db, "contested")).toMatchObject({
      family_id: `family ${won.indexOf(true)}`,
      redeemed_at_ms: 2_000,
    });
  });

  it("are worth nothing from the moment they expire", async () => {
    await give("old");
    expect(await redeem("old", "family", expires_at_ms)).toBe(false);
    expect(await redeem("old", "family", expires_at_ms - 1)).toBe(true);
  });
});
