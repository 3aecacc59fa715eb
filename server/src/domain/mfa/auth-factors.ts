import { isMfaDue, passkeysAreBothFactorsOf } from "../auth/mfa-decision.ts";
import { beginProgress } from "../auth/progress.ts";
import type { ContactAttribute, FirstAuthFactor, UserPool } from "../pools/pool.ts";
import { isVerified, signUpContact } from "../users/contacts.ts";
import type { User } from "../users/user.ts";

/**
 * The ways in which this user may begin a choice-based sign-in. One who is asked for a second factor gets no code as the
 * first, and a passkey only where it is both (AWS, "Adding MFA to a user pool"); one with a temporary password, only that.
 */
export function availableFirstFactors(pool: UserPool, user: User): FirstAuthFactor[] {
  const { factors } = user;
  const isSettled = user.status !== "FORCE_CHANGE_PASSWORD";
  const isFree = isSettled && !isMfaDue(pool, user, beginProgress("USER_AUTH", { user }));
  const can: Record<FirstAuthFactor, boolean> = {
    PASSWORD: user.passwordHash !== null,
    EMAIL_OTP: isFree && takesCodes(pool, user, "email"),
    SMS_OTP: isFree && takesCodes(pool, user, "phone_number"),
    WEB_AUTHN:
      isSettled && factors.passkeys > 0 && (isFree || passkeysAreBothFactorsOf(pool, user)),
  };
  return pool.settings.allowedFirstAuthFactors.filter((factor) => can[factor]);
}

/**
 * AWS sends codes to any address. In the hardened profile one that was not proved opens an account only where it is the
 * one to be confirmed by the sign-up: whoever held a token for a moment could set another.
 */
function takesCodes(pool: UserPool, { attributes, status }: User, kind: ContactAttribute): boolean {
  const confirms = status === "UNCONFIRMED" && signUpContact(pool, attributes)?.attribute === kind;
  const isTrusted = isVerified(attributes, kind) || confirms;
  return Boolean(attributes[kind]) && (isTrusted || pool.extensions.profile === "compat");
}
