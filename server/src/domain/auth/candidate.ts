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
import { preventsUserExistenceErrors, requireSecretHash } from "../clients/client.ts";
import type { UserPool } from "../pools/pool.ts";
import { functionOf } from "../triggers/fire.ts";
import { firePreAuthentication } from "../triggers/pre-authentication.ts";
import { findUser } from "../users/find.ts";
import { foldKey } from "../users/fold-key.ts";
import { migrateUser } from "../users/migrate.ts";
import type { User } from "../users/user.ts";
import { isHashable } from "./password-hash.ts";
import {
  acceptProof,
  countGuess,
  forgetGuesses,
  type LockSubject,
  lockSubjectOf,
  refuseFailure,
  requireUnlocked,
} from "./prove-password.ts";
import { type Parameters, requireUsername, type SignIn } from "./sign-in.ts";
import { simulateSrpUser } from "./srp.ts";

/** A user, or nobody, whom a client that hides its users must not tell from one. */
export type Candidate = {
  /** As it was typed when the sign-in began. */
  readonly name: string;
  readonly user: User | undefined;
  /** Absent for an unknown name in the compat profile, since Cognito locks no names, and where the guess is counted. */
  readonly lock: LockSubject | undefined;
};

/**
 * Whom a sign-in begins with: the client proves its secret, the user is looked for, and the pool's functions are asked,
 * for one whom only they know (`password`: where it is typed in clear) and whether to go on. An unknown user is told only
 * where the client asks for that.
 */
export async function approach(
  call: Call,
  signIn: SignIn,
  { parameters, password }: { parameters: Parameters; password?: string },
): Promise<Candidate> {
  const { pool, client, validationData, byPages = false } = signIn;
  const name = requireUsername(parameters);
  const secretHash = parameters["SECRET_HASH"];
  if (!byPages) requireSecretHash(call, client, { secretHash, names: [name], auth: true });
  const found = await findUser(call.db, pool, name);
  const candidate = found
    ? candidateOf(call, pool, { name, user: found })
    : await migrate(call, signIn, { name, password });
  const { user } = candidate;
  if (!user && !preventsUserExistenceErrors(client)) throw userNotFound();
  if (functionOf(pool.settings.lambdaConfig, "PreAuthentication") !== undefined) {
    await requireEntry(call, pool, candidate);
    await firePreAuthentication(call, { pool, client, user, userName: name, validationData });
  }
  return candidate;
}

/**
 * Asks the pool's function for a user whom the pool does not have. Each time is a guess at another directory's password:
 * it is counted before the function hears of it, however many come at once, and forgotten once it was right.
 */
async function migrate(
  call: Call,
  { pool, client, validationData }: SignIn,
  { name, password }: { name: string; password: string | undefined },
): Promise<Candidate> {
  const asks = functionOf(pool.settings.lambdaConfig, "UserMigration") !== undefined;
  if (!asks || password === undefined || !isHashable(password)) return nobody(pool, name);
  const lock = lockOfName(pool, name);
  await countGuess(call, lock);
  const source = "UserMigration_Authentication";
  const user = await migrateUser(call, {
    ...{ pool, client, userName: name, source, password, validationData },
  });
  // Nobody's guess is counted by now.
  if (!user) return { name, user: undefined, lock: undefined };
  await forgetGuesses(call, lock);
  return candidateOf(call, pool, { name, user });
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
  return { name, user: undefined, lock: isHardened(pool) ? lockOfName(pool, name) : undefined };
}

/** Under this the failures of a name that nobody has are counted, in whatever spelling. */
function lockOfName(pool: UserPool, name: string): LockSubject {
  return { pool, subject: `name:${foldKey(pool, name)}` };
}

/**
 * What the client is told that the candidate is called: the user's name, or an invented one of the same form, which no
 * more than a user's follows the spelling that was typed.
 */
export function shownNameOf(call: Call, pool: UserPool, { user, name }: Candidate): string {
  const secret = call.vault.derive(`simulated users of ${pool.id}`);
  const key = foldKey(pool, name);
  const { userId } = simulateSrpUser(secret, key);
  if (user) return user.username;
  const { usernameAttributes = [], aliasAttributes = [] } = pool.settings;
  const isAlias = aliasAttributes.length > 0 && /[@+]/.test(name);
  return usernameAttributes.length > 0 || isAlias ? userId : key;
}

/** Refuses a candidate who may not even try: disabled, where that may be told, or locked. */
export async function requireEntry(
  call: Call,
  pool: UserPool,
  { user, lock }: Candidate,
): Promise<void> {
  if (user && !isHardened(pool)) requireEnabled(user);
  if (lock) await requireUnlocked(call, lock);
}

/**
 * Lets a candidate prove its password by `isProved`, which does the same work with a user and without one. Answers the
 * user, who may sign in or has a temporary password that is still good; throws the refusal otherwise.
 */
export async function proveCandidate(
  call: Call,
  pool: UserPool,
  { candidate, isProved }: { candidate: Candidate; isProved: () => Promise<boolean> },
): Promise<User> {
  const { user, lock } = candidate;
  await requireEntry(call, pool, candidate);
  if (user && !isHardened(pool)) requireConfirmed(user);
  const proved = await isProved();
  if (!proved || !user || !lock) {
    if (lock) return refuseFailure(call, lock);
    throw incorrectUsernameOrPassword();
  }
  await acceptProof(call, lock);
  requireEnabled(user);
  requireConfirmed(user);
  requireNoReset(user);
  const { temporaryPasswordExpiresAtMs } = user;
  const isTemporary = user.status === "FORCE_CHANGE_PASSWORD";
  if (isTemporary && (temporaryPasswordExpiresAtMs ?? 0) <= call.clock.now()) {
    throw temporaryPasswordExpired();
  }
  return user;
}

export function isHardened(pool: UserPool): boolean {
  return pool.extensions.profile === "hardened";
}

/** Refuses a disabled user. */
export function requireEnabled(user: User): void {
  if (!user.enabled) throw userIsDisabled();
}

/** What a password would have brought to light; the hardened profile asks it only once the functions are content. */
export function requireCustomStanding(user: User | undefined): void {
  if (!user) return;
  requireEnabled(user);
  requireConfirmed(user);
  requireNoReset(user);
}

/** Refuses a user whose address was not proved yet. */
function requireConfirmed(user: User): void {
  if (user.status === "UNCONFIRMED") throw userNotConfirmed();
}

/** Refuses a user who must choose another password first. */
export function requireNoReset(user: User): void {
  if (user.status === "RESET_REQUIRED") throw passwordResetRequired();
}
