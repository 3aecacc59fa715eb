/** The settings of a pool as requests have them, made ours. */
import type * as Sdk from "@aws-sdk/client-cognito-identity-provider";
import { checkFixedSettings, checkReplaceableSettings } from "../../domain/pools/check-settings.ts";
import { defaultUserPoolSettings } from "../../domain/pools/default-settings.ts";
import type {
  EmailConfiguration,
  FirstAuthFactor,
  FixedUserPoolSettings,
  MessageTemplate,
  PasswordPolicy,
  ReplaceableUserPoolSettings,
  VerificationTemplate,
} from "../../domain/pools/pool.ts";
import { type DeclaredAttribute, makeSchema } from "../../domain/pools/schema.ts";
import { invalidParameter, missingRequiredParameter } from "../../errors/cognito-idp.ts";
import { present } from "../../lib/present.ts";
import type { Checked, Checks } from "../../protocol/checks.ts";
import { readLambdaConfig } from "./lambda-config.ts";
import {
  AccountRecoverySettingType,
  AcrConfigurationType,
  AdminCreateUserConfigType,
  DcrConfigurationType,
  DeletionProtectionType,
  DeviceConfigurationType,
  EmailConfigurationType,
  EmailVerificationMessageType,
  EmailVerificationSubjectType,
  IssuerConfigurationType,
  KeyConfigurationType,
  LambdaConfigType,
  SmsConfigurationType,
  SmsVerificationMessageType,
  UserAttributeUpdateSettingsType,
  UserPoolAddOnsType,
  UserPoolMfaType,
  UserPoolPolicyType,
  UserPoolTagsType,
  UserPoolTierType,
  VerificationMessageTemplateType,
  VerifiedAttributesListType,
} from "./pool-shapes.ts";
import { type PoolInput, refuseUnbuilt, unbuiltPoolSettings } from "./unbuilt-settings.ts";

/** The members that CreateUserPool and UpdateUserPool share. */
export const poolMembers: Checks<PoolInput> = {
  Policies: UserPoolPolicyType,
  DeletionProtection: DeletionProtectionType,
  LambdaConfig: LambdaConfigType,
  AutoVerifiedAttributes: VerifiedAttributesListType,
  SmsVerificationMessage: SmsVerificationMessageType,
  EmailVerificationMessage: EmailVerificationMessageType,
  EmailVerificationSubject: EmailVerificationSubjectType,
  VerificationMessageTemplate: VerificationMessageTemplateType,
  SmsAuthenticationMessage: SmsVerificationMessageType,
  UserAttributeUpdateSettings: UserAttributeUpdateSettingsType,
  MfaConfiguration: UserPoolMfaType,
  DeviceConfiguration: DeviceConfigurationType,
  EmailConfiguration: EmailConfigurationType,
  SmsConfiguration: SmsConfigurationType,
  UserPoolTags: UserPoolTagsType,
  AdminCreateUserConfig: AdminCreateUserConfigType,
  UserPoolAddOns: UserPoolAddOnsType,
  AccountRecoverySetting: AccountRecoverySettingType,
  UserPoolTier: UserPoolTierType,
  KeyConfiguration: KeyConfigurationType,
  IssuerConfiguration: IssuerConfigurationType,
  DcrConfiguration: DcrConfigurationType,
  AcrConfiguration: AcrConfigurationType,
};

