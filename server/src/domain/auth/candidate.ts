/**
 * Whom a sign-in is for, and the order in which AWS refuses: unknown, disabled, locked, unconfirmed, wrong, to be reset.
 * In the hardened profile nothing of an account shows before its password was right, and unknown names get the same locks.
 */
import {
  incorrectUsernameOrPassword,
  passwordResetRequired,
  temporaryPasswordExpired,
  userIsDisabled,
  userNotConfirmed,
  userNotFound,
} from "../../errors/cognito-idp.ts";
import type { Call } from "../call.ts";
import { preventsUserExistenceErrors } from "../clients/client.ts";
import type { UserPool } from "../pools/pool.ts";
import { findUser } from "../users/find.ts";
import { foldKey } from "../users/fold-key.ts";
import type { User } from "../users/user.ts";
import {
  acceptProof,
  type LockSubject,
  lockSubjectOf,
  refuseFailure,
  requireUnlocked,
} from "./prove-password.ts";
import type { SignIn } from "./sign-in.ts";

/** A user, or nobody, whom a client that hides its users must not tell from one. */
export type Candidate = {
  readonly name: string;
  readonly user: User | undefined;
  /** Absent for an unknown name in the compat profile: Cognito locks no names. */
  readonly lock: LockSubject | undefined;
};

/** Looks for the user of this name; an unknown one is told only where the client asks for that. */
export async function findCandidate(call: Call, signIn: SignIn, name: string): Promise<Candidate> {
  const { pool, client } = signIn;
  const user = await findUser(call.db, pool, name);
  if (user) return candidateOf(call, pool, { name, user });
  if (!preventsUserExistenceErrors(client)) throw userNotFound();
  return nobody(pool, name);
}

/** The candidate of a user already found. */
export function candidateOf(
  call: Call,
  pool: UserPool,
  { name, user }: { name: string; user: User },
): Candidate {
  call.about.sub = user.id;
  return { name, user, lock: lockSubjectOf(pool, user) };
}

/** The candidate of a name that the pool does not have. */
export function nobody(pool: UserPool, name: string): Candidate {
  const lock = { pool, subject: `name:${foldKey(pool, name)}` };
  return { name, user: undefined, lock: isHardened(pool) ? lock : undefined };
}

/**
 * Lets a candidate prove itself by `isProved`, which does the same work with a user and without one. Answers the user,
 * who may sign in or has a temporary password that is still good; throws the refusal otherwise.
 */
export async function proveCandidate(
  call: Call,
  pool: UserPool,
  { candidate, isProved }: { candidate: Candidate; isProved: () => Promise<boolean> },
): Promise<User> {
  const { user, lock } = candidate;
  const hardened = isHardened(pool);
  if (user && !hardened) requireEnabled(user);
  if (lock) await requireUnlocked(call, lock);
  if (user && !hardened) requireConfirmed(user);
  const proved = await isProved();
  if (!proved || !user || !lock) {
    if (lock) return refuseFailure(call, lock);
    throw incorrectUsernameOrPassword();
  }
  await acceptProof(call, lock);
  requireEnabled(user);
  requireConfirmed(user);
  if (user.status === "RESET_REQUIRED") throw passwordResetRequired();
  const { temporaryPasswordExpiresAtMs } = user;
  const isTemporary = user.status === "FORCE_CHANGE_PASSWORD";
  if (isTemporary && (temporaryPasswordExpiresAtMs ?? 0) <= call.clock.now()) {
    throw temporaryPasswordExpired();
  }
  return user;
}

function isHardened(pool: UserPool): boolean {
  return pool.extensions.profile === "hardened";
}

/** Refuses a disabled user. */
export function requireEnabled(user: User): void {
  if (!user.enabled) throw userIsDisabled();
}

function requireConfirmed(user: User): void {
  if (user.status === "UNCONFIRMED") throw userNotConfirmed();
}
