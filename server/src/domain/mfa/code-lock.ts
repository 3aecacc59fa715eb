/**
 * Guesses at the codes of second factors, of all kinds together: five are free, then each doubles the wait (AWS,
 * "Authentication with user pools"). A lock of its own, so that wrong passwords and wrong codes do not add up.
 */
import { passwordAttemptsExceeded } from "../../errors/cognito-idp.ts";
import type { ServiceError } from "../../errors/service-error.ts";
import { deleteLockout, findLockout, recordFailure } from "../../store/lockouts.ts";
import type { Db } from "../../store/schema.ts";
import type { LockSubject } from "../auth/prove-password.ts";
import type { Call } from "../call.ts";
import type { UserPool } from "../pools/pool.ts";
import type { User } from "../users/user.ts";

/** Under this the wrong codes of a user are counted. */
export function codeLockOf(pool: UserPool, { id }: Pick<User, "id">): LockSubject {
  return { pool, subject: `codes:${id}` };
}

/** Those of codes that are the only factor: who passes these clears nothing of the second factor's. */
export function firstCodeLockOf({ pool, subject }: LockSubject): LockSubject {
  return { pool, subject: `first-codes:${subject}` };
}

/** Counts a wrong code in the transaction; answers the refusal to return from it: of many at once no more are told than were counted. */
export async function countWrongCode(
  trx: Db,
  call: Call,
  { lock, refusal }: { lock: LockSubject; refusal: ServiceError },
): Promise<ServiceError> {
  const { counted } = await recordFailure(trx, keyOf(call, lock));
  return counted ? refusal : passwordAttemptsExceeded();
}

/**
 * Forgets the wrong codes after a right one; answers the refusal of one that raced a lock, as if it were wrong. It is
 * counted like a wrong one first, and so waits for those that came before it and are not committed yet: a right code among
 * many at once is no guess beyond the budget.
 */
export async function acceptCode(
  trx: Db,
  call: Call,
  lock: LockSubject,
): Promise<ServiceError | undefined> {
  const key = keyOf(call, lock);
  const { counted } = await recordFailure(trx, key);
  if (!counted) return passwordAttemptsExceeded();
  await deleteLockout(trx, key);
  return undefined;
}

/** Whether codes are refused unseen for now. */
export async function areCodesLocked(trx: Db, call: Call, lock: LockSubject): Promise<boolean> {
  const key = keyOf(call, lock);
  return (await findLockout(trx, key)).lockedUntilMs > key.nowMs;
}

function keyOf(call: Call, { pool, subject }: LockSubject) {
  return { userPoolId: pool.id, subject, nowMs: call.clock.now() };
}
