/** AWS's named shapes of user pools, each stated once, with its published limits: what requests about users use. */
import type * as Sdk from "@aws-sdk/client-cognito-identity-provider";
import {
  boolean,
  type Check,
  hidden,
  integer,
  list,
  map,
  matcher,
  oneOf,
  required,
  string,
  structure,
} from "../../protocol/checks.ts";
import { document } from "../../protocol/document.ts";

export const ClientIdType = string({
  min: 1,
  max: 128,
  pattern: String.raw`[\w+]+`,
  sensitive: true,
});
export const SecretHashType = string({
  min: 1,
  max: 128,
  pattern: String.raw`[\w+=/]+`,
  sensitive: true,
});
export const UsernameType = string({
  min: 1,
  max: 128,
  pattern: String.raw`[\p{L}\p{M}\p{S}\p{N}\p{P}]+`,
  sensitive: true,
});
/** The pattern that AWS serves; the published one is `[\S]+`. */
export const PasswordType = string({
  max: 256,
  pattern: String.raw`^[\S]+.*[\S]+$`,
  matches: matcher(String.raw`[\S][^\n\r]*[\S]`),
  sensitive: true,
});
/** "To create a user with no password, omit this parameter or submit a blank value" (API reference, SignUp). */
export const PasswordOrBlankType: Check<string> = {
  ...PasswordType,
  read: (value, at, faults) => (value === "" ? "" : PasswordType.read(value, at, faults)),
};
export const AttributeNameType = string({
  min: 1,
  max: 32,
  pattern: String.raw`[\p{L}\p{M}\p{S}\p{N}\p{P}\t\n\r ]+`,
});
export const AttributeValueType = string({ max: 2048, sensitive: true });
export const AttributeType = structure<Sdk.AttributeType>({
  Name: required(AttributeNameType),
  Value: AttributeValueType,
});
export const AttributeListType = list(AttributeType);
export const StringType = string({ min: 0, max: 131072 });
export const AnalyticsMetadataType = structure<Sdk.AnalyticsMetadataType>({
  AnalyticsEndpointId: StringType,
});
export const UserContextDataType = hidden(
  structure<Sdk.UserContextDataType>({
    IpAddress: StringType,
    EncodedData: StringType,
  }),
);
/** AWS does not call it sensitive; apps put captcha answers and invitations in it. */
export const ClientMetadataType = hidden(map(StringType, StringType));
/** AWS does not call it sensitive; the trail keeps no code, right or wrong. */
export const ConfirmationCodeType = hidden(
  string({ min: 1, max: 2048, pattern: String.raw`[\S]+` }),
);
export const ForceAliasCreation = boolean;
export const SessionType = string({ min: 20, max: 2048, sensitive: true });
export const AuthFlowType = oneOf(
  "USER_SRP_AUTH",
  "REFRESH_TOKEN_AUTH",
  "REFRESH_TOKEN",
  "CUSTOM_AUTH",
  "ADMIN_NO_SRP_AUTH",
  "USER_PASSWORD_AUTH",
  "ADMIN_USER_PASSWORD_AUTH",
  "USER_AUTH",
);
export const AuthParametersType = map(StringType, StringType, { sensitive: true });
export const UserPoolIdType = string({ min: 1, max: 55, pattern: String.raw`[\w-]+_[0-9a-zA-Z]+` });
export const HttpHeader = structure<Sdk.HttpHeader>({
  headerName: StringType,
  headerValue: StringType,
});
export const HttpHeaderList = list(HttpHeader);
export const ContextDataType = structure<Sdk.ContextDataType>({
  IpAddress: required(StringType),
  ServerName: required(StringType),
  ServerPath: required(StringType),
  HttpHeaders: required(HttpHeaderList),
  EncodedData: StringType,
});
export const ChallengeNameType = oneOf(
  "SMS_MFA",
  "EMAIL_OTP",
  "SOFTWARE_TOKEN_MFA",
  "SELECT_MFA_TYPE",
  "MFA_SETUP",
  "PASSWORD_VERIFIER",
  "CUSTOM_CHALLENGE",
  "SELECT_CHALLENGE",
  "DEVICE_SRP_AUTH",
  "DEVICE_PASSWORD_VERIFIER",
  "ADMIN_NO_SRP_AUTH",
  "NEW_PASSWORD_REQUIRED",
  "SMS_OTP",
  "PASSWORD",
  "WEB_AUTHN",
  "PASSWORD_SRP",
);
export const ChallengeResponsesType = map(StringType, StringType, { sensitive: true });
export const TokenModelType = string({ pattern: "[A-Za-z0-9-_=.]+", sensitive: true });
export const ClientSecretType = string({
  min: 24,
  max: 64,
  pattern: String.raw`[\w+]+`,
  sensitive: true,
});
export const ClientSecretIdType = string({ min: 1, max: 128 });
export const DeviceKeyType = string({ min: 1, max: 55, pattern: String.raw`[\w-]+_[0-9a-f-]+` });
export const DeviceNameType = string({ min: 1, max: 1024 });
export const DeviceRememberedStatusType = oneOf("remembered", "not_remembered");
/** AWS does not call it sensitive; the verifier is as good as a hash of the device's secret. */
export const DeviceSecretVerifierConfigType = hidden(
  structure<Sdk.DeviceSecretVerifierConfigType>({
    PasswordVerifier: StringType,
    Salt: StringType,
  }),
);
export const RevokeAssociatedSessionsType = oneOf("LINKED", "NONE");
/** The API reference states its form in words, without a pattern. */
export const SessionIdType = string({ min: 28, max: 28, pattern: "(tkn|sso)[a-z0-9]{25}" });
export const EventIdType = string({ min: 1, max: 50, pattern: String.raw`[\w+-]+` });
export const FeedbackValueType = oneOf("Valid", "Invalid");
export const MessageActionType = oneOf("RESEND", "SUPPRESS");
export const DeliveryMediumType = oneOf("SMS", "EMAIL");
export const DeliveryMediumListType = list(DeliveryMediumType);
export const BooleanType = boolean;
export const AttributeNameListType = list(AttributeNameType);
export const SearchedAttributeNamesListType = list(AttributeNameType);
export const QueryLimitType = integer({ min: 0, max: 60 });
export const SearchPaginationTokenType = string({ min: 1, pattern: String.raw`[\S]+` });
export const UserFilterType = string({ max: 256 });
export const GroupNameType = string({
  min: 1,
  max: 128,
  pattern: String.raw`[\p{L}\p{M}\p{S}\p{N}\p{P}]+`,
});
export const DescriptionType = string({ max: 2048 });
export const ArnType = string({
  min: 20,
  max: 2048,
  pattern: String.raw`arn:[\w+=/,.@-]+:[\w+=/,.@-]+:([\w+=/,.@-]*)?:[0-9]+:[\w+=/,.@-]+(:[\w+=/,.@-]+)?(:[\w+=/,.@-]+)?`,
});
export const PrecedenceType = integer({ min: 0 });
export const PaginationKey = string({ min: 1, max: 131072, pattern: String.raw`[\S]+` });
export const QueryLimit = integer({ min: 1, max: 60 });
export const ClientTypeType = oneOf("DCR", "REGULAR");
export const PaginationKeyType = string({ min: 1, pattern: String.raw`[\S]+` });
export const PoolQueryLimitType = integer({ min: 1, max: 60 });
export const WebAuthnCredentialsQueryLimitType = integer({ min: 0, max: 20 });
/** A RegistrationResponseJSON, which AWS takes as any document; its longest part is the attestation. */
export const PasskeyCredentialType = hidden(document({ max: 65_536 }));
export const SMSMfaSettingsType = structure<Sdk.SMSMfaSettingsType>({
  Enabled: BooleanType,
  PreferredMfa: BooleanType,
});
export const SoftwareTokenMfaSettingsType = structure<Sdk.SoftwareTokenMfaSettingsType>({
  Enabled: BooleanType,
  PreferredMfa: BooleanType,
});
export const EmailMfaSettingsType = structure<Sdk.EmailMfaSettingsType>({
  Enabled: BooleanType,
  PreferredMfa: BooleanType,
});
export const WebAuthnMfaSettingsType = structure<Sdk.WebAuthnMfaSettingsType>({
  Enabled: BooleanType,
});
export const MFAOptionType = structure<Sdk.MFAOptionType>({
  DeliveryMedium: DeliveryMediumType,
  AttributeName: AttributeNameType,
});
export const MFAOptionListType = list(MFAOptionType);
export const SoftwareTokenMFAUserCodeType = string({
  min: 6,
  max: 6,
  pattern: "[0-9]+",
  sensitive: true,
});
