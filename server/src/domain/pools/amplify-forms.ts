/** How Amplify's configuration tells an app's forms what a pool takes. */
import type { UserPool } from "./pool.ts";

/** The kinds of name that people sign in with. */
export type LoginWith = { readonly [kind in "email" | "phone" | "username"]?: true };

export type PasswordFormat = {
  readonly minLength: number;
  readonly requireLowercase: boolean;
  readonly requireUppercase: boolean;
  readonly requireNumbers: boolean;
  readonly requireSpecialCharacters: boolean;
};

/** The ways in beside the password. */
export type Passwordless = {
  readonly emailOtpEnabled?: true;
  readonly smsOtpEnabled?: true;
  readonly webAuthn?: { readonly userVerification: "required" | "preferred" };
  /** What forms ask for first. */
  readonly preferredChallenge: "PASSWORD";
};

/** What `loginWith` must be, without which Amplify's forms ask for a user name. */
export function loginWithOf({ settings }: UserPool): LoginWith {
  const { usernameAttributes = [] } = settings;
  if (usernameAttributes.length === 0) return { username: true };
  return {
    ...(usernameAttributes.includes("email") ? { email: true } : {}),
    ...(usernameAttributes.includes("phone_number") ? { phone: true } : {}),
  };
}

/** What `passwordFormat` must be for forms to say at once what a password lacks. */
export function passwordFormatOf({ settings }: UserPool): PasswordFormat {
  const { passwordPolicy: policy } = settings;
  return {
    minLength: policy.minimumLength,
    requireLowercase: policy.requireLowercase,
    requireUppercase: policy.requireUppercase,
    requireNumbers: policy.requireNumbers,
    requireSpecialCharacters: policy.requireSymbols,
  };
}

/** What `passwordless` must be for forms to offer the pool's other ways in; undefined where there are none. */
export function passwordlessOf({ settings }: UserPool): Passwordless | undefined {
  const { allowedFirstAuthFactors: factors, mfa } = settings;
  if (factors.every((factor) => factor === "PASSWORD")) return undefined;
  const { userVerification = "preferred" } = mfa.webAuthn ?? {};
  return {
    ...(factors.includes("EMAIL_OTP") ? { emailOtpEnabled: true } : {}),
    ...(factors.includes("SMS_OTP") ? { smsOtpEnabled: true } : {}),
    ...(factors.includes("WEB_AUTHN") ? { webAuthn: { userVerification } } : {}),
    preferredChallenge: "PASSWORD",
  };
}
