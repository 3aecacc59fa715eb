import { afterAll, describe, expect, it } from "vitest";
import { engines, testStore } from "../testing/places.ts";
import { codeRow, poolId } from "../testing/rows.ts";
import { checkAndTakeCode, checkCode, deleteCodes, findCode, putCode } from "./codes.ts";

describe.each(engines)("codes on %s", async (engine) => {
  const { db, close, transaction } = await testStore(engine);
  afterAll(close);
  const key = (userId: string) => ({ userPoolId: poolId, userId, purpose: "confirm-sign-up" });
  const guess = (userId: string, mac: string, { on = db, nowMs = 2_000 } = {}) =>
    checkAndTakeCode(on, { ...key(userId), mac, maxAttempts: 5, nowMs });

  it("are taken by the right guess, once", async () => {
    await putCode(db, codeRow({ user_id: "ada", target: "sealed" }));
    expect(await guess("ada", "right")).toEqual({
      outcome: "taken",
      code: { ...codeRow({ user_id: "ada", target: "sealed" }), attempts: 1 },
    });
    expect(await guess("ada", "right")).toEqual({ outcome: "absent" });
  });

  it("are taken by exactly one of many right guesses at once", async () => {
    await putCode(db, codeRow({ user_id: "crowd" }));
    const checks = await Promise.all(Array.from({ length: 20 }, () => guess("crowd", "right")));
    expect(checks.filter((check) => check.outcome === "taken")).toHaveLength(1);
  });

  it("are taken by exactly one of many right guesses at once in transactions", async () => {
    await putCode(db, codeRow({ user_id: "inside" }));
    const checks = await Promise.all(
      Array.from({ length: 8 }, () => transaction((trx) => guess("inside", "right", { on: trx }))),
    );
    expect(checks.filter((check) => check.outcome === "taken")).toHaveLength(1);
  });

  it("let no more guesses be compared than allowed, however many come at once", async () => {
    await putCode(db, codeRow({ user_id: "guessed" }));
    const checks = await Promise.all(
      Array.from({ length: 30 }, (_, n) => guess("guessed", `wrong ${n}`)),
    );
    const compared = checks.flatMap((check) =>
      check.outcome === "mismatch" ? [check.attempts] : [],
    );
    expect(compared.sort()).toEqual([1, 2, 3, 4, 5]);
    expect(checks.filter((check) => check.outcome === "exhausted")).toHaveLength(25);
    expect(await guess("guessed", "right")).toEqual({ outcome: "exhausted" });
  });

  it("count the guesses of transactions that commit", async () => {
    await putCode(db, codeRow({ user_id: "counted" }));
    const checks = await Promise.all(
      Array.from({ length: 8 }, () => transaction((trx) => guess("counted", "wrong", { on: trx }))),
    );
    expect(checks.filter((check) => check.outcome === "mismatch")).toHaveLength(5);
    expect((await findCode(db, key("counted")))?.attempts).toBe(5);
  });

  it("are still good after fewer wrong guesses than allowed", async () => {
    await putCode(db, codeRow({ user_id: "clumsy" }));
    for (let attempts = 1; attempts <= 4; attempts += 1) {
      expect(await guess("clumsy", "wrong")).toEqual({ outcome: "mismatch", attempts });
    }
    expect((await guess("clumsy", "right")).outcome).toBe("taken");
  });

  it("expire at their time, and a guess at an expired one is not counted", async () => {
    await putCode(db, codeRow({ user_id: "late", expires_at_ms: 5_000 }));
    expect(await guess("late", "right", { nowMs: 5_000 })).toEqual({ outcome: "expired" });
    expect((await findCode(db, key("late")))?.attempts).toBe(0);
    expect((await guess("late", "right", { nowMs: 4_999 })).outcome).toBe("taken");
  });

  it("void the one before, its guesses and its target", async () => {
    await putCode(db, codeRow({ user_id: "resent", target: "sealed" }));
    await guess("resent", "wrong");
    const newer = codeRow({ user_id: "resent", mac: "newer", created_at_ms: 3_000 });
    await putCode(db, newer);
    expect(await findCode(db, key("resent"))).toEqual({ ...newer, target: null });
    expect(await guess("resent", "right")).toEqual({ outcome: "mismatch", attempts: 1 });
    expect((await guess("resent", "newer")).outcome).toBe("taken");
  });

  it("survive a rolled back right guess, count included", async () => {
    await putCode(db, codeRow({ user_id: "undone" }));
    const failing = transaction(async (trx) => {
      expect((await guess("undone", "right", { on: trx })).outcome).toBe("taken");
      throw new Error("later trouble");
    });
    await expect(failing).rejects.toThrow("later trouble");
    expect((await guess("undone", "right")).outcome).toBe("taken");
  });

  it("of one user, purpose or pool never serve another", async () => {
    await putCode(db, codeRow({ user_id: "eve" }));
    const check = { mac: "right", maxAttempts: 5, nowMs: 2_000 };
    const others = [
      { ...key("eve"), userPoolId: "us-east-1_Other0001" },
      { ...key("eve"), purpose: "reset-password" },
      key("mallory"),
    ];
    for (const other of others) {
      expect(await checkAndTakeCode(db, { ...other, ...check })).toEqual({ outcome: "absent" });
    }
    expect((await findCode(db, key("eve")))?.attempts).toBe(0);
  });

  it("are looked at without being taken, as often as guesses are counted", async () => {
    await putCode(db, codeRow({ user_id: "looked" }));
    const look = (mac: string) =>
      checkCode(db, { ...key("looked"), mac, maxAttempts: 5, nowMs: 2_000 });
    expect(await look("right")).toEqual({ outcome: "right", mac: "right", attempts: 1 });
    expect(await look("wrong")).toEqual({ outcome: "mismatch", attempts: 2 });
    const looks = await Promise.all(Array.from({ length: 9 }, () => look("right")));
    expect(looks.filter(({ outcome }) => outcome === "right")).toHaveLength(3);
    expect(looks.filter(({ outcome }) => outcome === "exhausted")).toHaveLength(6);
    expect((await guess("looked", "right")).outcome).toBe("exhausted");
  });

  it("are voided for one purpose or for all of a user", async () => {
    const purposes = ["confirm-sign-up", "reset-password", "verify-email"];
    for (const purpose of purposes) {
      await putCode(db, codeRow({ user_id: "gone", purpose }));
      await putCode(db, codeRow({ user_id: "stays", purpose }));
    }
    const gone = { userPoolId: poolId, userId: "gone" };
    expect(await deleteCodes(db, { ...gone, purpose: "verify-email" })).toBe(1);
    expect(await findCode(db, { ...gone, purpose: "verify-email" })).toBeUndefined();
    expect(await deleteCodes(db, gone)).toBe(2);
    expect(await deleteCodes(db, { ...gone, userId: "stays" })).toBe(3);
  });
});
