/** AWS's named shapes of user pools: what describes a pool or an app client. */
import type * as Sdk from "@aws-sdk/client-cognito-identity-provider";
import {
  boolean,
  integer,
  list,
  map,
  matcher,
  oneOf,
  required,
  string,
  structure,
} from "../../protocol/checks.ts";
import { ArnType, BooleanType, StringType } from "./shapes.ts";
export const UserPoolNameType = string({ min: 1, max: 128, pattern: String.raw`[\w\s+=,.@-]+` });
export const PasswordPolicyMinLengthType = integer({ min: 6, max: 99 });
export const PasswordHistorySizeType = integer({ min: 0, max: 24 });
export const TemporaryPasswordValidityDaysType = integer({ min: 0, max: 365 });
export const PasswordPolicyType = structure<Sdk.PasswordPolicyType>({
  MinimumLength: PasswordPolicyMinLengthType,
  RequireUppercase: BooleanType,
  RequireLowercase: BooleanType,
  RequireNumbers: BooleanType,
  RequireSymbols: BooleanType,
  PasswordHistorySize: PasswordHistorySizeType,
  TemporaryPasswordValidityDays: TemporaryPasswordValidityDaysType,
});
export const AuthFactorType = oneOf(
  "PASSWORD",
  "EMAIL_OTP",
  "SMS_OTP",
  "WEB_AUTHN",
  "SOFTWARE_TOKEN",
);
export const AllowedFirstAuthFactorsListType = list(AuthFactorType, { min: 1, max: 5 });
export const SignInPolicyType = structure<Sdk.SignInPolicyType>({
  AllowedFirstAuthFactors: AllowedFirstAuthFactorsListType,
});
export const UserPoolPolicyType = structure<Sdk.UserPoolPolicyType>({
  PasswordPolicy: PasswordPolicyType,
  SignInPolicy: SignInPolicyType,
});
export const DeletionProtectionType = oneOf("ACTIVE", "INACTIVE");
export const PreTokenGenerationLambdaVersionType = oneOf("V1_0", "V2_0", "V3_0");
export const PreTokenGenerationVersionConfigType =
  structure<Sdk.PreTokenGenerationVersionConfigType>({
    LambdaVersion: required(PreTokenGenerationLambdaVersionType),
    LambdaArn: required(ArnType),
  });
