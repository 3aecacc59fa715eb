/** Whether a second factor is due, and which (AWS, "Adding MFA to a user pool"). */
import type { MfaFactor } from "../mfa/factors.ts";
import type { UserPool } from "../pools/pool.ts";
import type { User } from "../users/user.ts";
import { hasProved, type Progress, type Proof } from "./progress.ts";

/** The second factors that this pool knows. */
export function allowedFactors({ settings }: Pick<UserPool, "settings">): MfaFactor[] {
  const { sms, softwareToken, email } = settings.mfa;
  return [
    ...(sms ? (["SMS_MFA"] as const) : []),
    ...(softwareToken ? (["SOFTWARE_TOKEN_MFA"] as const) : []),
    ...(email ? (["EMAIL_OTP"] as const) : []),
  ];
}

/** Those that this user could pass: what the pool knows and the user has. */
export function usableFactors(pool: UserPool, { attributes, factors }: User): MfaFactor[] {
  const has: Record<MfaFactor, boolean> = {
    SMS_MFA: Boolean(attributes["phone_number"]),
    SOFTWARE_TOKEN_MFA: factors.softwareToken,
    EMAIL_OTP: Boolean(attributes["email"]),
  };
  return allowedFactors(pool).filter((factor) => has[factor]);
}

/**
 * Those that this user is asked for. Where MFA is optional only what was switched on; where it is required and nothing
 * was, whatever the user has.
 */
export function activeFactors(pool: UserPool, user: User): MfaFactor[] {
  if (pool.settings.mfaConfiguration === "OFF") return [];
  const usable = usableFactors(pool, user);
  const chosen = usable.filter((factor) => user.factors.enabled.includes(factor));
  return pool.settings.mfaConfiguration === "ON" && chosen.length === 0 ? usable : chosen;
}

const proofOf: Readonly<Record<MfaFactor, Proof>> = {
  SMS_MFA: "SMS_MFA",
  SOFTWARE_TOKEN_MFA: "SOFTWARE_TOKEN_MFA",
  EMAIL_OTP: "EMAIL_MFA",
};

/** Whether this sign-in must still pass a second factor. */
export function isMfaDue(pool: UserPool, user: User, progress: Progress): boolean {
  const { mfaConfiguration } = pool.settings;
  if (mfaConfiguration === "OFF") return false;
  if (hasProved(progress, "RECOVERY_CODE")) return false;
  // One that was switched off since it was proved counts no more.
  if (activeFactors(pool, user).some((factor) => hasProved(progress, proofOf[factor]))) {
    return false;
  }
  if (passkeysAreBothFactorsOf(pool, user) && hasProved(progress, "WEB_AUTHN_VERIFIED")) {
    return false;
  }
  if (devicesSpareMfa(pool) && hasProved(progress, "DEVICE")) return false;
  // A factor that was switched on and cannot be passed any more is no reason to let anyone in without.
  const wanted = user.factors.enabled.some((factor) => allowedFactors(pool).includes(factor));
  return mfaConfiguration === "ON" || wanted;
}

/** Whether a passkey that verified its user counts as both factors in this pool. */
export function passkeysAreBothFactors({ settings }: UserPool): boolean {
  return settings.mfa.webAuthn?.factorConfiguration === "MULTI_FACTOR_WITH_USER_VERIFICATION";
}

/** Whether this user's passkeys do: AWS asks the user too (WebAuthnMfaSettings). */
export function passkeysAreBothFactorsOf(pool: UserPool, { factors }: User): boolean {
  return passkeysAreBothFactors(pool) && factors.webAuthnMfa;
}

/** Whether a remembered device stands for the second factor in this pool. */
export function devicesSpareMfa({ settings }: UserPool): boolean {
  return settings.deviceConfiguration?.challengeRequiredOnNewDevice === true;
}
