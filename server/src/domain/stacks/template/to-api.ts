import { isDeepStrictEqual } from "node:util";
import type {
  AddCustomAttributesCommandInput,
  AdminAddUserToGroupCommandInput,
  AdminCreateUserCommandInput,
  CreateGroupCommandInput,
  CreateUserPoolClientCommandInput,
  CreateUserPoolCommandInput,
  SetUserPoolMfaConfigCommandInput,
  UpdateGroupCommandInput,
  UpdateUserPoolClientCommandInput,
  UpdateUserPoolCommandInput,
} from "@aws-sdk/client-cognito-identity-provider";
import type { PropertiesOf } from "./resource-types.ts";

type UserPool = PropertiesOf<"AWS::Cognito::UserPool">;
type UserPoolClient = PropertiesOf<"AWS::Cognito::UserPoolClient">;
type UserPoolGroup = PropertiesOf<"AWS::Cognito::UserPoolGroup">;
type UserPoolUser = PropertiesOf<"AWS::Cognito::UserPoolUser">;
type UserPoolUserToGroupAttachment = PropertiesOf<"AWS::Cognito::UserPoolUserToGroupAttachment">;

// CloudFormation invents a name where the template has none, so every mapping here takes the name to use then.

/** The properties that only SetUserPoolMfaConfig can set. */
function mfaProperties(properties: UserPool): readonly unknown[] {
  return [
    properties.EnabledMfas,
    properties.EmailAuthenticationMessage,
    properties.EmailAuthenticationSubject,
    properties.WebAuthnFactorConfiguration,
    properties.WebAuthnRelyingPartyID,
    properties.WebAuthnUserVerification,
  ];
}

function hasMfaProperties(properties: UserPool): boolean {
  return mfaProperties(properties).some((value) => value !== undefined);
}

/**
 * The call that makes the pool. MfaConfiguration is left to SetUserPoolMfaConfig where that follows: CreateUserPool
 * refuses to switch MFA on before a factor for it is enabled.
 */
export function toCreateUserPoolInput(
  properties: UserPool,
  defaultPoolName: string,
): CreateUserPoolCommandInput {
  return {
    ...sharedPoolInput(properties),
    PoolName: properties.UserPoolName ?? defaultPoolName,
    AliasAttributes: properties.AliasAttributes,
    MfaConfiguration: hasMfaProperties(properties) ? undefined : properties.MfaConfiguration,
    Schema: properties.Schema,
    UsernameAttributes: properties.UsernameAttributes,
    UsernameConfiguration: properties.UsernameConfiguration,
  };
}

/** The call that changes the pool: everything is in it, because what is left out goes back to its default. Send SetUserPoolMfaConfig, if there is one, before it. */
export function toUpdateUserPoolInput(
  properties: UserPool,
  userPoolId: string,
  defaultPoolName: string,
): UpdateUserPoolCommandInput {
  return {
    ...sharedPoolInput(properties),
    UserPoolId: userPoolId,
    PoolName: properties.UserPoolName ?? defaultPoolName,
    MfaConfiguration: properties.MfaConfiguration,
  };
}

function sharedPoolInput(properties: UserPool) {
  return {
    AccountRecoverySetting: properties.AccountRecoverySetting,
    AdminCreateUserConfig: properties.AdminCreateUserConfig,
    AutoVerifiedAttributes: properties.AutoVerifiedAttributes,
    DeletionProtection: properties.DeletionProtection,
    DeviceConfiguration: properties.DeviceConfiguration,
    EmailConfiguration: properties.EmailConfiguration,
    EmailVerificationMessage: properties.EmailVerificationMessage,
    EmailVerificationSubject: properties.EmailVerificationSubject,
    IssuerConfiguration: properties.IssuerConfiguration,
    KeyConfiguration: properties.KeyConfiguration,
    LambdaConfig: properties.LambdaConfig,
    Policies: properties.Policies,
    SmsAuthenticationMessage: properties.SmsAuthenticationMessage,
    SmsConfiguration: properties.SmsConfiguration,
    SmsVerificationMessage: properties.SmsVerificationMessage,
    UserAttributeUpdateSettings: properties.UserAttributeUpdateSettings,
    UserPoolAddOns: properties.UserPoolAddOns,
    UserPoolTags: properties.UserPoolTags,
    UserPoolTier: properties.UserPoolTier,
    VerificationMessageTemplate: properties.VerificationMessageTemplate,
  };
}

/**
 * The call that settles MFA and passkeys, or undefined where the template says nothing of them. On an update, `before`
 * holds the pool's earlier properties, so that a factor taken out of the template is switched off.
 */