/** What a request asks for; what it leaves out is AWS's default, at an update too. */
export function readReplaceableSettings(input: PoolInput): ReplaceableUserPoolSettings {
  requirePasswordFactor(input.Policies?.SignInPolicy?.AllowedFirstAuthFactors);
  refuseUnbuilt(unbuiltPoolSettings, input);
  const settings: ReplaceableUserPoolSettings = {
    passwordPolicy: readPasswordPolicy(input),
    deletionProtection: input.DeletionProtection === "ACTIVE",
    verificationBeforeUpdate: unique(
      input.UserAttributeUpdateSettings?.AttributesRequireVerificationBeforeUpdate,
    ),
    adminCreateUserOnly: input.AdminCreateUserConfig?.AllowAdminCreateUserOnly ?? false,
    verificationTemplate: readVerificationTemplate(input),
    emailConfiguration: readEmailConfiguration(input.EmailConfiguration),
    mfaConfiguration: input.MfaConfiguration ?? defaultUserPoolSettings.mfaConfiguration,
    allowedFirstAuthFactors: readFirstAuthFactors(input),
    lambdaConfig: readLambdaConfig(input.LambdaConfig),
    tier: input.UserPoolTier ?? defaultUserPoolSettings.tier,
    tags: { ...input.UserPoolTags },
    ...present({
      autoVerifiedAttributes: filled(input.AutoVerifiedAttributes),
      accountRecovery: readAccountRecovery(input.AccountRecoverySetting),
      inviteTemplate: readInviteTemplate(input.AdminCreateUserConfig?.InviteMessageTemplate),
      smsConfiguration: readSmsConfiguration(input.SmsConfiguration),
      smsAuthenticationMessage: input.SmsAuthenticationMessage,
      deviceConfiguration: readDeviceConfiguration(input.DeviceConfiguration),
      advancedSecurityMode: input.UserPoolAddOns?.AdvancedSecurityMode,
      customAuthMode: input.UserPoolAddOns?.AdvancedSecurityAdditionalFlows?.CustomAuthMode,
      // The table of unbuilt settings let nothing else through.
      keyType: input.KeyConfiguration?.KeyType && ("AWS_OWNED_KEY" as const),
      issuerType: input.IssuerConfiguration?.Type && ("ORIGINAL" as const),
    }),
  };
  checkReplaceableSettings(settings);
  return settings;
}

type FixedInput = Pick<
  Checked<Sdk.CreateUserPoolRequest>,
  "AliasAttributes" | "UsernameAttributes" | "UsernameConfiguration" | "Schema"
>;

/** What only the request that makes a pool can say. */
export function readFixedSettings(input: FixedInput): FixedUserPoolSettings {
  const settings: FixedUserPoolSettings = {
    caseSensitive:
      input.UsernameConfiguration?.CaseSensitive ?? defaultUserPoolSettings.caseSensitive,
    usernameConfigurationGiven: input.UsernameConfiguration !== undefined,
    schema: makeSchema((input.Schema ?? []).map(readDeclaredAttribute)),
    ...present({
      aliasAttributes: filled(input.AliasAttributes),
      usernameAttributes: filled(input.UsernameAttributes),
    }),
  };
  checkFixedSettings(settings);
  return settings;
}

/** An attribute as CreateUserPool and AddCustomAttributes declare it. */
export function readDeclaredAttribute(attribute: Sdk.SchemaAttributeType): DeclaredAttribute {
  const { StringAttributeConstraints: lengths, NumberAttributeConstraints: values } = attribute;
  return present({
    name: attribute.Name,
    type: attribute.AttributeDataType,
    mutable: attribute.Mutable,
    required: attribute.Required,
    developerOnly: attribute.DeveloperOnlyAttribute,
    lengths: lengths && present({ minLength: lengths.MinLength, maxLength: lengths.MaxLength }),
    values: values && present({ minValue: values.MinValue, maxValue: values.MaxValue }),
  });
}

function unique<T>(values: readonly T[] | undefined): T[] {
  return [...new Set(values)];
}

/** A list that is empty is none. */
function filled<T>(values: readonly T[] | undefined): T[] | undefined {
  return values && values.length > 0 ? unique(values) : undefined;
}

function requirePasswordFactor(factors: readonly Sdk.AuthFactorType[] | undefined): void {
  if (factors?.includes("PASSWORD") === false) {
    throw invalidParameter(
      "Password should be configured as one of the allowed first auth factors.",
    );
  }
}

/** The table of unbuilt settings lets no other through. */
function readFirstAuthFactors({ Policies }: PoolInput): readonly FirstAuthFactor[] {
  const given = Policies?.SignInPolicy?.AllowedFirstAuthFactors;
  return given
    ? unique(given.filter((name) => name !== "SOFTWARE_TOKEN"))
    : defaultUserPoolSettings.allowedFirstAuthFactors;
}

