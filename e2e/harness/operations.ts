/** Every operation with an input that is good. */
import { password } from "./users.ts";

/** What the inputs name. */
export type Stage = {
  readonly UserPoolId: string;
  readonly ClientId: string;
  readonly accessToken: string;
  readonly refreshToken: string;
};

export type Input = Readonly<Record<string, unknown>>;

type Operation = {
  readonly caller: "public" | "token" | "iam";
  readonly required: readonly string[];
  readonly input: (stage: Stage) => Input;
};

const publicly = (input: Operation["input"], ...required: string[]): Operation => ({
  caller: "public",
  required: ["ClientId", ...required],
  input: (stage) => ({ ClientId: stage.ClientId, ClientMetadata: { a: "b" }, ...input(stage) }),
});
const byToken = (input: Input = {}, ...required: string[]): Operation => ({
  caller: "token",
  required: ["AccessToken", ...required],
  input: ({ accessToken }) => ({ AccessToken: accessToken, ...input }),
});
const inPool = (input: Input = {}, ...required: string[]): Operation => ({
  caller: "iam",
  required: ["UserPoolId", ...required],
  input: ({ UserPoolId }) => ({ UserPoolId, ...input }),
});
const ofClient = (input: Input = {}, ...required: string[]): Operation => ({
  caller: "iam",
  required: ["UserPoolId", "ClientId", ...required],
  input: ({ UserPoolId, ClientId }) => ({ UserPoolId, ClientId, ...input }),
});
const ofFunction = (input: Input = {}, ...required: string[]): Operation => ({
  caller: "iam",
  required: ["FunctionName", ...required],
  input: () => ({ FunctionName: "by-invitation", ...input }),
});
const onUser = (input: Input = {}, ...required: string[]): Operation =>
  inPool({ Username: "victim", ...input }, "Username", ...required);
const onGroup = (input: Input = {}): Operation =>
  inPool({ GroupName: "group", ...input }, "GroupName");

const Username = "victim";
const DeviceKey = "us-east-1_0";
const UserAttributes = [{ Name: "given_name", Value: "Ada" }];
const ClientMetadata = { a: "b" };
const AnalyticsMetadata = { AnalyticsEndpointId: "a" };
const UserContextData = { IpAddress: "192.0.2.1", EncodedData: "a" };
const ContextData = {
  IpAddress: "192.0.2.1",
  ServerName: "a",
  ServerPath: "/",
  HttpHeaders: [{ headerName: "a", headerValue: "b" }],
};
const proof = {
  USERNAME: Username,
  PASSWORD_CLAIM_SIGNATURE: "a",
  PASSWORD_CLAIM_SECRET_BLOCK: "a",
  TIMESTAMP: "Thu Jan 1 00:00:00 UTC 2026",
};
const ofDomain = {
  Domain: "login.shop.example",
  ManagedLoginVersion: 2,
  CustomDomainConfig: {
    CertificateArn: "arn:aws:acm:us-east-1:123456789012:certificate/a",
    SecurityPolicy: "TLS_V1_2_2021",
  },
};
const ofApi = {
  Identifier: "orders",
  Name: "Orders",
  Scopes: [{ ScopeName: "read", ScopeDescription: "Read orders" }],
};
const png =
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
const ofBranding = {
  UseCognitoProvidedValues: false,
  Settings: {},
  Assets: [
    { Category: "FORM_LOGO", ColorMode: "LIGHT", Extension: "PNG", Bytes: png, ResourceId: "a" },
  ],
};
const uuid = "00000000-0000-4000-8000-000000000000";
const ofTerms = {
  TermsName: "terms-of-use",
  TermsSource: "LINK",
  Enforcement: "NONE",
  Links: { "cognito:default": "https://example.com/terms" },
};
const ofPool = {
  Policies: { PasswordPolicy: { MinimumLength: 8, RequireSymbols: true } },
  DeletionProtection: "INACTIVE",
  AutoVerifiedAttributes: ["email"],
  EmailVerificationMessage: "Your code is {####}",
  EmailVerificationSubject: "Your code",
  SmsVerificationMessage: "Your code is {####}",
  VerificationMessageTemplate: { DefaultEmailOption: "CONFIRM_WITH_CODE" },
  UserAttributeUpdateSettings: { AttributesRequireVerificationBeforeUpdate: ["email"] },
  MfaConfiguration: "OFF",
  DeviceConfiguration: { ChallengeRequiredOnNewDevice: false },
  EmailConfiguration: { EmailSendingAccount: "COGNITO_DEFAULT" },
  UserPoolTags: { a: "b" },
  AdminCreateUserConfig: { AllowAdminCreateUserOnly: false },
  AccountRecoverySetting: { RecoveryMechanisms: [{ Priority: 1, Name: "verified_email" }] },
  UserPoolTier: "ESSENTIALS",
};
const ofApp = {
  RefreshTokenValidity: 30,
  AccessTokenValidity: 1,
  IdTokenValidity: 1,
  TokenValidityUnits: { AccessToken: "hours", IdToken: "hours", RefreshToken: "days" },
  ReadAttributes: ["email"],
  WriteAttributes: ["email"],
  ExplicitAuthFlows: ["ALLOW_USER_SRP_AUTH"],
  CallbackURLs: ["https://example.com/"],
  AllowedOAuthFlows: ["code"],
  AllowedOAuthScopes: ["openid"],
  AllowedOAuthFlowsUserPoolClient: true,
  PreventUserExistenceErrors: "ENABLED",
  EnableTokenRevocation: true,
  AuthSessionValidity: 3,
  RefreshTokenRotation: { Feature: "ENABLED", RetryGracePeriodSeconds: 0 },
};

