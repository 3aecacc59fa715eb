/** The passwords that administrators' users begin with: drawn by the server, and good for some days. */
import type { Random } from "../../lib/random.ts";
import type { PasswordPolicy, UserPool } from "../pools/pool.ts";
import { findPolicyViolation } from "./password-policy.ts";

const dayMs = 86_400_000;

/** When a temporary password that is set now stops working. */
export function temporaryPasswordExpiresAtMs(pool: UserPool, nowMs: number): number {
  return nowMs + pool.settings.passwordPolicy.temporaryPasswordValidityDays * dayMs;
}

const minLength = 16;
/** Without letters and digits that are mistaken for each other; symbols that no template, URL or SMS alphabet changes. */
const lettersAndDigits = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789";
const alphabet = `${lettersAndDigits}!#%*+-=?@_`;
const strictest = {
  minimumLength: minLength,
  requireUppercase: true,
  requireLowercase: true,
  requireNumbers: true,
  requireSymbols: true,
};

/**
 * A random password of some 96 bits or more that every policy of this minimum length takes. It begins and ends with a letter
 * or digit, so that it can be told from the sentence around it; among those, each is as likely as any other.
 */
export function generateTemporaryPassword(
  policy: Pick<PasswordPolicy, "minimumLength">,
  random: Random,
): string {
  const length = Math.max(policy.minimumLength, minLength);
  // Nearly half of all draws lack a class or end in a symbol. Drawing anew, and not mending, keeps the choice uniform.
  for (let attempt = 0; attempt < 1000; attempt++) {
    const drawn = draw(random, length);
    if (isTemporaryPassword(drawn)) return drawn;
  }
  throw new Error("the source of randomness repeats itself");
}

function draw(random: Random, length: number): string {
  const one = () => alphabet.charAt(random.integer(alphabet.length));
  return Array.from({ length }, one).join("");
}

function isTemporaryPassword(text: string): boolean {
  const [first = "", last = ""] = [text.at(0), text.at(-1)];
  const framed = [first, last].every((end) => lettersAndDigits.includes(end));
  return framed && findPolicyViolation(text, strictest) === undefined;
}
