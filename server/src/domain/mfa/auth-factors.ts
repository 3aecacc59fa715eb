import { activeFactors, passkeysAreBothFactors } from "../auth/mfa-decision.ts";
import type { FirstAuthFactor, UserPool } from "../pools/pool.ts";
import type { User } from "../users/user.ts";

/**
 * The ways in which this user may begin a choice-based sign-in. One who is asked for a second factor gets no code as the
 * first, and a passkey only where it is both (AWS, "Adding MFA to a user pool").
 */
export function availableFirstFactors(pool: UserPool, user: User): FirstAuthFactor[] {
  const { attributes, factors } = user;
  const isFree = activeFactors(pool, user).length === 0;
  const can: Record<FirstAuthFactor, boolean> = {
    PASSWORD: user.passwordHash !== null,
    EMAIL_OTP: isFree && Boolean(attributes["email"]),
    SMS_OTP: isFree && Boolean(attributes["phone_number"]),
    WEB_AUTHN: factors.passkeys > 0 && (isFree || passkeysAreBothFactors(pool)),
  };
  return pool.settings.allowedFirstAuthFactors.filter((factor) => can[factor]);
}
