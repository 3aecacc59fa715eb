/** What a user may begin a choice-based sign-in with (AWS, "Choice-based authentication"). */
import { preventsUserExistenceErrors } from "../clients/client.ts";
import { availableFirstFactors } from "../mfa/auth-factors.ts";
import type { FirstAuthFactor } from "../pools/pool.ts";
import { type Candidate, isHardened } from "./candidate.ts";
import type { SignIn } from "./sign-in.ts";

/** As AWS names them in PREFERRED_CHALLENGE, AvailableChallenges and the ANSWER to SELECT_CHALLENGE. */
export const firstChallenges = [
  "PASSWORD_SRP",
  "PASSWORD",
  "EMAIL_OTP",
  "SMS_OTP",
  "WEB_AUTHN",
] as const;
export type FirstChallenge = (typeof firstChallenges)[number];

export function isFirstChallenge(name: string): name is FirstChallenge {
  return firstChallenges.some((each) => each === name);
}

/**
 * The challenges that this candidate can choose from. Of nobody, all that the pool allows; so of everybody in the hardened
 * profile where the client hides who exists, and one that the user cannot pass is only put up.
 */
export function offeredChallenges(
  { pool, client }: SignIn,
  { user }: Pick<Candidate, "user">,
): FirstChallenge[] {
  const isHidden = !user || (isHardened(pool) && preventsUserExistenceErrors(client));
  const factors = isHidden
    ? pool.settings.allowedFirstAuthFactors
    : availableFirstFactors(pool, user);
  return firstChallenges.filter((name) => isOffered(name, factors, pool.extensions.srpVerifiers));
}

/** Whether this user could really pass it; nobody can. */
export function canPass({ pool }: SignIn, { user }: Pick<Candidate, "user">, name: FirstChallenge) {
  const factor = name === "PASSWORD_SRP" ? "PASSWORD" : name;
  return user !== undefined && availableFirstFactors(pool, user).includes(factor);
}

function isOffered(
  name: FirstChallenge,
  factors: readonly FirstAuthFactor[],
  srpVerifiers: "on" | "off",
): boolean {
  if (name !== "PASSWORD_SRP") return factors.includes(name);
  return srpVerifiers === "on" && factors.includes("PASSWORD");
}
