/** The second factors of a user: which are set up, which are asked for, which is preferred. */

/** As AWS names them in UserMFASettingList. */
export const mfaFactors = ["SMS_MFA", "SOFTWARE_TOKEN_MFA", "EMAIL_OTP"] as const;
export type MfaFactor = (typeof mfaFactors)[number];

export type UserFactors = {
  /** Whether an authenticator app was set up and proved. */
  readonly softwareToken: boolean;
  /** How many passkeys there are. */
  readonly passkeys: number;
  /** What the user, or an administrator, switched on. */
  readonly enabled: readonly MfaFactor[];
  readonly preferred?: MfaFactor;
  /** Whether a passkey that verified its user counts as both factors (WebAuthnMfaSettings). */
  readonly webAuthnMfa: boolean;
};

/** A user who never set anything up. */
export const noFactors: UserFactors = {
  softwareToken: false,
  passkeys: 0,
  enabled: [],
  webAuthnMfa: false,
};

/** The factors as the database holds them. */
export function factorsFromColumn(factors: string | null): UserFactors {
  // Written by factorsToColumn.
  return factors === null ? noFactors : { ...noFactors, ...(JSON.parse(factors) as UserFactors) };
}

export function factorsToColumn(factors: UserFactors): string {
  return JSON.stringify(factors);
}

/** The factors with some switched on; a preferred one that is not among them is preferred no more. */
export function withEnabled(factors: UserFactors, enabled: readonly MfaFactor[]): UserFactors {
  const { preferred, ...rest } = factors;
  const isOn = preferred !== undefined && enabled.includes(preferred);
  return { ...rest, enabled: [...enabled], ...(isOn ? { preferred } : {}) };
}

/** The factors of a user whose authenticator app is gone. */
export function withoutSoftwareToken(factors: UserFactors): UserFactors {
  const enabled = factors.enabled.filter((factor) => factor !== "SOFTWARE_TOKEN_MFA");
  return { ...withEnabled(factors, enabled), softwareToken: false };
}
