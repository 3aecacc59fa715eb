import { sql } from "kysely";
import { deleteAll } from "./atomic.ts";
import type { Db } from "./schema.ts";
import { statement } from "./statement.ts";

// AWS, "Authentication with user pools": after five failed tries the account is locked for 2^(n-5) seconds, up to
// about 15 minutes; tries while locked do not count; a good sign-in after the lock or 15 quiet minutes reset it.
const FREE_FAILURES = 5;
const MAX_LOCK_MS = 900_000;
const QUIET_MS = 900_000;
/** 2^10 seconds and more are over the maximum; the bound keeps the shift small. */
const FAILURES_AT_MAX = FREE_FAILURES + 10;

type Subject = { userPoolId: string; subject: string; nowMs: number };

export type Lockout = { failures: number; lockedUntilMs: number };

const find = statement<Omit<Subject, "nowMs">>()((db, { userPoolId, subject }) =>
  db
    .selectFrom("lockouts")
    .select(["failures", "locked_until_ms", "last_failed_at_ms"])
    .where("user_pool_id", "=", userPoolId)
    .where("subject", "=", subject),
);

/** The failures that stand against a subject now, and until when it is locked (a past time: it is not). */
export async function findLockout(
  db: Db,
  { userPoolId, subject, nowMs }: Subject,
): Promise<Lockout> {
  const [row] = (await find(db, { userPoolId, subject })).rows;
  if (!row || Math.max(row.last_failed_at_ms, row.locked_until_ms) <= nowMs - QUIET_MS) {
    return { failures: 0, lockedUntilMs: 0 };
  }
  return { failures: row.failures, lockedUntilMs: row.locked_until_ms };
}

/**
 * Counts a failed try and locks by the schedule. `counted` is false when the subject was locked by then: the caller
 * must answer as to a locked one, and so never tells more outcomes than were counted, however many come at once.
 */
export async function recordFailure(db: Db, key: Subject): Promise<Lockout & { counted: boolean }> {
  const { userPoolId, subject, nowMs } = key;
  const now = sql<number>`cast(${nowMs} as bigint)`;
  const quiet = sql<boolean>`lockouts.last_failed_at_ms <= ${now} - ${sql.lit(QUIET_MS)} and lockouts.locked_until_ms <= ${now} - ${sql.lit(QUIET_MS)}`;
  const lockedUntil = sql<number>`case
    when ${quiet} or lockouts.failures + 1 < ${sql.lit(FREE_FAILURES)} then 0
    when lockouts.failures + 1 >= ${sql.lit(FAILURES_AT_MAX)} then ${now} + ${sql.lit(MAX_LOCK_MS)}
    else ${now} + 1000 * (1 << (lockouts.failures + 1 - ${sql.lit(FREE_FAILURES)})) end`;
  const row = await db
    .insertInto("lockouts")
    .values({
      user_pool_id: userPoolId,
      subject,
      failures: 1,
      last_failed_at_ms: nowMs,
      locked_until_ms: 0,
    })
    .onConflict((conflict) =>
      conflict
        .columns(["user_pool_id", "subject"])
        .doUpdateSet({
          failures: sql<number>`case when ${quiet} then 1 else lockouts.failures + 1 end`,
          last_failed_at_ms: nowMs,
          locked_until_ms: lockedUntil,
        })
        .where("lockouts.locked_until_ms", "<=", nowMs),
    )
    .returning(["failures", "locked_until_ms"])
    .executeTakeFirst();
  return row
    ? { counted: true, failures: row.failures, lockedUntilMs: row.locked_until_ms }
    : { counted: false, ...(await findLockout(db, key)) };
}

/**
 * Clears the failures after a proof that was right; false when the subject is locked, and then the proof must be
 * refused as if it were wrong: asked last, this keeps a right guess among many at once from passing a lock.
 */
export async function clearUnlessLocked(db: Db, key: Subject): Promise<boolean> {
  const { userPoolId, subject, nowMs } = key;
  const { failures, lockedUntilMs } = await findLockout(db, key);
  if (failures === 0) {
    return true;
  }
  if (lockedUntilMs > nowMs) {
    return false;
  }
  const cleared = await deleteAll(
    db
      .deleteFrom("lockouts")
      .where("user_pool_id", "=", userPoolId)
      .where("subject", "=", subject)
      .where("locked_until_ms", "<=", nowMs),
  );
  return cleared > 0 || (await findLockout(db, key)).lockedUntilMs <= nowMs;
}

/** Lifts a lock whatever it is, as an administrator's password reset does. */
export async function deleteLockout(
  db: Db,
  { userPoolId, subject }: Omit<Subject, "nowMs">,
): Promise<void> {
  await deleteAll(
    db.deleteFrom("lockouts").where("user_pool_id", "=", userPoolId).where("subject", "=", subject),
  );
}
