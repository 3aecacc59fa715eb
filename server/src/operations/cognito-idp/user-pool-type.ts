/** A pool as DescribeUserPool shows it. */

import type * as Sdk from "@aws-sdk/client-cognito-identity-provider";
import type { UserPoolDomain } from "../../domain/domains/domain.ts";
import {
  type MessageTemplate,
  type SchemaAttribute,
  type UserPool,
  type UserPoolSettings,
  userPoolArn,
} from "../../domain/pools/pool.ts";
import { copyList } from "../../lib/copy-list.ts";
import { lambdaConfigType } from "./lambda-config.ts";

/** AWS's UserPoolType of a pool; what was never set is absent. */
export function userPoolType(
  pool: UserPool,
  about: { accountId: string; users: number; domains: readonly UserPoolDomain[] },
): Sdk.UserPoolType {
  const { settings } = pool;
  return {
    Id: pool.id,
    Name: pool.name,
    Arn: userPoolArn(pool, about.accountId),
    CreationDate: new Date(pool.createdAtMs),
    LastModifiedDate: new Date(pool.modifiedAtMs),
    EstimatedNumberOfUsers: about.users,
    Domain: about.domains.find(({ isCustom }) => !isCustom)?.domain,
    CustomDomain: about.domains.find(({ isCustom }) => isCustom)?.domain,
    SchemaAttributes: settings.schema.map(schemaAttributeType),
    Policies: {
      PasswordPolicy: passwordPolicyType(settings),
      SignInPolicy: { AllowedFirstAuthFactors: [...settings.allowedFirstAuthFactors] },
    },
    DeletionProtection: settings.deletionProtection ? "ACTIVE" : "INACTIVE",
    LambdaConfig: lambdaConfigType(settings.lambdaConfig),
    MfaConfiguration: settings.mfaConfiguration,
    AdminCreateUserConfig: adminCreateUserConfigType(settings),
    AccountRecoverySetting: accountRecoverySettingType(settings),
    DeviceConfiguration: deviceConfigurationType(settings),
    ...signInNames(settings),
    ...messages(settings),
    ...kept(settings),
  };
}

function signInNames(settings: UserPoolSettings): Sdk.UserPoolType {
  return {
    AliasAttributes: copyList(settings.aliasAttributes),
    UsernameAttributes: copyList(settings.usernameAttributes),
    AutoVerifiedAttributes: copyList(settings.autoVerifiedAttributes),
    UsernameConfiguration: settings.usernameConfigurationGiven
      ? { CaseSensitive: settings.caseSensitive }
      : undefined,
    UserAttributeUpdateSettings: {
      AttributesRequireVerificationBeforeUpdate: [...settings.verificationBeforeUpdate],
    },
  };
}

/** Both the template and the older members beside it, whichever of them was set. */
function messages(settings: UserPoolSettings): Sdk.UserPoolType {
  const { verificationTemplate: template, emailConfiguration: email } = settings;
  return {
    VerificationMessageTemplate: {
      DefaultEmailOption: template.emailOption ?? "CONFIRM_WITH_CODE",
      EmailSubjectByLink: template.emailSubjectByLink,
      EmailMessageByLink: template.emailMessageByLink,
      EmailSubject: template.emailSubject,
      EmailMessage: template.emailMessage,
      SmsMessage: template.smsMessage,
    },
    EmailVerificationSubject: template.emailSubject,
    EmailVerificationMessage: template.emailMessage,
    SmsVerificationMessage: template.smsMessage,
    SmsAuthenticationMessage: settings.smsAuthenticationMessage,
    EmailConfiguration: {
      EmailSendingAccount: email.emailSendingAccount,
      SourceArn: email.sourceArn,
      ReplyToEmailAddress: email.replyToEmailAddress,
      From: email.from,
      ConfigurationSet: email.configurationSet,
    },
    SmsConfiguration: smsConfigurationType(settings),
  };
}

export function smsConfigurationType({
  smsConfiguration: sms,
}: UserPoolSettings): Sdk.SmsConfigurationType | undefined {
  return (
    sms && {
      SnsCallerArn: sms.snsCallerArn,
      ExternalId: sms.externalId,
      SnsRegion: sms.snsRegion,
    }
  );
}

function kept(settings: UserPoolSettings): Sdk.UserPoolType {
  const { keyType, issuerType, tags } = settings;
  return {
    UserPoolTier: settings.tier,
    UserPoolTags: Object.keys(tags).length === 0 ? undefined : { ...tags },
    UserPoolAddOns: userPoolAddOnsType(settings),
    KeyConfiguration: keyType && { KeyType: keyType },
    IssuerConfiguration: issuerType && { Type: issuerType },
  };
}

function userPoolAddOnsType({
  advancedSecurityMode: mode,
  customAuthMode,
}: UserPoolSettings): Sdk.UserPoolAddOnsType | undefined {
  return (
    mode && {
      AdvancedSecurityMode: mode,
      AdvancedSecurityAdditionalFlows: customAuthMode && { CustomAuthMode: customAuthMode },
    }
  );
}

function deviceConfigurationType({
  deviceConfiguration: devices,
}: UserPoolSettings): Sdk.DeviceConfigurationType | undefined {
  return (
    devices && {
      ChallengeRequiredOnNewDevice: devices.challengeRequiredOnNewDevice,
      DeviceOnlyRememberedOnUserPrompt: devices.deviceOnlyRememberedOnUserPrompt,
    }
  );
}

function passwordPolicyType({ passwordPolicy: policy }: UserPoolSettings): Sdk.PasswordPolicyType {
  return {
    MinimumLength: policy.minimumLength,
    RequireUppercase: policy.requireUppercase,
    RequireLowercase: policy.requireLowercase,
    RequireNumbers: policy.requireNumbers,
    RequireSymbols: policy.requireSymbols,
    PasswordHistorySize: policy.passwordHistorySize,
    TemporaryPasswordValidityDays: policy.temporaryPasswordValidityDays,
  };
}

function adminCreateUserConfigType(settings: UserPoolSettings): Sdk.AdminCreateUserConfigType {
  return {
    AllowAdminCreateUserOnly: settings.adminCreateUserOnly,
    UnusedAccountValidityDays: settings.passwordPolicy.temporaryPasswordValidityDays,
    InviteMessageTemplate: settings.inviteTemplate && inviteMessageType(settings.inviteTemplate),
  };
}

function inviteMessageType(template: MessageTemplate): Sdk.MessageTemplateType {
  return {
    EmailSubject: template.emailSubject,
    EmailMessage: template.emailMessage,
    SMSMessage: template.smsMessage,
  };
}

function accountRecoverySettingType({
  accountRecovery,
}: UserPoolSettings): Sdk.AccountRecoverySettingType | undefined {
  return (
    accountRecovery && {
      RecoveryMechanisms: accountRecovery.map(({ name, priority }) => ({
        Name: name,
        Priority: priority,
      })),
    }
  );
}

function schemaAttributeType(attribute: SchemaAttribute): Sdk.SchemaAttributeType {
  const { minLength, maxLength, minValue, maxValue } = attribute;
  return {
    Name: attribute.name,
    AttributeDataType: attribute.type,
    DeveloperOnlyAttribute: attribute.developerOnly,
    Mutable: attribute.mutable,
    Required: attribute.required,
    StringAttributeConstraints:
      attribute.type === "String" ? { MinLength: minLength, MaxLength: maxLength } : undefined,
    NumberAttributeConstraints:
      attribute.type === "Number" ? { MinValue: minValue, MaxValue: maxValue } : undefined,
  };
}
