import {
  managedLoginBranding,
  terms,
  uiCustomizationAttachment,
} from "./branding-resource-types.ts";
import { userPoolDomain, userPoolResourceServer } from "./hosted-login-resource-types.ts";
import {
  flag,
  integer,
  listOf,
  mapOfText,
  type ObjectOf,
  object,
  oneOf,
  refused,
  replaces,
  required,
  text,
} from "./property-types.ts";
import { noMetadata, type ResourceType } from "./resource-type.ts";

const attributeNames = oneOf("email", "phone_number");

// "Required" here means that the API call behind the property fails without it, also where the
// reference says "No": the template's author hears of it with a line instead of halfway through a stack.
const versionedLambda = <const Versions extends readonly string[]>(...versions: Versions) =>
  object({ LambdaArn: required(text), LambdaVersion: required(oneOf(...versions)) });

const lambdaConfig = object({
  CreateAuthChallenge: text,
  CustomEmailSender: versionedLambda("V1_0"),
  CustomMessage: text,
  CustomSMSSender: versionedLambda("V1_0"),
  DefineAuthChallenge: text,
  InboundFederation: versionedLambda("V1_0"),
  KMSKeyID: text,
  PostAuthentication: text,
  PostConfirmation: text,
  PreAuthentication: text,
  PreSignUp: text,
  PreTokenGeneration: text,
  PreTokenGenerationConfig: versionedLambda("V1_0", "V2_0", "V3_0"),
  UserMigration: text,
  VerifyAuthChallengeResponse: text,
});

const schemaAttribute = object({
  AttributeDataType: oneOf("String", "Number", "DateTime", "Boolean"),
  DeveloperOnlyAttribute: flag,
  Mutable: flag,
  Name: text,
  NumberAttributeConstraints: object({ MaxValue: text, MinValue: text }),
  Required: flag,
  StringAttributeConstraints: object({ MaxLength: text, MinLength: text }),
});

const smsConfiguration = object({
  EumsSms: object({
    CallerArn: required(text),
    ConfigurationSetName: text,
    ExternalId: text,
    InEntityId: text,
    InTemplateId: text,
    OriginationIdentity: text,
    Region: text,
  }),
  ExternalId: text,
  SnsCallerArn: text,
  SnsRegion: text,
});

const userPool = {
  properties: {
    AccountRecoverySetting: object({
      RecoveryMechanisms: listOf(
        object({
          Name: required(oneOf("verified_email", "verified_phone_number", "admin_only")),
          Priority: required(integer),
        }),
      ),
    }),
    AdminCreateUserConfig: object({
      AllowAdminCreateUserOnly: flag,
      InviteMessageTemplate: object({ EmailMessage: text, EmailSubject: text, SMSMessage: text }),
      UnusedAccountValidityDays: integer,
    }),
    // Not in UpdateUserPool, whatever the reference says ("Updates are not allowed for property").
    AliasAttributes: refused(listOf(oneOf("email", "phone_number", "preferred_username"))),
    AutoVerifiedAttributes: listOf(attributeNames),
    DeletionProtection: oneOf("ACTIVE", "INACTIVE"),
    DeviceConfiguration: object({
      ChallengeRequiredOnNewDevice: flag,
      DeviceOnlyRememberedOnUserPrompt: flag,
    }),
    EmailAuthenticationMessage: text,
    EmailAuthenticationSubject: text,
    EmailConfiguration: object({
      ConfigurationSet: text,
      EmailSendingAccount: oneOf("COGNITO_DEFAULT", "DEVELOPER"),
      From: text,
      ReplyToEmailAddress: text,
      SourceArn: text,
    }),
    EmailVerificationMessage: text,
    EmailVerificationSubject: text,
    EnabledMfas: listOf(oneOf("SMS_MFA", "SOFTWARE_TOKEN_MFA", "EMAIL_OTP")),
    IssuerConfiguration: object({ Type: oneOf("ORIGINAL", "UPDATED") }),
    KeyConfiguration: object({
      KeyType: oneOf("AWS_OWNED_KEY", "CUSTOMER_MANAGED_KEY"),
      KmsKeyArn: text,
    }),
    LambdaConfig: lambdaConfig,
    MfaConfiguration: oneOf("OFF", "ON", "OPTIONAL"),
    Policies: object({
      PasswordPolicy: object({
        MinimumLength: integer,
        PasswordHistorySize: integer,
        RequireLowercase: flag,
        RequireNumbers: flag,
        RequireSymbols: flag,
        RequireUppercase: flag,
        TemporaryPasswordValidityDays: integer,
      }),
      SignInPolicy: object({
        AllowedFirstAuthFactors: listOf(
          oneOf("PASSWORD", "EMAIL_OTP", "SMS_OTP", "WEB_AUTHN", "SOFTWARE_TOKEN"),
        ),
      }),
    }),
    Schema: listOf(schemaAttribute),
    SmsAuthenticationMessage: text,
    SmsConfiguration: smsConfiguration,
    SmsVerificationMessage: text,
    UserAttributeUpdateSettings: object({
      AttributesRequireVerificationBeforeUpdate: required(listOf(attributeNames)),
    }),
    UsernameAttributes: refused(listOf(attributeNames)),
    // "This configuration is immutable after you set it."
    UsernameConfiguration: refused(object({ CaseSensitive: required(flag) })),
    UserPoolAddOns: object({
      AdvancedSecurityAdditionalFlows: object({ CustomAuthMode: oneOf("AUDIT", "ENFORCED") }),
      AdvancedSecurityMode: required(oneOf("OFF", "AUDIT", "ENFORCED")),
    }),
    UserPoolName: text,
    UserPoolTags: mapOfText,
    UserPoolTier: oneOf("LITE", "ESSENTIALS", "PLUS"),
    VerificationMessageTemplate: object({
      DefaultEmailOption: oneOf("CONFIRM_WITH_LINK", "CONFIRM_WITH_CODE"),
      EmailMessage: text,
      EmailMessageByLink: text,
      EmailSubject: text,
      EmailSubjectByLink: text,
      SmsMessage: text,
    }),
    WebAuthnFactorConfiguration: oneOf("SINGLE_FACTOR", "MULTI_FACTOR_WITH_USER_VERIFICATION"),
    WebAuthnRelyingPartyID: text,
    WebAuthnUserVerification: oneOf("required", "preferred"),
  },
  attributes: ["Arn", "ProviderName", "ProviderURL", "UserPoolId"],
  withheldAttributes: {},
  // UserPoolIdType
  metadata: { id: /^(?=.{1,55}$)[\w-]+_[0-9a-zA-Z]+$/, extensions: true },
} as const satisfies ResourceType;

