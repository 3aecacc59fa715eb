import { afterAll, describe, expect, it } from "vitest";
import { engines, testStore } from "../testing/places.ts";
import { acquireLease, releaseLease, renewLease } from "./leases.ts";

const durationMs = 10_000;

describe.each(engines)("leases on %s", async (engine) => {
  const { db, close } = await testStore(engine);
  afterAll(close);
  const term = (name: string, holder: string, nowMs: number) => ({
    name,
    holder,
    nowMs,
    durationMs,
  });

  it("go to exactly one of many who ask at once", async () => {
    const held = await Promise.all(
      Array.from({ length: 20 }, (_, n) => acquireLease(db, term("crowd", `holder ${n}`, 0))),
    );
    expect(held.filter(Boolean)).toHaveLength(1);
  });

  it("go to exactly one of many when the last holder's time is over, and not before", async () => {
    await acquireLease(db, term("over", "dead", 0));
    expect(await acquireLease(db, term("over", "early", durationMs - 1))).toBe(false);
    const held = await Promise.all(
      Array.from({ length: 20 }, (_, n) => acquireLease(db, term("over", `heir ${n}`, durationMs))),
    );
    expect(held.filter(Boolean)).toHaveLength(1);
  });

  it("are prolonged by their holder, by asking again or by renewing", async () => {
    await acquireLease(db, term("mine", "me", 0));
    expect(await acquireLease(db, term("mine", "me", 4_000))).toBe(true);
    expect(await acquireLease(db, term("mine", "you", 13_999))).toBe(false);
    expect(await renewLease(db, term("mine", "me", 13_999))).toBe(true);
    expect(await acquireLease(db, term("mine", "you", 23_998))).toBe(false);
    expect(await acquireLease(db, term("mine", "you", 23_999))).toBe(true);
  });

  it("are not renewed once they ran out, went to another or never were", async () => {
    await acquireLease(db, term("late", "me", 0));
    expect(await renewLease(db, term("late", "me", durationMs))).toBe(false);
    await acquireLease(db, term("late", "you", durationMs));
    expect(await renewLease(db, term("late", "me", durationMs + 1))).toBe(false);
    expect(await renewLease(db, term("unknown", "me", 0))).toBe(false);
  });

  it("are given back by their holder alone", async () => {
    await acquireLease(db, term("kept", "me", 0));
    await releaseLease(db, { name: "kept", holder: "you" });
    expect(await acquireLease(db, term("kept", "you", 1))).toBe(false);
    await releaseLease(db, { name: "kept", holder: "me" });
    expect(await acquireLease(db, term("kept", "you", 1))).toBe(true);
  });
});