export function toSetUserPoolMfaConfigInput(
  properties: UserPool,
  userPoolId: string,
  before?: UserPool,
): SetUserPoolMfaConfigCommandInput | undefined {
  if (!hasMfaProperties(properties) && (before === undefined || !hasMfaProperties(before))) {
    return undefined;
  }
  const factors = properties.EnabledMfas ?? [];
  const message = properties.EmailAuthenticationMessage;
  const subject = properties.EmailAuthenticationSubject;
  return {
    UserPoolId: userPoolId,
    // Left out, it would be set to OFF whatever factors are enabled beside it.
    MfaConfiguration: properties.MfaConfiguration ?? "OFF",
    SoftwareTokenMfaConfiguration: toSoftwareTokenConfiguration(properties),
    SmsMfaConfiguration: factors.includes("SMS_MFA")
      ? {
          SmsAuthenticationMessage: properties.SmsAuthenticationMessage,
          SmsConfiguration: properties.SmsConfiguration,
        }
      : undefined,
    EmailMfaConfiguration:
      factors.includes("EMAIL_OTP") || message !== undefined || subject !== undefined
        ? { Message: message, Subject: subject }
        : undefined,
    WebAuthnConfiguration: toWebAuthnConfiguration(properties),
  };
}

function toSoftwareTokenConfiguration(
  properties: UserPool,
): SetUserPoolMfaConfigCommandInput["SoftwareTokenMfaConfiguration"] {
  const isEnabled = properties.EnabledMfas?.includes("SOFTWARE_TOKEN_MFA") === true;
  const isOff = (properties.MfaConfiguration ?? "OFF") === "OFF";
  // MFA cannot be switched off and configured in one call, so with OFF nothing is said of a factor that is not enabled.
  return isOff && !isEnabled ? undefined : { Enabled: isEnabled };
}

function toWebAuthnConfiguration(
  properties: UserPool,
): SetUserPoolMfaConfigCommandInput["WebAuthnConfiguration"] {
  const configuration = {
    FactorConfiguration: properties.WebAuthnFactorConfiguration,
    RelyingPartyId: properties.WebAuthnRelyingPartyID,
    UserVerification: properties.WebAuthnUserVerification,
  };
  return Object.values(configuration).some((value) => value !== undefined)
    ? configuration
    : undefined;
}

/** How a pool's schema differs from what it was: attributes can be added, and nothing else. */
export interface SchemaChange {
  readonly added: NonNullable<AddCustomAttributesCommandInput["CustomAttributes"]>;
  /** Names of attributes that were changed or taken out, which no call can do. */
  readonly refused: readonly string[];
}

/** Compares the schemas of two versions of a pool. */
export function compareSchemas(before: UserPool, after: UserPool): SchemaChange {
  const earlier = new Map((before.Schema ?? []).map((attribute) => [attribute.Name, attribute]));
  const later = new Map((after.Schema ?? []).map((attribute) => [attribute.Name, attribute]));
  return {
    added: [...later.values()].filter(({ Name }) => !earlier.has(Name)),
    refused: [...earlier]
      .filter(([name, attribute]) => !isDeepStrictEqual(attribute, later.get(name)))
      .map(([name]) => name ?? ""),
  };
}

/** The call that makes the client. */
export function toCreateUserPoolClientInput(
  properties: UserPoolClient,
  defaultClientName: string,
): CreateUserPoolClientCommandInput {
  return {
    ...sharedClientInput(properties, defaultClientName),
    GenerateSecret: properties.GenerateSecret,
  };
}

/** The call that changes the client: everything is in it, because what is left out goes back to its default. */
export function toUpdateUserPoolClientInput(
  properties: UserPoolClient,
  clientId: string,
  defaultClientName: string,
): UpdateUserPoolClientCommandInput {
  return { ...sharedClientInput(properties, defaultClientName), ClientId: clientId };
}

function sharedClientInput(properties: UserPoolClient, defaultClientName: string) {
  const { ClientName, GenerateSecret: _onlyOnCreation, ...rest } = properties;
  return { ...rest, ClientName: ClientName ?? defaultClientName };
}

/** The call that makes the group. */
export function toCreateGroupInput(
  properties: UserPoolGroup,
  defaultGroupName: string,
): CreateGroupCommandInput {
  return { ...properties, GroupName: properties.GroupName ?? defaultGroupName };
}

/** The call that changes the group. */
export function toUpdateGroupInput(
  properties: UserPoolGroup,
  defaultGroupName: string,
): UpdateGroupCommandInput {
  return { ...properties, GroupName: properties.GroupName ?? defaultGroupName };
}

/** The call that makes the user; a template holds no password, so the server or the caller makes one. */
export function toAdminCreateUserInput(
  properties: UserPoolUser,
  defaultUsername: string,
): AdminCreateUserCommandInput {
  return { ...properties, Username: properties.Username ?? defaultUsername };
}

/** The call that puts the user into the group. */
export function toAdminAddUserToGroupInput(
  properties: UserPoolUserToGroupAttachment,
): AdminAddUserToGroupCommandInput {
  return { ...properties };
}