export const CustomSMSSenderLambdaVersionType = oneOf("V1_0");
export const CustomSMSLambdaVersionConfigType = structure<Sdk.CustomSMSLambdaVersionConfigType>({
  LambdaVersion: required(CustomSMSSenderLambdaVersionType),
  LambdaArn: required(ArnType),
});
export const CustomEmailSenderLambdaVersionType = oneOf("V1_0");
export const CustomEmailLambdaVersionConfigType = structure<Sdk.CustomEmailLambdaVersionConfigType>(
  { LambdaVersion: required(CustomEmailSenderLambdaVersionType), LambdaArn: required(ArnType) },
);
export const InboundFederationLambdaVersionType = oneOf("V1_0");
export const InboundFederationLambdaType = structure<Sdk.InboundFederationLambdaType>({
  LambdaVersion: required(InboundFederationLambdaVersionType),
  LambdaArn: required(ArnType),
});
export const LambdaConfigType = structure<Sdk.LambdaConfigType>({
  PreSignUp: ArnType,
  CustomMessage: ArnType,
  PostConfirmation: ArnType,
  PreAuthentication: ArnType,
  PostAuthentication: ArnType,
  DefineAuthChallenge: ArnType,
  CreateAuthChallenge: ArnType,
  VerifyAuthChallengeResponse: ArnType,
  PreTokenGeneration: ArnType,
  UserMigration: ArnType,
  PreTokenGenerationConfig: PreTokenGenerationVersionConfigType,
  CustomSMSSender: CustomSMSLambdaVersionConfigType,
  CustomEmailSender: CustomEmailLambdaVersionConfigType,
  KMSKeyID: ArnType,
  InboundFederation: InboundFederationLambdaType,
});
export const VerifiedAttributeType = oneOf("phone_number", "email");
export const VerifiedAttributesListType = list(VerifiedAttributeType);
export const AliasAttributeType = oneOf("phone_number", "email", "preferred_username");
export const AliasAttributesListType = list(AliasAttributeType);
export const UsernameAttributeType = oneOf("phone_number", "email");
export const UsernameAttributesListType = list(UsernameAttributeType);
export const SmsVerificationMessageType = string({
  min: 6,
  max: 140,
  pattern: String.raw`.*\{####\}.*`,
});
const isEmailText = matcher(String.raw`[\p{L}\p{M}\p{S}\p{N}\p{P}\s*]*`);
/** Of two shapes with one and the same definition. */
const emailMessage = {
  min: 6,
  max: 20000,
  pattern: String.raw`[\p{L}\p{M}\p{S}\p{N}\p{P}\s*]*\{####\}[\p{L}\p{M}\p{S}\p{N}\p{P}\s*]*`,
  matches: (value: string) => value.includes("{####}") && isEmailText(value),
};
export const EmailVerificationMessageType = string(emailMessage);
export const EmailVerificationSubjectType = string({
  min: 1,
  max: 140,
  pattern: String.raw`[\p{L}\p{M}\p{S}\p{N}\p{P}\s]+`,
});
export const EmailVerificationMessageByLinkType = string({
  min: 6,
  max: 20000,
  pattern: String.raw`[\p{L}\p{M}\p{S}\p{N}\p{P}\s*]*\{##[\p{L}\p{M}\p{S}\p{N}\p{P}\s*]*##\}[\p{L}\p{M}\p{S}\p{N}\p{P}\s*]*`,
  matches(value) {
    const start = value.indexOf("{##");
    return start >= 0 && value.lastIndexOf("##}") >= start + 3 && isEmailText(value);
  },
});
export const EmailVerificationSubjectByLinkType = string({
  min: 1,
  max: 140,
  pattern: String.raw`[\p{L}\p{M}\p{S}\p{N}\p{P}\s]+`,
});
export const DefaultEmailOptionType = oneOf("CONFIRM_WITH_LINK", "CONFIRM_WITH_CODE");
export const VerificationMessageTemplateType = structure<Sdk.VerificationMessageTemplateType>({
  SmsMessage: SmsVerificationMessageType,
  EmailMessage: EmailVerificationMessageType,
  EmailSubject: EmailVerificationSubjectType,
  EmailMessageByLink: EmailVerificationMessageByLinkType,
  EmailSubjectByLink: EmailVerificationSubjectByLinkType,
  DefaultEmailOption: DefaultEmailOptionType,
});
export const UserPoolMfaType = oneOf("OFF", "ON", "OPTIONAL");
export const AttributesRequireVerificationBeforeUpdateType = list(VerifiedAttributeType);
export const UserAttributeUpdateSettingsType = structure<Sdk.UserAttributeUpdateSettingsType>({
  AttributesRequireVerificationBeforeUpdate: AttributesRequireVerificationBeforeUpdateType,
});
export const DeviceConfigurationType = structure<Sdk.DeviceConfigurationType>({
  ChallengeRequiredOnNewDevice: BooleanType,
  DeviceOnlyRememberedOnUserPrompt: BooleanType,
});
const isPrintable = matcher(String.raw`[\p{L}\p{M}\p{S}\p{N}\p{P}]+`);
export const EmailAddressType = string({
  pattern: String.raw`[\p{L}\p{M}\p{S}\p{N}\p{P}]+@[\p{L}\p{M}\p{S}\p{N}\p{P}]+`,
  matches: (value) => value.slice(1, -1).includes("@") && isPrintable(value),
});
export const EmailSendingAccountType = oneOf("COGNITO_DEFAULT", "DEVELOPER");
export const SESConfigurationSet = string({ min: 1, max: 64, pattern: "^[a-zA-Z0-9_-]+$" });
export const EmailConfigurationType = structure<Sdk.EmailConfigurationType>({
  SourceArn: ArnType,
  ReplyToEmailAddress: EmailAddressType,
  EmailSendingAccount: EmailSendingAccountType,
  From: StringType,
  ConfigurationSet: SESConfigurationSet,
});
export const OptionalArnType = string({
  min: 0,
  max: 2048,
  pattern: String.raw`(arn:[\w+=/,.@-]+:[\w+=/,.@-]+:([\w+=/,.@-]*)?:[0-9]+:[\w+=/,.@-]+(:[\w+=/,.@-]+)?(:[\w+=/,.@-]+)?)?`,
});
export const RegionCodeType = string({ min: 5, max: 32 });
export const EumsSmsConfigurationType = structure<Sdk.EumsSmsConfigurationType>({
  CallerArn: required(ArnType),
  ExternalId: StringType,
  OriginationIdentity: StringType,
  ConfigurationSetName: StringType,
  InEntityId: StringType,
  InTemplateId: StringType,
  Region: RegionCodeType,
});
export const SmsConfigurationType = structure<Sdk.SmsConfigurationType>({
  SnsCallerArn: OptionalArnType,
  ExternalId: StringType,
  SnsRegion: RegionCodeType,
  EumsSms: EumsSmsConfigurationType,
});
export const TagKeysType = string({ min: 1, max: 128 });
export const TagValueType = string({ min: 0, max: 256 });
export const UserPoolTagsType = map(TagKeysType, TagValueType);
export const AdminCreateUserUnusedAccountValidityDaysType = integer({ min: 0, max: 365 });
/** Its pattern `(?s).*` takes everything. */
export const SmsInviteMessageType = string({ min: 6, max: 140 });
export const EmailInviteMessageType = string({
  min: 6,
  max: 20000,
  pattern: String.raw`[\p{L}\p{M}\p{S}\p{N}\p{P}\s*]*`,
});
export const MessageTemplateType = structure<Sdk.MessageTemplateType>({
  SMSMessage: SmsInviteMessageType,
  EmailMessage: EmailInviteMessageType,
  EmailSubject: EmailVerificationSubjectType,
});
export const AdminCreateUserConfigType = structure<Sdk.AdminCreateUserConfigType>({
  AllowAdminCreateUserOnly: BooleanType,
  UnusedAccountValidityDays: AdminCreateUserUnusedAccountValidityDaysType,
  InviteMessageTemplate: MessageTemplateType,
});
export const CustomAttributeNameType = string({
  min: 1,
  max: 20,
  pattern: String.raw`[\p{L}\p{M}\p{S}\p{N}\p{P}]+`,
});
export const AttributeDataType = oneOf("String", "Number", "DateTime", "Boolean");
export const NumberAttributeConstraintsType = structure<Sdk.NumberAttributeConstraintsType>({
  MinValue: StringType,
  MaxValue: StringType,
});
export const StringAttributeConstraintsType = structure<Sdk.StringAttributeConstraintsType>({
  MinLength: StringType,
  MaxLength: StringType,
});
export const SchemaAttributeType = structure<Sdk.SchemaAttributeType>({
  Name: CustomAttributeNameType,
  AttributeDataType: AttributeDataType,
  DeveloperOnlyAttribute: BooleanType,
  Mutable: BooleanType,
  Required: BooleanType,
  NumberAttributeConstraints: NumberAttributeConstraintsType,
  StringAttributeConstraints: StringAttributeConstraintsType,
});
export const SchemaAttributesListType = list(SchemaAttributeType, { min: 1, max: 50 });
export const CustomAttributesListType = list(SchemaAttributeType, { min: 1, max: 25 });
export const AdvancedSecurityModeType = oneOf("OFF", "AUDIT", "ENFORCED");
export const AdvancedSecurityEnabledModeType = oneOf("AUDIT", "ENFORCED");
export const AdvancedSecurityAdditionalFlowsType =
  structure<Sdk.AdvancedSecurityAdditionalFlowsType>({
    CustomAuthMode: AdvancedSecurityEnabledModeType,
  });
