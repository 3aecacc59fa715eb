/** Requests that change which second factors a user is asked for, made ours. */
import type * as Sdk from "@aws-sdk/client-cognito-identity-provider";
import type { FactorPreference, MfaPreference } from "../../domain/mfa/preference.ts";
import { invalidParameter } from "../../errors/cognito-idp.ts";
import { present } from "../../lib/present.ts";
import type { Checked, Checks } from "../../protocol/checks.ts";
import {
  EmailMfaSettingsType,
  SMSMfaSettingsType,
  SoftwareTokenMfaSettingsType,
  WebAuthnMfaSettingsType,
} from "./shapes.ts";

type PreferenceInput = Pick<
  Sdk.SetUserMFAPreferenceRequest,
  "SMSMfaSettings" | "SoftwareTokenMfaSettings" | "EmailMfaSettings" | "WebAuthnMfaSettings"
>;

/** The members that SetUserMFAPreference and AdminSetUserMFAPreference share. */
export const preferenceMembers: Checks<PreferenceInput> = {
  SMSMfaSettings: SMSMfaSettingsType,
  SoftwareTokenMfaSettings: SoftwareTokenMfaSettingsType,
  EmailMfaSettings: EmailMfaSettingsType,
  WebAuthnMfaSettings: WebAuthnMfaSettingsType,
};

export function readPreference(input: Checked<PreferenceInput>): MfaPreference {
  return present({
    factors: present({
      SMS_MFA: readFactor(input.SMSMfaSettings),
      SOFTWARE_TOKEN_MFA: readFactor(input.SoftwareTokenMfaSettings),
      EMAIL_OTP: readFactor(input.EmailMfaSettings),
    }),
    webAuthn: input.WebAuthnMfaSettings?.Enabled,
  });
}

function readFactor(given: Sdk.SMSMfaSettingsType | undefined): FactorPreference | undefined {
  return given && present({ enabled: given.Enabled, preferred: given.PreferredMfa });
}

/** The older form, which knows SMS alone: an empty list switches it off. */
export function readMfaOptions(options: readonly Sdk.MFAOptionType[]): MfaPreference {
  for (const { DeliveryMedium, AttributeName } of options) {
    if (DeliveryMedium !== "SMS" || AttributeName !== "phone_number") {
      throw invalidParameter("MFAOptions can only hold SMS to phone_number.");
    }
  }
  return { factors: { SMS_MFA: { enabled: options.length > 0 } } };
}
