import { afterAll, describe, expect, it } from "vitest";
import { engines, testStore } from "../testing/places.ts";
import { refreshTokenRow } from "../testing/rows.ts";
import { findRefreshToken, insertRefreshToken, replaceRefreshToken } from "./refresh-tokens.ts";

describe.each(engines)("refresh tokens on %s", async (engine) => {
  const { db, close, transaction } = await testStore(engine);
  afterAll(close);
  const replace = (tokenHash: string, nowMs = 2_000) =>
    replaceRefreshToken(db, { tokenHash, nowMs });

  it("are found by their hash alone", async () => {
    const token = refreshTokenRow({ token_hash: "found" });
    expect(await insertRefreshToken(db, token)).toBe(true);
    expect(await findRefreshToken(db, "found")).toEqual({ ...token, replaced_at_ms: null });
    expect(await findRefreshToken(db, "FOUND")).toBeUndefined();
    expect(await insertRefreshToken(db, token)).toBe(false);
  });

  it("are replaced once, by exactly one of many at once", async () => {
    await insertRefreshToken(db, refreshTokenRow({ token_hash: "once" }));
    const replaced = await Promise.all(Array.from({ length: 20 }, () => replace("once")));
    expect(replaced.filter(Boolean)).toHaveLength(1);
  });

  it("are replaced once also by many transactions, and only the winner's new token stands", async () => {
    await insertRefreshToken(db, refreshTokenRow({ token_hash: "old" }));
    const rotations = Array.from({ length: 8 }, (_, n) =>
      transaction(async (trx) => {
        const won = await replaceRefreshToken(trx, { tokenHash: "old", nowMs: 2_000 });
        if (won) {
          await insertRefreshToken(trx, refreshTokenRow({ token_hash: `new ${n}` }));
        }
        return won;
      }),
    );
    expect((await Promise.all(rotations)).filter(Boolean)).toHaveLength(1);
    const { length } = await db
      .selectFrom("refresh_tokens")
      .select("token_hash")
      .where("token_hash", "like", "new %")
      .execute();
    expect(length).toBe(1);
  });

  it("keep the time of their first replacement, which a reuse is told by", async () => {
    await insertRefreshToken(db, refreshTokenRow({ token_hash: "reused" }));
    await replace("reused", 2_000);
    expect(await replace("reused", 9_000)).toBe(false);
    expect((await findRefreshToken(db, "reused"))?.replaced_at_ms).toBe(2_000);
  });

  it("are not replaced once they expired, nor when unknown", async () => {
    await insertRefreshToken(db, refreshTokenRow({ token_hash: "late", expires_at_ms: 5_000 }));
    expect(await replace("late", 5_000)).toBe(false);
    expect(await replace("late", 4_999)).toBe(true);
    expect(await replace("unknown")).toBe(false);
  });
});