/** The operations of user pools; those that end something come after those that need it. */
export const operations: Readonly<Record<string, Operation>> = {
  ListUserPools: { caller: "iam", required: ["MaxResults"], input: () => ({ MaxResults: 10 }) },
  DescribeUserPool: inPool(),
  CreateUserPool: {
    caller: "iam",
    required: ["PoolName"],
    input: () => ({
      PoolName: "more",
      AliasAttributes: ["email"],
      UsernameConfiguration: { CaseSensitive: false },
      Schema: [{ Name: "hat", AttributeDataType: "String", Mutable: true }],
      ...ofPool,
    }),
  },
  UpdateUserPool: inPool({ PoolName: "other", ...ofPool }),
  AddCustomAttributes: inPool(
    {
      CustomAttributes: [
        {
          Name: "size",
          AttributeDataType: "Number",
          NumberAttributeConstraints: { MinValue: "1", MaxValue: "9" },
        },
      ],
    },
    "CustomAttributes",
  ),
  ListUserPoolClients: inPool({ MaxResults: 10 }),
  DescribeUserPoolClient: ofClient(),
  CreateUserPoolClient: inPool(
    { ClientName: "more", GenerateSecret: true, ...ofApp },
    "ClientName",
  ),
  ListUserPoolClientSecrets: ofClient(),
  ListUsers: inPool({ AttributesToGet: ["email"], Limit: 10, Filter: 'username = "victim"' }),
  ListGroups: inPool({ Limit: 10 }),
  ListUsersInGroup: onGroup({ Limit: 10 }),
  GetGroup: onGroup(),
  CreateGroup: inPool(
    {
      GroupName: "more",
      Description: "a",
      RoleArn: "arn:aws:iam::123456789012:role/a",
      Precedence: 1,
    },
    "GroupName",
  ),
  UpdateGroup: onGroup({ Description: "b", Precedence: 2 }),
  AdminGetUser: onUser(),
  AdminListGroupsForUser: onUser({ Limit: 10 }),
  AdminAddUserToGroup: onUser({ GroupName: "group" }, "GroupName"),
  AdminCreateUser: inPool(
    {
      Username: "more",
      UserAttributes: [{ Name: "email", Value: "more@example.com" }],
      ValidationData: [{ Name: "a", Value: "b" }],
      TemporaryPassword: password,
      ForceAliasCreation: false,
      MessageAction: "SUPPRESS",
      DesiredDeliveryMediums: ["EMAIL"],
      ClientMetadata,
    },
    "Username",
  ),
  AdminUpdateUserAttributes: onUser({ UserAttributes, ClientMetadata }, "UserAttributes"),
  AdminDeleteUserAttributes: onUser({ UserAttributeNames: ["nickname"] }, "UserAttributeNames"),
  AdminConfirmSignUp: onUser({ ClientMetadata }),
  AdminInitiateAuth: ofClient(
    {
      AuthFlow: "ADMIN_USER_PASSWORD_AUTH",
      AuthParameters: { USERNAME: Username, PASSWORD: password },
      ClientMetadata,
      AnalyticsMetadata,
      ContextData,
    },
    "AuthFlow",
  ),
  AdminRespondToAuthChallenge: ofClient(
    {
      ChallengeName: "PASSWORD_VERIFIER",
      ChallengeResponses: proof,
      Session: "a".repeat(20),
      ContextData,
    },
    "ChallengeName",
  ),
  SignUp: publicly(
    () => ({
      Username: "newcomer",
      Password: password,
      UserAttributes: [{ Name: "email", Value: "newcomer@example.com" }],
      ValidationData: [{ Name: "a", Value: "b" }],
      AnalyticsMetadata,
      UserContextData,
    }),
    "Username",
  ),
  ResendConfirmationCode: publicly(() => ({ Username }), "Username"),
  ConfirmSignUp: publicly(
    () => ({ Username, ConfirmationCode: "123456", ForceAliasCreation: false, SecretHash: "a" }),
    "Username",
    "ConfirmationCode",
  ),
  InitiateAuth: publicly(
    () => ({
      AuthFlow: "USER_PASSWORD_AUTH",
      AuthParameters: { USERNAME: Username, PASSWORD: password },
      AnalyticsMetadata,
      UserContextData,
    }),
    "AuthFlow",
  ),
  RespondToAuthChallenge: publicly(
    () => ({
      ChallengeName: "PASSWORD_VERIFIER",
      ChallengeResponses: proof,
      Session: "a".repeat(20),
    }),
    "ChallengeName",
  ),
  GetTokensFromRefreshToken: publicly(
    ({ refreshToken }) => ({
      RefreshToken: refreshToken,
      ClientSecret: "a".repeat(24),
      DeviceKey,
    }),
    "RefreshToken",
  ),
  ForgotPassword: publicly(() => ({ Username }), "Username"),
  ConfirmForgotPassword: publicly(
    () => ({ Username, ConfirmationCode: "123456", Password: password }),
    "Username",
    "ConfirmationCode",
    "Password",
  ),
  GetUser: byToken(),
  UpdateUserAttributes: byToken({ UserAttributes, ClientMetadata }, "UserAttributes"),
  DeleteUserAttributes: byToken({ UserAttributeNames: ["nickname"] }, "UserAttributeNames"),
  GetUserAttributeVerificationCode: byToken({ AttributeName: "email" }, "AttributeName"),
  VerifyUserAttribute: byToken({ AttributeName: "email", Code: "123456" }, "AttributeName", "Code"),
  ChangePassword: byToken(
    { PreviousPassword: password, ProposedPassword: `${password}-2` },
    "ProposedPassword",
  ),
  GetUserPoolSessionConfiguration: inPool(),
  GetUserPoolClientSessionConfiguration: ofClient(),
  SetUserPoolSessionConfiguration: inPool(
    { UserSessionTracking: "ENABLED", TokenSession: { MaxPerUser: 20 } },
    "UserSessionTracking",
    "TokenSession",
  ),
  SetUserPoolClientSessionConfiguration: ofClient(
    { SSOSession: { MaxValidityMinutes: 60 } },
    "SSOSession",
  ),
  ListUserSessions: byToken(),
  AdminListUserSessions: onUser(),
  RevokeUserSession: byToken(
    { SessionId: `tkn${"a".repeat(25)}`, RevokeAssociatedSessions: "NONE" },
    "SessionId",
  ),
  AdminRevokeUserSession: onUser(
    { SessionId: `tkn${"a".repeat(25)}`, RevokeAssociatedSessions: "NONE" },
    "SessionId",
  ),
  AdminListUserAuthEvents: onUser({ MaxResults: 10, NextToken: "a" }),
  AdminUpdateAuthEventFeedback: onUser(
    { EventId: "a", FeedbackValue: "Valid" },
    "EventId",
    "FeedbackValue",
  ),
  SetRiskConfiguration: inPool({
    CompromisedCredentialsRiskConfiguration: {
      EventFilter: ["SIGN_IN"],
      Actions: { EventAction: "NO_ACTION" },
    },
    RiskExceptionConfiguration: { SkippedIPRangeList: ["192.0.2.0/24"] },
  }),
  DescribeRiskConfiguration: inPool(),
  StartWebAuthnRegistration: byToken(),
  CompleteWebAuthnRegistration: byToken({ Credential: {} }, "Credential"),
  ListWebAuthnCredentials: byToken({ MaxResults: 10 }),
  DeleteWebAuthnCredential: byToken({ CredentialId: "a" }, "CredentialId"),
  ConfirmDevice: byToken(
    {
      DeviceKey,
      DeviceName: "a",
      DeviceSecretVerifierConfig: { Salt: "YQ==", PasswordVerifier: "YQ==" },
    },
    "DeviceKey",
  ),
  UpdateDeviceStatus: byToken({ DeviceKey, DeviceRememberedStatus: "remembered" }, "DeviceKey"),
  GetDevice: byToken({ DeviceKey }, "DeviceKey"),
  ListDevices: byToken({ Limit: 10, PaginationToken: "a" }),
  ForgetDevice: byToken({ DeviceKey }, "DeviceKey"),
  AdminGetDevice: onUser({ DeviceKey }, "DeviceKey"),
  AdminListDevices: onUser({ Limit: 10, PaginationToken: "a" }),
  AdminUpdateDeviceStatus: onUser({ DeviceKey, DeviceRememberedStatus: "remembered" }, "DeviceKey"),
  AdminForgetDevice: onUser({ DeviceKey }, "DeviceKey"),
  GetClientToken: publicly(() => ({ Secret: "a".repeat(24), Scopes: ["orders/read"] }), "Secret"),
  RevokeToken: {
    caller: "public",
    required: ["Token", "ClientId"],
    input: ({ ClientId, refreshToken }) => ({
      Token: refreshToken,
      ClientId,
      RevokeAssociatedSessions: "NONE",
    }),
  },
  AdminSetUserPassword: onUser({ Password: password, Permanent: true }, "Password"),
  AdminResetUserPassword: onUser({ ClientMetadata }),
  AdminUserGlobalSignOut: onUser(),
  AdminDisableUser: onUser(),
  AdminEnableUser: onUser(),
  AdminRemoveUserFromGroup: onUser({ GroupName: "group" }, "GroupName"),
  GetUserPoolMfaConfig: inPool(),
  SetUserPoolMfaConfig: inPool({
    MfaConfiguration: "OPTIONAL",
    SmsMfaConfiguration: {
      SmsAuthenticationMessage: "Your code is {####}",
      SmsConfiguration: { SnsCallerArn: "arn:aws:iam::123456789012:role/a" },
    },
    SoftwareTokenMfaConfiguration: { Enabled: true },
    WebAuthnConfiguration: { RelyingPartyId: "app.example", UserVerification: "required" },
  }),
  AssociateSoftwareToken: { ...byToken(), caller: "public", required: [] },
  VerifySoftwareToken: {
    ...byToken({ UserCode: "123456", FriendlyDeviceName: "a" }),
    caller: "public",
    required: ["UserCode"],
  },
  AdminDeleteSoftwareToken: onUser(),
  SetUserMFAPreference: byToken({
    SoftwareTokenMfaSettings: { Enabled: false, PreferredMfa: false },
    SMSMfaSettings: { Enabled: false },
    EmailMfaSettings: { Enabled: false },
    WebAuthnMfaSettings: { Enabled: false },
  }),
  AdminSetUserMFAPreference: onUser({ SMSMfaSettings: { Enabled: false, PreferredMfa: false } }),
  SetUserSettings: byToken({ MFAOptions: [] }, "MFAOptions"),
  AdminSetUserSettings: onUser({ MFAOptions: [] }, "MFAOptions"),
  GetUserAuthFactors: byToken(),
  AdminGetUserAuthFactors: onUser(),
  AddUserPoolClientSecret: ofClient({ ClientSecret: "a".repeat(24) }),
  DeleteUserPoolClientSecret: ofClient({ ClientSecretId: "a--1" }, "ClientSecretId"),
  UpdateUserPoolClient: ofClient({ ClientName: "other", ...ofApp }),
  DescribeUserPoolDomain: { ...inPool(), required: ["Domain"], input: () => ({ Domain: "more" }) },
  CreateUserPoolDomain: inPool(ofDomain, "Domain"),
  UpdateUserPoolDomain: inPool(ofDomain, "Domain"),
  DeleteUserPoolDomain: inPool({ Domain: "more" }, "Domain"),
  ListResourceServers: inPool({ MaxResults: 10, NextToken: "a" }),
  DescribeResourceServer: inPool({ Identifier: "orders" }, "Identifier"),
  CreateResourceServer: inPool(ofApi, "Identifier", "Name"),
  UpdateResourceServer: inPool(ofApi, "Identifier", "Name"),
  DeleteResourceServer: inPool({ Identifier: "orders" }, "Identifier"),
  DescribeManagedLoginBrandingByClient: ofClient({ ReturnMergedResources: true }),
  CreateManagedLoginBranding: ofClient(ofBranding),
  DescribeManagedLoginBranding: inPool(
    { ManagedLoginBrandingId: uuid, ReturnMergedResources: true },
    "ManagedLoginBrandingId",
  ),
  UpdateManagedLoginBranding: inPool(
    { ManagedLoginBrandingId: uuid, ...ofBranding },
    "ManagedLoginBrandingId",
  ),
  DeleteManagedLoginBranding: inPool({ ManagedLoginBrandingId: uuid }, "ManagedLoginBrandingId"),
  GetUICustomization: inPool({ ClientId: "ALL" }),
  SetUICustomization: inPool({
    ClientId: "ALL",
    CSS: ".banner-customizable { color: red }",
    ImageFile: png,
  }),
  ListTerms: inPool({ MaxResults: 10, NextToken: "a" }),
  DescribeTermsByClient: ofClient({ TermsName: "terms-of-use" }, "TermsName"),
  CreateTerms: ofClient(ofTerms, "TermsName", "TermsSource", "Enforcement"),
  DescribeTerms: inPool({ TermsId: uuid }, "TermsId"),
  UpdateTerms: inPool({ TermsId: uuid, ...ofTerms }, "TermsId"),
  DeleteTerms: inPool({ TermsId: uuid }, "TermsId"),
  GetSigningCertificate: inPool(),
  GlobalSignOut: byToken(),
  DeleteUser: byToken(),
  DeleteGroup: onGroup(),
  AdminDeleteUser: onUser(),
  DeleteUserPoolClient: ofClient(),
  DeleteUserPool: inPool(),
};