function readPasswordPolicy({ Policies, AdminCreateUserConfig }: PoolInput): PasswordPolicy {
  const given = Policies?.PasswordPolicy;
  const defaults = defaultUserPoolSettings.passwordPolicy;
  const { UnusedAccountValidityDays } = AdminCreateUserConfig ?? {};
  if (
    given?.TemporaryPasswordValidityDays !== undefined &&
    UnusedAccountValidityDays !== undefined
  ) {
    throw invalidParameter(
      "Please use TemporaryPasswordValidityDays in PasswordPolicy instead of UnusedAccountValidityDays",
    );
  }
  const days = given?.TemporaryPasswordValidityDays ?? UnusedAccountValidityDays;
  // Zero asks for the default (API reference, PasswordPolicyType).
  const temporaryPasswordValidityDays = days || defaults.temporaryPasswordValidityDays;
  if (given === undefined) return { ...defaults, temporaryPasswordValidityDays };
  // Of a policy that is given, the kinds of characters that it does not name are not asked for.
  return {
    minimumLength: given.MinimumLength ?? defaults.minimumLength,
    requireUppercase: given.RequireUppercase ?? false,
    requireLowercase: given.RequireLowercase ?? false,
    requireNumbers: given.RequireNumbers ?? false,
    requireSymbols: given.RequireSymbols ?? false,
    temporaryPasswordValidityDays,
    // Zero is none, and not shown (API reference, PasswordPolicyType).
    ...present({ passwordHistorySize: given.PasswordHistorySize || undefined }),
  };
}

/** The template, with what older clients say beside it. */
function readVerificationTemplate(input: PoolInput): VerificationTemplate {
  const template = input.VerificationMessageTemplate ?? {};
  return present({
    emailSubject: oneOfTwo(template.EmailSubject, input.EmailVerificationSubject),
    emailMessage: oneOfTwo(template.EmailMessage, input.EmailVerificationMessage),
    smsMessage: oneOfTwo(template.SmsMessage, input.SmsVerificationMessage),
    emailOption: template.DefaultEmailOption,
    emailSubjectByLink: template.EmailSubjectByLink,
    emailMessageByLink: template.EmailMessageByLink,
  });
}

function oneOfTwo(now: string | undefined, older: string | undefined): string | undefined {
  if (now !== undefined && older !== undefined && now !== older) {
    throw invalidParameter(
      "VerificationMessageTemplate and the older verification messages beside it must not differ.",
    );
  }
  return now ?? older;
}

function readInviteTemplate(
  given: Sdk.MessageTemplateType | undefined,
): MessageTemplate | undefined {
  if (given === undefined) return undefined;
  return present({
    emailSubject: given.EmailSubject,
    emailMessage: given.EmailMessage,
    smsMessage: given.SMSMessage,
  });
}

function readEmailConfiguration(given: Sdk.EmailConfigurationType = {}): EmailConfiguration {
  return {
    emailSendingAccount: given.EmailSendingAccount ?? "COGNITO_DEFAULT",
    ...present({
      sourceArn: given.SourceArn,
      replyToEmailAddress: given.ReplyToEmailAddress,
      from: given.From,
      configurationSet: given.ConfigurationSet,
    }),
  };
}

export function readSmsConfiguration(
  given: Sdk.SmsConfigurationType | undefined,
): ReplaceableUserPoolSettings["smsConfiguration"] {
  if (given === undefined) return undefined;
  if (!given.SnsCallerArn) throw missingRequiredParameter("SnsCallerArn");
  return {
    snsCallerArn: given.SnsCallerArn,
    ...present({ externalId: given.ExternalId, snsRegion: given.SnsRegion }),
  };
}

/** A value for either switches tracking on (API reference, DeviceConfigurationType); what is left out is false. */
function readDeviceConfiguration(
  given: Sdk.DeviceConfigurationType | undefined,
): ReplaceableUserPoolSettings["deviceConfiguration"] {
  const { ChallengeRequiredOnNewDevice: isAsked, DeviceOnlyRememberedOnUserPrompt: isPrompted } =
    given ?? {};
  if (isAsked === undefined && isPrompted === undefined) return undefined;
  return {
    challengeRequiredOnNewDevice: isAsked ?? false,
    deviceOnlyRememberedOnUserPrompt: isPrompted ?? false,
  };
}

function readAccountRecovery(
  given: Sdk.AccountRecoverySettingType | undefined,
): ReplaceableUserPoolSettings["accountRecovery"] {
  return given?.RecoveryMechanisms?.map(({ Name, Priority }) => {
    // Both are marked required by the shape.
    if (Name === undefined || Priority === undefined) throw missingRequiredParameter("Name");
    return { name: Name, priority: Priority };
  });
}
