/** Which settings of second and first factors go together; AWS's refusals where they do not. */
import { invalidParameter, smsConfigurationRequired } from "../../errors/cognito-idp.ts";
import type { MfaSettings, UserPoolSettings } from "../pools/pool.ts";
import { checkRelyingPartyId } from "./relying-party-id.ts";

/**
 * The second factors of a pool whose settings CreateUserPool or UpdateUserPool replaced: these know but one, SMS, which
 * they switch on where MFA asks for a factor and nothing else is one. Throws AWS's refusal where they cannot.
 */
export function factorsAfterReplacement(
  settings: Omit<UserPoolSettings, "mfa">,
  before: MfaSettings,
): MfaSettings {
  const canSms = settings.smsConfiguration !== undefined;
  if (settings.mfaConfiguration === "OFF") return { ...before, sms: before.sms && canSms };
  if (before.sms && !canSms) throw smsConfigurationRequired();
  if (before.sms || before.softwareToken || before.email) return before;
  if (!canSms) throw smsConfigurationRequired();
  return { ...before, sms: true };
}

/** Refuses settings of factors that contradict each other. */
export function checkMfaSettings(settings: UserPoolSettings): void {
  const { mfa, mfaConfiguration } = settings;
  if (mfaConfiguration !== "OFF") checkSecondFactors(settings);
  checkFirstFactors(settings);
  if (mfa.webAuthn?.relyingPartyId !== undefined) checkRelyingPartyId(mfa.webAuthn.relyingPartyId);
}

function checkSecondFactors({ mfa, ...settings }: UserPoolSettings): void {
  if (!mfa.sms && !mfa.softwareToken && !mfa.email) {
    throw invalidParameter(
      "Invalid MFA configuration given, can't disable all MFAs with a required or optional configuration.",
    );
  }
  if (!mfa.email) return;
  if (settings.emailConfiguration.emailSendingAccount !== "DEVELOPER") {
    throw invalidParameter("Email MFA requires an EmailSendingAccount of DEVELOPER.");
  }
  // Else the mailbox alone would open the account: it resets the password and gets the code.
  if (settings.accountRecovery?.every(({ name }) => name === "verified_email")) {
    throw invalidParameter("Email MFA requires another recovery mechanism than verified_email.");
  }
}

function checkFirstFactors(settings: UserPoolSettings): void {
  const { allowedFirstAuthFactors: factors, mfaConfiguration, smsConfiguration } = settings;
  const codes = factors.filter((factor) => factor === "EMAIL_OTP" || factor === "SMS_OTP");
  if (mfaConfiguration === "ON" && codes.length > 0) {
    throw invalidParameter(
      `${codes.join(", ")} cannot be an allowed first auth factor when MFA is required.`,
    );
  }
  if (codes.includes("SMS_OTP") && !smsConfiguration) {
    throw invalidParameter("SMS configuration is required when SMS_OTP is a first auth factor.");
  }
}