const userPoolClient = {
  properties: {
    AccessTokenValidity: integer,
    AllowedOAuthFlows: listOf(oneOf("code", "implicit", "client_credentials")),
    AllowedOAuthFlowsUserPoolClient: flag,
    AllowedOAuthScopes: listOf(text),
    AnalyticsConfiguration: object({
      ApplicationArn: text,
      ApplicationId: text,
      ExternalId: text,
      RoleArn: text,
      UserDataShared: flag,
    }),
    AuthSessionValidity: integer,
    CallbackURLs: listOf(text),
    ClientName: text,
    DefaultRedirectURI: text,
    EnablePropagateAdditionalUserContextData: flag,
    EnableTokenRevocation: flag,
    ExplicitAuthFlows: listOf(
      oneOf(
        "ADMIN_NO_SRP_AUTH",
        "CUSTOM_AUTH_FLOW_ONLY",
        "USER_PASSWORD_AUTH",
        "ALLOW_ADMIN_USER_PASSWORD_AUTH",
        "ALLOW_CUSTOM_AUTH",
        "ALLOW_USER_PASSWORD_AUTH",
        "ALLOW_USER_SRP_AUTH",
        "ALLOW_REFRESH_TOKEN_AUTH",
        "ALLOW_USER_AUTH",
      ),
    ),
    GenerateSecret: replaces(flag),
    IdTokenValidity: integer,
    LogoutURLs: listOf(text),
    PreventUserExistenceErrors: oneOf("LEGACY", "ENABLED"),
    ReadAttributes: listOf(text),
    RefreshTokenRotation: object({
      Feature: required(oneOf("ENABLED", "DISABLED")),
      RetryGracePeriodSeconds: integer,
    }),
    RefreshTokenValidity: integer,
    SupportedIdentityProviders: listOf(text),
    TokenValidityUnits: object({
      AccessToken: oneOf("seconds", "minutes", "hours", "days"),
      IdToken: oneOf("seconds", "minutes", "hours", "days"),
      RefreshToken: oneOf("seconds", "minutes", "hours", "days"),
    }),
    UserPoolId: replaces(required(text)),
    WriteAttributes: listOf(text),
  },
  attributes: ["ClientId"],
  // A stack's state and outputs are kept and shown; a secret is neither.
  withheldAttributes: {
    ClientSecret: "a client secret is not handed out by templates; DescribeUserPoolClient shows it",
  },
  // ClientIdType
  metadata: { id: /^[\w+]{1,128}$/, extensions: true },
} as const satisfies ResourceType;

const userPoolGroup = {
  properties: {
    Description: text,
    GroupName: replaces(text),
    Precedence: integer,
    RoleArn: text,
    UserPoolId: replaces(required(text)),
  },
  attributes: [],
  withheldAttributes: {},
  metadata: noMetadata,
} as const satisfies ResourceType;

const attributeType = object({ Name: required(text), Value: text });