export const UserPoolAddOnsType = structure<Sdk.UserPoolAddOnsType>({
  AdvancedSecurityMode: required(AdvancedSecurityModeType),
  AdvancedSecurityAdditionalFlows: AdvancedSecurityAdditionalFlowsType,
});
export const WrappedBooleanType = boolean;
export const UsernameConfigurationType = structure<Sdk.UsernameConfigurationType>({
  CaseSensitive: required(WrappedBooleanType),
});
export const PriorityType = integer({ min: 1, max: 2 });
export const RecoveryOptionNameType = oneOf(
  "verified_email",
  "verified_phone_number",
  "admin_only",
);
export const RecoveryOptionType = structure<Sdk.RecoveryOptionType>({
  Priority: required(PriorityType),
  Name: required(RecoveryOptionNameType),
});
export const RecoveryMechanismsType = list(RecoveryOptionType, { min: 1, max: 2 });
export const AccountRecoverySettingType = structure<Sdk.AccountRecoverySettingType>({
  RecoveryMechanisms: RecoveryMechanismsType,
});
export const UserPoolTierType = oneOf("LITE", "ESSENTIALS", "PLUS");
export const EncryptionKeyType = oneOf("AWS_OWNED_KEY", "CUSTOMER_MANAGED_KEY");
export const EncryptionKeyArnType = string({
  min: 20,
  max: 2048,
  pattern: String.raw`arn:[\w+=/,.@-]+:[\w+=/,.@-]+:([\w+=/,.@-]*)?:[0-9]+:[\w+=/,.@-]+(:[\w+=/,.@-]+)?(:[\w+=/,.@-]+)?`,
});
export const KeyConfigurationType = structure<Sdk.KeyConfigurationType>({
  KeyType: EncryptionKeyType,
  KmsKeyArn: EncryptionKeyArnType,
});
export const IssuerType = oneOf("ORIGINAL", "UPDATED");
export const IssuerConfigurationType = structure<Sdk.IssuerConfigurationType>({ Type: IssuerType });
export const StatusType = oneOf("Enabled", "Disabled");
export const OAuthFlowType = oneOf("code", "implicit", "client_credentials");
export const OAuthFlowListType = list(OAuthFlowType);
export const AnyString = string();
export const StringListType = list(AnyString);
export const DcrConfigurationType = structure<Sdk.DcrConfigurationType>({
  EnableStatus: StatusType,
  OpenDcrEnabled: boolean,
  AuthenticatedGrantTypes: OAuthFlowListType,
  OpenDcrGrantTypes: OAuthFlowListType,
  AllowedScopes: StringListType,
});
export const AcrLevelConfigType = structure<Sdk.AcrLevelConfigType>({
  AcrValue: required(AnyString),
});
export const AcrConfigurationType = map(AnyString, AcrLevelConfigType);
export const ClientNameType = string({ min: 1, max: 128, pattern: String.raw`[\w\s+=,.@-]+` });
export const GenerateSecret = boolean;
export const RefreshTokenValidityType = integer({ min: 0, max: 315360000 });
export const AccessTokenValidityType = integer({ min: 1, max: 86400 });
export const IdTokenValidityType = integer({ min: 1, max: 86400 });
export const TimeUnitsType = oneOf("seconds", "minutes", "hours", "days");
export const TokenValidityUnitsType = structure<Sdk.TokenValidityUnitsType>({
  AccessToken: TimeUnitsType,
  IdToken: TimeUnitsType,
  RefreshToken: TimeUnitsType,
});
export const ClientPermissionType = string({ min: 1, max: 2048 });
export const ClientPermissionListType = list(ClientPermissionType);
export const ExplicitAuthFlowsType = oneOf(
  "ADMIN_NO_SRP_AUTH",
  "CUSTOM_AUTH_FLOW_ONLY",
  "USER_PASSWORD_AUTH",
  "ALLOW_ADMIN_USER_PASSWORD_AUTH",
  "ALLOW_CUSTOM_AUTH",
  "ALLOW_USER_PASSWORD_AUTH",
  "ALLOW_USER_SRP_AUTH",
  "ALLOW_REFRESH_TOKEN_AUTH",
  "ALLOW_USER_AUTH",
  // GetClientToken asks for it; the published enum has it not.
  "ALLOW_CLIENT_TOKEN_AUTH" as string as Sdk.ExplicitAuthFlowsType,
);
export const ExplicitAuthFlowsListType = list(ExplicitAuthFlowsType);
export const ProviderNameType = string({
  min: 1,
  max: 32,
  pattern: String.raw`[\p{L}\p{M}\p{S}\p{N}\p{P}\p{Z}]+`,
});
export const SupportedIdentityProvidersListType = list(ProviderNameType);
export const RedirectUrlType = string({
  min: 1,
  max: 1024,
  pattern: String.raw`[\p{L}\p{M}\p{S}\p{N}\p{P}]+`,
});
export const CallbackURLsListType = list(RedirectUrlType, { min: 0, max: 100 });
export const LogoutURLsListType = list(RedirectUrlType, { min: 0, max: 100 });
export const OAuthFlowsType = list(OAuthFlowType, { min: 0, max: 3 });
export const ScopeType = string({
  min: 1,
  max: 256,
  pattern: String.raw`[\x21\x23-\x5B\x5D-\x7E]+`,
});
export const ScopeListType = list(ScopeType, { max: 50 });
export const HexStringType = string({ pattern: "^[0-9a-fA-F]+$" });
export const AnalyticsConfigurationType = structure<Sdk.AnalyticsConfigurationType>({
  ApplicationId: HexStringType,
  ApplicationArn: ArnType,
  RoleArn: ArnType,
  ExternalId: StringType,
  UserDataShared: BooleanType,
});
export const PreventUserExistenceErrorTypes = oneOf("LEGACY", "ENABLED");
export const AuthSessionValidityType = integer({ min: 3, max: 15 });
export const FeatureType = oneOf("ENABLED", "DISABLED");
export const RetryGracePeriodSecondsType = integer({ min: 0, max: 60 });
export const RefreshTokenRotationType = structure<Sdk.RefreshTokenRotationType>({
  Feature: required(FeatureType),
  RetryGracePeriodSeconds: RetryGracePeriodSecondsType,
});
export const SmsMfaConfigType = structure<Sdk.SmsMfaConfigType>({
  SmsAuthenticationMessage: SmsVerificationMessageType,
  SmsConfiguration: SmsConfigurationType,
});
export const SoftwareTokenMfaConfigType = structure<Sdk.SoftwareTokenMfaConfigType>({
  Enabled: BooleanType,
});
export const EmailMfaMessageType = string(emailMessage);
/** AWS publishes no length; a subject is one header line. */
export const EmailMfaSubjectType = string({
  max: 140,
  pattern: String.raw`[\p{L}\p{M}\p{S}\p{N}\p{P}\s]+`,
});
export const EmailMfaConfigType = structure<Sdk.EmailMfaConfigType>({
  Message: EmailMfaMessageType,
  Subject: EmailMfaSubjectType,
});
export const RelyingPartyIdType = string({ min: 1, max: 127 });
export const UserVerificationType = oneOf("required", "preferred");
export const WebAuthnFactorConfigurationType = oneOf(
  "SINGLE_FACTOR",
  "MULTI_FACTOR_WITH_USER_VERIFICATION",
);
export const WebAuthnConfigurationType = structure<Sdk.WebAuthnConfigurationType>({
  RelyingPartyId: RelyingPartyIdType,
  UserVerification: UserVerificationType,
  FactorConfiguration: WebAuthnFactorConfigurationType,
});
export const UserSessionTrackingType = oneOf("DISABLED", "ENABLED");
export const UserPoolTokenSessionConfigType = structure<Sdk.UserPoolTokenSessionConfigType>({
  MaxPerUser: required(integer({ min: 1, max: 100 })),
});
export const ClientSSOSessionConfigType = structure<Sdk.ClientSSOSessionConfigType>({
  MaxValidityMinutes: required(integer({ min: 0, max: 129_600 })),
});