/** Our own, whose wire is the same. */
export const ownOperations: Readonly<Record<string, Operation>> = {
  GetUserPoolExtensions: inPool(),
  PutUserPoolExtensions: inPool({ Extensions: { SrpVerifiers: "off" } }, "Extensions"),
  GetUserPoolClientExtensions: ofClient(),
  PutUserPoolClientExtensions: ofClient({ Extensions: {} }, "Extensions"),
  ApplyStack: {
    caller: "iam",
    required: ["StackName", "TemplateBody"],
    input: () => ({
      StackName: "more",
      TemplateBody: "Resources: {Pool: {Type: AWS::Cognito::UserPool}}",
      Parameters: [{ ParameterKey: "a", ParameterValue: "b" }],
      DryRun: false,
    }),
  },
  DescribeStack: {
    caller: "iam",
    required: ["StackName"],
    input: () => ({ StackName: "poolhouse-demo" }),
  },
  RotateSigningKeys: { ...inPool({ Emergency: false }), required: [] },
  ListAuditEvents: { ...inPool({ AfterSequence: 0, MaxResults: 10 }), required: [] },
  CreateRecoveryCodes: byToken(),
  DescribeRecoveryCodes: byToken(),
  VerifyAuditTrail: { caller: "iam", required: [], input: () => ({}) },
  PutFunction: ofFunction({ Endpoint: "https://hooks.example.com/", Secret: "s".repeat(32) }),
  AddFunctionPermission: ofFunction(
    { StatementId: "pool", Principal: "cognito-idp.amazonaws.com", SourceArn: "arn:aws:a:b:c:d" },
    "StatementId",
    "Principal",
  ),
  GetFunction: ofFunction(),
  ListFunctions: { caller: "iam", required: [], input: () => ({ MaxResults: 10 }) },
  RemoveFunctionPermission: ofFunction({ StatementId: "pool" }, "StatementId"),
  DeleteFunction: ofFunction(),
};

/** Those of KMS, whose wire is the same too. */
export const kmsOperations: Readonly<Record<string, Operation>> = {
  Decrypt: {
    caller: "iam",
    required: ["CiphertextBlob"],
    input: () => ({
      CiphertextBlob: "YQ==",
      EncryptionContext: { a: "b" },
      GrantTokens: ["a"],
      KeyId: "codes",
      EncryptionAlgorithm: "SYMMETRIC_DEFAULT",
    }),
  },
};

/** The good input of an operation. */
export function inputOf(name: string, stage: Stage): Input {
  return operationOf(name).input(stage);
}

/** What is known of an operation; throws for one that is not in the tables. */
export function operationOf(name: string): Operation {
  const operation = operations[name] ?? ownOperations[name] ?? kmsOperations[name];
  if (!operation) throw new Error(`no operation ${name}`);
  return operation;
}
