/** Passwords tried against the schedule of locks: five tries are free, then each failure doubles the wait. */
import { incorrectUsernameOrPassword, passwordAttemptsExceeded } from "../../errors/cognito-idp.ts";
import {
  clearUnlessLocked,
  deleteLockout,
  findLockout,
  recordFailure,
} from "../../store/lockouts.ts";
import type { Call } from "../call.ts";
import type { UserPool } from "../pools/pool.ts";
import type { User } from "../users/user.ts";

/** Whose failures are counted: the `sub`, or what stands for a name that the pool does not have. */
export type LockSubject = { readonly pool: UserPool; readonly subject: string };

/** Under this the failures of a user are counted, whatever name was typed. */
export function lockSubjectOf(pool: UserPool, user: Pick<User, "id">): LockSubject {
  return { pool, subject: user.id };
}

/** Throws while the subject is locked; a try meanwhile does not count. */
export async function requireUnlocked(call: Call, lock: LockSubject): Promise<void> {
  const nowMs = call.clock.now();
  const { lockedUntilMs } = await findLockout(call.db, keyOf(lock, nowMs));
  if (lockedUntilMs > nowMs) throw passwordAttemptsExceeded();
}

/** Counts a failed try, committed at once, and throws the refusal: of many at once no more are told than were counted. */
export async function refuseFailure(call: Call, lock: LockSubject): Promise<never> {
  const { counted } = await recordFailure(call.db, keyOf(lock, call.clock.now()));
  throw counted ? incorrectUsernameOrPassword() : passwordAttemptsExceeded();
}

/** Counts a try that somebody else will judge, committed at once, before it is judged; throws while the subject is locked. */
export async function countGuess(call: Call, lock: LockSubject): Promise<void> {
  const { counted } = await recordFailure(call.db, keyOf(lock, call.clock.now()));
  if (!counted) throw passwordAttemptsExceeded();
}

/** Forgets what `countGuess` counted, once a try was right. */
export async function forgetGuesses(call: Call, { pool, subject }: LockSubject): Promise<void> {
  await deleteLockout(call.db, { userPoolId: pool.id, subject });
}

/** Forgets the failures after a right proof; one that raced a lock is refused like a wrong one. */
export async function acceptProof(call: Call, lock: LockSubject): Promise<void> {
  const passed = await clearUnlessLocked(call.db, keyOf(lock, call.clock.now()));
  if (!passed) throw passwordAttemptsExceeded();
}

/** Checks a password; null in place of a hash costs the same time and is never right. */
export async function provePassword(
  call: Call,
  lock: LockSubject,
  given: { passwordHash: string | null; password: string },
): Promise<void> {
  await requireUnlocked(call, lock);
  const isRight = await call.passwords.verify(given.passwordHash, given.password);
  if (!isRight) return refuseFailure(call, lock);
  await acceptProof(call, lock);
}

function keyOf({ pool, subject }: LockSubject, nowMs: number) {
  return { userPoolId: pool.id, subject, nowMs };
}
