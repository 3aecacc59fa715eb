/** The second factors of a user as AWS shows them; what is empty is absent. */
import type { UserFactors } from "../../domain/mfa/factors.ts";

export function userMfaType({ enabled, preferred }: UserFactors) {
  return {
    PreferredMfaSetting: preferred,
    UserMFASettingList: enabled.length > 0 ? [...enabled] : undefined,
  };
}

/** The older member, which knows SMS alone. */
export function mfaOptionsType({ enabled }: UserFactors) {
  return enabled.includes("SMS_MFA")
    ? [{ DeliveryMedium: "SMS" as const, AttributeName: "phone_number" }]
    : undefined;
}
