/** Passwords that a user had: where the pool's policy says so, none of the last ones may come again. */
import { passwordUsedBefore } from "../../errors/cognito-idp.ts";
import {
  insertPreviousPassword,
  listPreviousPasswords,
  trimPreviousPasswords,
} from "../../store/previous-passwords.ts";
import type { Db } from "../../store/schema.ts";
import type { Call } from "../call.ts";
import type { UserPool } from "../pools/pool.ts";
import type { User } from "./user.ts";

/** How many of a user's last passwords, the present one among them, a new one must differ from; zero where none is kept. */
export function passwordHistorySize({ settings }: UserPool): number {
  return settings.passwordPolicy.passwordHistorySize ?? 0;
}

/**
 * Throws PasswordHistoryPolicyViolationException for one of the last passwords of this user. It costs a hash for each
 * of them: only for who proved to be the user, or an administrator, and never within a transaction.
 */
export async function checkPasswordHistory(
  call: Call,
  pool: UserPool,
  { user, password }: { user: User; password: string },
): Promise<void> {
  const size = passwordHistorySize(pool);
  if (size === 0) return;
  const key = { userPoolId: pool.id, userId: user.id };
  // A temporary password, which nobody chose, takes no other's place.
  const earlier = isOwnPassword(user) ? size - 1 : size;
  const previous = await listPreviousPasswords(call.db, { ...key, limit: earlier });
  const present = user.passwordHash === null ? [] : [user.passwordHash];
  for (const hash of [...present, ...previous]) {
    // One after the other: a change of password waits, everybody else does not.
    if (await call.passwords.verify(hash, password)) throw passwordUsedBefore();
  }
}

/**
 * Keeps the password that a change replaces, and forgets the oldest; `user` as the transaction of that change read it.
 * Where the pool keeps none, what it kept before goes.
 */
export async function rememberPassword(
  trx: Db,
  call: Call,
  { pool, user }: { pool: UserPool; user: User },
): Promise<void> {
  const size = passwordHistorySize(pool);
  const key = { userPoolId: pool.id, userId: user.id };
  if (size > 0 && user.passwordHash !== null && isOwnPassword(user)) {
    await insertPreviousPassword(trx, {
      user_pool_id: pool.id,
      user_id: user.id,
      // As the change itself is dated: no two changes of a user share it.
      replaced_at_ms: Math.max(call.clock.now(), user.modifiedAtMs + 1),
      password_hash: user.passwordHash,
    });
  }
  await trimPreviousPasswords(trx, { ...key, keep: size });
}

function isOwnPassword({ status, passwordHash }: User): boolean {
  return passwordHash !== null && status !== "FORCE_CHANGE_PASSWORD";
}
