/** What is stored in place of a password. */

import { makeSrpVerifier } from "../auth/srp.ts";
import type { Call } from "../call.ts";
import { srpPoolName, type UserPool } from "../pools/pool.ts";
import { checkPasswordHistory } from "./password-history.ts";
import { checkNewPassword } from "./password-policy.ts";
import type { User } from "./user.ts";
import type { StoredPassword } from "./write.ts";

type Holder = {
  readonly id: string;
  readonly username: string;
  readonly attributes: Readonly<Record<string, string>>;
};

/** What is stored of a user who has none. */
export const noPassword: StoredPassword = { passwordHash: null, srpSalt: null, srpVerifier: null };

/** Refuses a password that the pool does not take, and makes what is stored of one that it takes. */
export async function newPassword(
  call: Call,
  pool: UserPool,
  given: { user: Holder; password: string },
): Promise<StoredPassword> {
  const { user, password } = given;
  const { email } = user.attributes;
  await checkNewPassword(pool, password, { username: user.username, email });
  return hashPassword(call, pool, given);
}

/** The same for a user of the pool who gets another password: one that they had lately is refused as well. */
export async function nextPassword(
  call: Call,
  pool: UserPool,
  given: { user: User; password: string },
): Promise<StoredPassword> {
  const { user, password } = given;
  const { username, attributes } = user;
  await checkNewPassword(pool, password, { username, email: attributes["email"] });
  await checkPasswordHistory(call, pool, given);
  return hashPassword(call, pool, given);
}

/** Makes what is stored of a password that the policy need not look at, such as one that was just proved. */
export async function hashPassword(
  call: Call,
  pool: UserPool,
  { user, password }: { user: Holder; password: string },
): Promise<StoredPassword> {
  const passwordHash = await call.passwords.hash(password);
  if (pool.extensions.srpVerifiers === "off") {
    return { passwordHash, srpSalt: null, srpVerifier: null };
  }
  const identity = { poolName: srpPoolName(pool), userIdForSrp: user.username };
  const { salt, verifier } = makeSrpVerifier(identity, password, call.random);
  return {
    passwordHash,
    srpSalt: salt,
    srpVerifier: call.vault.seal(srpVerifierPlace(pool.id, user.id), verifier),
  };
}

/** The place of a user's SRP verifier, for its envelope. */
export function srpVerifierPlace(userPoolId: string, userId: string) {
  return { table: "users", column: "srp_verifier", row: `${userPoolId}/${userId}` };
}
