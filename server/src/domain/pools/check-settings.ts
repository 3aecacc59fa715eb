/** Which settings of a pool go together; AWS's refusals where they do not. */
import { featuresUnavailableInTier, invalidParameter } from "../../errors/cognito-idp.ts";
import { isEmailAddress } from "../users/contacts.ts";
import {
  type EmailConfiguration,
  type FixedUserPoolSettings,
  type RecoveryOption,
  type ReplaceableUserPoolSettings,
  takesUsersWithoutPassword,
} from "./pool.ts";

/** Refuses what contradicts itself among the settings that are fixed at creation. */
export function checkFixedSettings(settings: FixedUserPoolSettings): void {
  if (settings.aliasAttributes && settings.usernameAttributes) {
    throw invalidParameter(
      "Only one of the aliasAttributes or usernameAttributes can be set in a User pool.",
    );
  }
}

/** Refuses what contradicts itself among the settings that an update replaces. */
export function checkReplaceableSettings(settings: ReplaceableUserPoolSettings): void {
  checkVerification(settings);
  checkRecovery(settings.accountRecovery ?? []);
  checkEmail(settings.emailConfiguration);
  checkInvitation(settings);
  checkTokenEdits(settings);
  checkSenders(settings);
}

/** The codes that such functions get are encrypted under the key. */
function checkSenders({ lambdaConfig }: ReplaceableUserPoolSettings): void {
  const { CustomEmailSender: email, CustomSMSSender: sms, KMSKeyID } = lambdaConfig;
  if ((email ?? sms) === undefined || KMSKeyID !== undefined) return;
  throw invalidParameter("KMSKeyID is required to use CustomEmailSender or CustomSMSSender");
}

/** Access tokens are edited by the later events, which the tier LITE does not have. */
function checkTokenEdits({ tier, lambdaConfig }: ReplaceableUserPoolSettings): void {
  const { version = "V1_0" } = lambdaConfig.PreTokenGeneration ?? {};
  if (tier !== "LITE" || version === "V1_0") return;
  throw featuresUnavailableInTier(tier, "Access Token Customization");
}

function checkVerification(settings: ReplaceableUserPoolSettings): void {
  const autoVerified = settings.autoVerifiedAttributes ?? [];
  if (settings.verificationBeforeUpdate.some((name) => !autoVerified.includes(name))) {
    throw invalidParameter(
      "All attributes in AttributesRequireVerificationBeforeUpdate must exist in AutoVerifiedAttributes",
    );
  }
  if (autoVerified.includes("phone_number") && !settings.smsConfiguration) {
    throw invalidParameter(
      "SMS configuration is required when phone_number is selected for auto verification",
    );
  }
}

function checkRecovery(options: readonly RecoveryOption[]): void {
  const names = new Set(options.map(({ name }) => name));
  const priorities = new Set(options.map(({ priority }) => priority));
  if (names.size < options.length || priorities.size < options.length) {
    throw invalidParameter(
      "Account Recovery Setting cannot have duplicate priorities or recovery mechanisms.",
    );
  }
  if (names.has("admin_only") && names.size > 1) {
    throw invalidParameter(
      "Account Recovery Setting cannot use admin_only setting with any other recovery mechanisms.",
    );
  }
}

function checkEmail({ emailSendingAccount, sourceArn, from }: EmailConfiguration): void {
  if (emailSendingAccount === "DEVELOPER" && sourceArn === undefined) {
    throw invalidParameter("Source ARN is required to use DEVELOPER email sending owner");
  }
  if (from !== undefined && !isMailbox(from)) {
    throw invalidParameter("Provided From email address is invalid");
  }
}

/** RFC 5322 §3.4 `mailbox`, without comments and within one line: an address, or a name before it in angle brackets. */
function isMailbox(text: string): boolean {
  if (text.length > 512 || /\p{C}/u.test(text)) return false;
  const address = /^[^<>]*<([^<>]+)>$/u.exec(text)?.[1] ?? text;
  return isEmailAddress(address);
}

function checkInvitation(settings: ReplaceableUserPoolSettings): void {
  const { emailMessage, smsMessage } = settings.inviteTemplate ?? {};
  // Users without a password need no place for one (API reference, AdminCreateUserConfigType).
  const needed = takesUsersWithoutPassword(settings) ? ["{username}"] : ["{username}", "{####}"];
  const invites = (text: string) => needed.every((each) => text.includes(each));
  if (emailMessage !== undefined && !invites(emailMessage)) {
    throw invalidParameter(
      "Invalid Email message body for Admin create user flow parameter. Email message body should have {username} which will be replaced by code",
    );
  }
  if (smsMessage !== undefined && !invites(smsMessage)) {
    throw invalidParameter("Invalid SMS message for Admin create user flow parameter");
  }
}