const userPoolUser = {
  properties: {
    ClientMetadata: replaces(mapOfText),
    DesiredDeliveryMediums: replaces(listOf(oneOf("SMS", "EMAIL"))),
    ForceAliasCreation: replaces(flag),
    MessageAction: replaces(oneOf("RESEND", "SUPPRESS")),
    UserAttributes: replaces(listOf(attributeType)),
    Username: replaces(text),
    UserPoolId: replaces(required(text)),
    ValidationData: replaces(listOf(attributeType)),
  },
  attributes: [],
  withheldAttributes: {},
  metadata: noMetadata,
} as const satisfies ResourceType;

const userPoolUserToGroupAttachment = {
  properties: {
    GroupName: replaces(required(text)),
    Username: replaces(required(text)),
    UserPoolId: replaces(required(text)),
  },
  attributes: [],
  withheldAttributes: {},
  metadata: noMetadata,
} as const satisfies ResourceType;

/** Code, Role and sizes are for AWS; what runs here is in the metadata. */
const lambdaFunction = {
  properties: {
    Architectures: listOf(oneOf("x86_64", "arm64")),
    Code: required(
      object({
        ImageUri: text,
        S3Bucket: text,
        S3Key: text,
        S3ObjectVersion: text,
        SourceKMSKeyArn: text,
        ZipFile: text,
      }),
    ),
    CodeSigningConfigArn: text,
    DeadLetterConfig: object({ TargetArn: text }),
    Description: text,
    Environment: object({ Variables: mapOfText }),
    EphemeralStorage: object({ Size: required(integer) }),
    FunctionName: replaces(text),
    Handler: text,
    ImageConfig: object({
      Command: listOf(text),
      EntryPoint: listOf(text),
      WorkingDirectory: text,
    }),
    KmsKeyArn: text,
    Layers: listOf(text),
    LoggingConfig: object({
      ApplicationLogLevel: text,
      LogFormat: oneOf("Text", "JSON"),
      LogGroup: text,
      SystemLogLevel: text,
    }),
    MemorySize: integer,
    PackageType: oneOf("Image", "Zip"),
    RecursiveLoop: oneOf("Allow", "Terminate"),
    ReservedConcurrentExecutions: integer,
    Role: required(text),
    Runtime: text,
    SnapStart: object({ ApplyOn: required(oneOf("PublishedVersions", "None")) }),
    Tags: listOf(object({ Key: required(text), Value: text })),
    Timeout: integer,
    TracingConfig: object({ Mode: oneOf("Active", "PassThrough") }),
    VpcConfig: object({
      Ipv6AllowedForDualStack: flag,
      SecurityGroupIds: listOf(text),
      SubnetIds: listOf(text),
    }),
  },
  attributes: ["Arn"],
  withheldAttributes: {},
  metadata: { id: undefined, extensions: true },
} as const satisfies ResourceType;

/** What narrows it further on AWS, such as PrincipalOrgID, is missing here: it must not be written and then ignored. */
const lambdaPermission = {
  properties: {
    Action: required(oneOf("lambda:InvokeFunction")),
    FunctionName: required(text),
    Principal: required(text),
    SourceAccount: text,
    SourceArn: text,
  },
  attributes: [],
  withheldAttributes: {},
  metadata: noMetadata,
} as const satisfies ResourceType;

export const resourceTypes = {
  "AWS::Cognito::ManagedLoginBranding": managedLoginBranding,
  "AWS::Cognito::Terms": terms,
  "AWS::Cognito::UserPool": userPool,
  "AWS::Cognito::UserPoolClient": userPoolClient,
  "AWS::Cognito::UserPoolDomain": userPoolDomain,
  "AWS::Cognito::UserPoolGroup": userPoolGroup,
  "AWS::Cognito::UserPoolResourceServer": userPoolResourceServer,
  "AWS::Cognito::UserPoolUICustomizationAttachment": uiCustomizationAttachment,
  "AWS::Cognito::UserPoolUser": userPoolUser,
  "AWS::Cognito::UserPoolUserToGroupAttachment": userPoolUserToGroupAttachment,
  "AWS::Lambda::Function": lambdaFunction,
  "AWS::Lambda::Permission": lambdaPermission,
} as const satisfies Readonly<Record<string, ResourceType>>;

export type ResourceTypeName = keyof typeof resourceTypes;

/** The evaluated properties of a resource of type `T`, as CloudFormation spells and types them. */
export type PropertiesOf<T extends ResourceTypeName> = ObjectOf<
  (typeof resourceTypes)[T]["properties"]
>;

export function isResourceTypeName(name: string): name is ResourceTypeName {
  return Object.hasOwn(resourceTypes, name);
}

/** The table's entry for a name, whatever the name is. */
export function resourceTypeOf(name: string): ResourceType | undefined {
  return isResourceTypeName(name) ? resourceTypes[name] : undefined;
}
