import { sql } from "kysely";
import { afterAll, describe, expect, it } from "vitest";
import { engines, migratedPlace, openPlace, testStore } from "../testing/places.ts";
import { poolId } from "../testing/rows.ts";
import { clearUnlessLocked, deleteLockout, findLockout, recordFailure } from "./lockouts.ts";

const quietMs = 900_000;

describe.each(engines)("the lock schedule on %s", async (engine) => {
  const { db, close, transaction } = await testStore(engine);
  afterAll(close);
  const at = (subject: string, nowMs: number) => ({ userPoolId: poolId, subject, nowMs });
  const fail = async (subject: string, nowMs: number, times = 1) => {
    let last = await recordFailure(db, at(subject, nowMs));
    for (let time = 1; time < times; time += 1) {
      last = await recordFailure(db, at(subject, nowMs));
    }
    return last;
  };

  it("gives five tries, then locks for 1, 2, 4 … seconds, and 15 minutes at most", async () => {
    let nowMs = 10_000;
    const seconds: number[] = [];
    for (let failures = 1; failures <= 20; failures += 1) {
      const lockout = await fail("patient", nowMs);
      expect(lockout).toMatchObject({ counted: true, failures });
      seconds.push(Math.max(0, lockout.lockedUntilMs - nowMs) / 1_000);
      nowMs = Math.max(nowMs, lockout.lockedUntilMs);
    }
    const doubling = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512];
    expect(seconds).toEqual([0, 0, 0, 0, ...doubling, ...Array.from({ length: 6 }, () => 900)]);
  });

  it("locks for 15 minutes after any number of failures", async () => {
    const row = { failures: 2_000_000_000, last_failed_at_ms: 0, locked_until_ms: 0 };
    await db
      .insertInto("lockouts")
      .values({ user_pool_id: poolId, subject: "tireless", ...row })
      .execute();
    expect((await fail("tireless", 1)).lockedUntilMs).toBe(900_001);
  });

  it("does not count while it locks, so guessing never prolongs a lock", async () => {
    const locked = await fail("hasty", 0, 5);
    expect(locked).toEqual({ counted: true, failures: 5, lockedUntilMs: 1_000 });
    expect(await fail("hasty", 999)).toEqual({ counted: false, failures: 5, lockedUntilMs: 1_000 });
    expect(await fail("hasty", 1_000)).toEqual({
      counted: true,
      failures: 6,
      lockedUntilMs: 3_000,
    });
  });

  it("counts exactly five of any number of failures at once", async () => {
    const crowd = Array.from({ length: 40 }, () => recordFailure(db, at("crowd", 0)));
    const lockouts = await Promise.all(crowd);
    const counted = lockouts.filter((lockout) => lockout.counted);
    expect(counted.map((lockout) => lockout.failures).sort()).toEqual([1, 2, 3, 4, 5]);
    const refused = lockouts.filter((lockout) => !lockout.counted);
    expect(new Set(refused.map((lockout) => lockout.lockedUntilMs))).toEqual(new Set([1_000]));
  });

  it("counts exactly one of any number of failures at once after a lock", async () => {
    await fail("again", 0, 5);
    const crowd = Array.from({ length: 40 }, () => recordFailure(db, at("again", 1_000)));
    const lockouts = await Promise.all(crowd);
    expect(lockouts.filter((lockout) => lockout.counted)).toHaveLength(1);
  });

  it("counts inside transactions too, each failure once", async () => {
    const crowd = Array.from({ length: 8 }, () =>
      transaction((trx) => recordFailure(trx, at("inside", 0))),
    );
    const lockouts = await Promise.all(crowd);
    expect(lockouts.filter((lockout) => lockout.counted)).toHaveLength(5);
  });

  it("forgets after 15 quiet minutes, and not before", async () => {
    await fail("sleepy", 0, 4);
    expect((await findLockout(db, at("sleepy", quietMs - 1))).failures).toBe(4);
    expect(await findLockout(db, at("sleepy", quietMs))).toEqual({ failures: 0, lockedUntilMs: 0 });
    expect(await fail("sleepy", quietMs)).toMatchObject({ failures: 1, lockedUntilMs: 0 });
  });

  it("begins the quiet time at the end of a lock", async () => {
    await fail("locked", 0, 5);
    expect((await findLockout(db, at("locked", 1_000 + quietMs - 1))).failures).toBe(5);
    expect(await fail("locked", 1_000 + quietMs - 1)).toMatchObject({ failures: 6 });
    await fail("locked too", 0, 5);
    expect((await findLockout(db, at("locked too", 1_000 + quietMs))).failures).toBe(0);
    expect(await fail("locked too", 1_000 + quietMs)).toMatchObject({ failures: 1 });
  });

  it("is cleared by a right proof outside a lock", async () => {
    expect(await clearUnlessLocked(db, at("nobody", 0))).toBe(true);
    await fail("right", 0, 5);
    expect(await clearUnlessLocked(db, at("right", 1_000))).toBe(true);
    expect(await findLockout(db, at("right", 1_000))).toEqual({ failures: 0, lockedUntilMs: 0 });
    expect(await fail("right", 1_000)).toMatchObject({ failures: 1, lockedUntilMs: 0 });
  });

  it("lets no right proof pass a lock", async () => {
    await fail("guessed", 0, 5);
    expect(await clearUnlessLocked(db, at("guessed", 999))).toBe(false);
    expect(await findLockout(db, at("guessed", 999))).toEqual({
      failures: 5,
      lockedUntilMs: 1_000,
    });
  });

  it("lets one right proof at most pass among many wrong ones at once", async () => {
    const outcomes = await Promise.all(
      Array.from({ length: 40 }, async (_, n) =>
        n === 30
          ? { told: await clearUnlessLocked(db, at("mixed", 0)) }
          : { told: (await recordFailure(db, at("mixed", 0))).counted },
      ),
    );
    // The right proof may come before, between or after the failures; it can free five more tries, no more.
    expect(outcomes.filter((outcome) => outcome.told).length).toBeLessThanOrEqual(10);
  });

  it("keeps subjects and pools apart", async () => {
    await fail("ada", 0, 5);
    expect((await findLockout(db, at("bob", 0))).failures).toBe(0);
    const elsewhere = { userPoolId: "us-east-1_Other0001", subject: "ada", nowMs: 0 };
    expect((await findLockout(db, elsewhere)).failures).toBe(0);
    expect((await recordFailure(db, elsewhere)).failures).toBe(1);
  });

  it("is lifted for one subject by an administrator", async () => {
    await fail("carol", 0, 5);
    await fail("dave", 0, 5);
    await deleteLockout(db, { userPoolId: poolId, subject: "carol" });
    expect((await findLockout(db, at("carol", 0))).lockedUntilMs).toBe(0);
    expect((await findLockout(db, at("dave", 0))).lockedUntilMs).toBe(1_000);
  });
});

describe("the lock schedule on PostgreSQL", () => {
  it("refuses a right proof that looked before the last failure and clears after it", async () => {
    const place = await migratedPlace("postgres");
    const [guessing, proving] = [await openPlace(place), await openPlace(place)];
    const key = { userPoolId: poolId, subject: "ada", nowMs: 0 };
    for (let failures = 1; failures <= 4; failures += 1) {
      await recordFailure(guessing.db, key);
    }
    const isWaiting = async () => {
      const { rows } = await sql`select 1 from pg_stat_activity
        where datname = current_database() and wait_event_type = 'Lock'`.execute(proving.db);
      return rows.length;
    };
    const proof = await guessing.transaction(async (trx) => {
      await recordFailure(trx, key);
      const cleared = clearUnlessLocked(proving.db, key);
      await expect.poll(isWaiting, { timeout: 20_000, interval: 5 }).toBe(1);
      return { cleared };
    });
    expect(await proof.cleared).toBe(false);
    expect(await findLockout(proving.db, key)).toEqual({ failures: 5, lockedUntilMs: 1_000 });
    await Promise.all([guessing.close(), proving.close()]);
  });
});
