/** Every operation with an input that is good, and the ways in which it can be bad. */
import { password } from "./users.ts";

/** What the inputs name. */
export type Stage = {
  readonly UserPoolId: string;
  readonly ClientId: string;
  readonly accessToken: string;
  readonly refreshToken: string;
};

type Input = Readonly<Record<string, unknown>>;

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
const onUser = (input: Input = {}, ...required: string[]): Operation =>
  inPool({ Username: "victim", ...input }, "Username", ...required);
const onGroup = (input: Input = {}): Operation =>
  inPool({ GroupName: "group", ...input }, "GroupName");

const Username = "victim";
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
      DeviceKey: "us-east-1_0",
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
  UpdateUserPoolClient: ofClient({ ClientName: "other", ...ofApp }),
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
  VerifyAuditTrail: { caller: "iam", required: [], input: () => ({}) },
};

/** The good input of an operation. */
export function inputOf(name: string, stage: Stage): Input {
  return operationOf(name).input(stage);
}

function operationOf(name: string): Operation {
  const operation = operations[name] ?? ownOperations[name];
  if (!operation) throw new Error(`no operation ${name}`);
  return operation;
}

export type BadBody = {
  readonly what: string;
  readonly body: string | Uint8Array;
  readonly code: "SerializationException" | "InvalidParameterException";
};

const depth = 10_000;

/** Bodies that are no JSON of the operation's shape. */
export function malformedBodies(name: string, stage: Stage): readonly BadBody[] {
  const good = JSON.stringify(inputOf(name, stage));
  /** The good members after this one. */
  const within = (member: string) => `{${member}${good === "{}" ? "" : ","}${good.slice(1)}`;
  const bodies: Readonly<Record<string, string | Uint8Array>> = {
    "no body": "",
    spaces: " \n",
    null: "null",
    "an empty list": "[]",
    "a list of the input": `[${good}]`,
    "a text": '"x"',
    "a number": "1",
    true: "true",
    "no JSON": good.replace(/}$/, ",}"),
    "half of it": good.slice(0, -1),
    "two of it": good + good,
    "an unknown member": within('"Surplus":1'),
    "a member in another case": within('"userPoolId":"x"'),
    __proto__: within('"__proto__":{"UserPoolId":"x"}'),
    constructor: within('"constructor":{"prototype":{"UserPoolId":"x"}}'),
    "a key twice": within('"Surplus":1,"Surplus":2'),
    "a key twice, once escaped": within('"\\u0053urplus":1,"Surplus":2'),
    "lists too deep": "[".repeat(depth) + "]".repeat(depth),
    "objects too deep": `${'{"a":'.repeat(depth)}1${"}".repeat(depth)}`,
    "a member too deep": within(`"Surplus":${"[".repeat(depth)}${"]".repeat(depth)}`),
    "opening brackets": "[".repeat(500_000),
    "invalid UTF-8": Buffer.concat([
      Buffer.from(within('"Surplus":"').slice(0, -1)),
      Buffer.of(0xff),
    ]),
    "UTF-16": Buffer.from(good, "utf16le"),
    "bytes of zero": Buffer.alloc(1000),
  };
  return [
    ...Object.entries(bodies).map(
      ([what, body]): BadBody => ({ what, body, code: "SerializationException" }),
    ),
    ...doubled(name, stage),
    ...mangled(good),
  ];
}

/** Each member of the input twice, with the same value. */
function doubled(name: string, stage: Stage): readonly BadBody[] {
  return Object.entries(inputOf(name, stage)).map(([member, value]) => ({
    what: `${member} twice`,
    body: JSON.stringify(inputOf(name, stage)).replace(
      "{",
      () => `{${JSON.stringify(member)}:${JSON.stringify(value)},`,
    ),
    code: "SerializationException",
  }));
}

/** The input with a byte that is no UTF-8 within a value. */
function mangled(good: string): readonly BadBody[] {
  const bytes = Buffer.from(good);
  const at = bytes.lastIndexOf('"');
  if (at < 0) return [];
  const body = Buffer.concat([bytes.subarray(0, at), Buffer.of(0xc3), bytes.subarray(at)]);
  return [{ what: "half of a character", body, code: "SerializationException" }];
}

/** Inputs of the right shape of which one member is absent, of the wrong type or against its rules. */
export function bentInputs(name: string, stage: Stage): readonly BadBody[] {
  const { required } = operationOf(name);
  const input = inputOf(name, stage);
  const bend = (what: string, bent: Input, code: BadBody["code"]): BadBody => ({
    what,
    body: JSON.stringify(bent),
    code,
  });
  const absent = required.flatMap((member) => {
    const { [member]: _gone, ...rest } = input;
    return [
      bend(`without ${member}`, rest, "InvalidParameterException"),
      bend(`${member} null`, { ...input, [member]: null }, "InvalidParameterException"),
    ];
  });
  const wrong = Object.entries(input).flatMap(([member, value]) =>
    wrongTypes(value).map((bent) =>
      bend(
        `${member} ${JSON.stringify(bent).slice(0, 80)}`,
        { ...input, [member]: bent },
        "SerializationException",
      ),
    ),
  );
  const broken = Object.entries(input).flatMap(([member, value]) =>
    breaking(member, value).map((bent) =>
      bend(
        `${member} ${JSON.stringify(bent).slice(0, 80)}`,
        { ...input, [member]: bent },
        "InvalidParameterException",
      ),
    ),
  );
  return [...absent, ...wrong, ...broken];
}

/** The same value with something of another JSON type at one place in it. */
function wrongTypes(value: unknown): readonly unknown[] {
  if (typeof value === "string") return [7, true, [], {}, ["x"]];
  if (typeof value === "number") return ["7", 1.5, true, [], {}];
  if (typeof value === "boolean") return ["true", 1, [], {}];
  if (Array.isArray(value)) {
    const [first] = value as unknown[];
    return ["x", 7, {}, true, ...wrongTypes(first).map((bent) => [bent])];
  }
  const members = Object.entries(value as object);
  const nested = members.flatMap(([name, each]) =>
    wrongTypes(each).map((bent) => ({ ...(value as object), [name]: bent })),
  );
  return ["x", 7, [], true, ...nested];
}

const long = (length: number) => "a".repeat(length);
const names = ["", long(129), "a b", "a\u0000b"];
const attributes = [
  [{ Value: "x" }],
  [{ Name: null, Value: "x" }],
  [{ Name: long(33), Value: "x" }],
  [{ Name: "\u0007", Value: "x" }],
  [{ Name: "email", Value: long(2049) }],
  [{ Name: "email", Value: "a\u0000" }],
];
const texts = [{ a: long(131_073) }, { [long(131_073)]: "a" }, tooMany(257), { a: "\u0000" }];
const passwords = [" ", "a ", long(257)];
const codes = ["", "1 2", long(2049)];
const tokens = ["", "a b", "ä", "a\u0000"];
const counts = [-1, 61, 2 ** 31];

function tooMany(count: number): Record<string, string> {
  return Object.fromEntries(Array.from({ length: count }, (_, n) => [`k${n}`, "a"]));
}

/** What each member may not be: too long, too short, against its pattern, outside its enum. */
const rules: Readonly<Record<string, readonly unknown[]>> = {
  UserPoolId: ["", "pool", "us-east-1_a b", `us-east-1_${long(60)}`, "../us-east-1_a"],
  ClientId: ["", "a b", "a-b", long(129)],
  ClientSecret: [long(23), long(65), "a b".repeat(10)],
  SecretHash: ["", "a b", long(129)],
  DeviceKey: ["", "a b", long(56)],
  Username: names,
  GroupName: names,
  PoolName: ["", "a/b", long(129)],
  ClientName: ["", "a/b", long(129)],
  Password: passwords,
  TemporaryPassword: passwords,
  PreviousPassword: passwords,
  ProposedPassword: passwords,
  ConfirmationCode: codes,
  Code: codes,
  AccessToken: tokens,
  RefreshToken: tokens,
  Token: tokens,
  Session: ["", long(19), long(2049)],
  AttributeName: ["", long(33), "\u0007"],
  UserAttributeNames: [[""], [long(33)], ["\u0007"]],
  AttributesToGet: [[""], [long(33)], ["\u0007"]],
  UserAttributes: attributes,
  ValidationData: attributes,
  AuthParameters: texts,
  ChallengeResponses: texts,
  ClientMetadata: texts,
  AnalyticsMetadata: [{ AnalyticsEndpointId: long(131_073) }],
  UserContextData: [{ EncodedData: long(131_073) }],
  ContextData: [{}, { IpAddress: "a", ServerName: "a", ServerPath: null, HttpHeaders: [] }],
  AuthFlow: ["", "PASSWORD", "user_srp_auth", "__proto__"],
  ChallengeName: ["", "NOTHING", "constructor"],
  MessageAction: ["", "SEND"],
  DesiredDeliveryMediums: [["PIGEON"]],
  RevokeAssociatedSessions: ["ALL"],
  Limit: counts,
  MaxResults: [-1, 0, 2 ** 31],
  Filter: [long(257)],
  Description: [long(2049)],
  RoleArn: ["arn", long(2049), "arn:aws:iam::x:role/a"],
  Precedence: [-1, 2 ** 31],
  CustomAttributes: [
    [],
    Array.from({ length: 26 }, (_, n) => ({ Name: `a${n}`, AttributeDataType: "String" })),
    [{ Name: long(21), AttributeDataType: "String" }],
    [{ Name: "a", AttributeDataType: "Float" }],
  ],
  Schema: [[], [{ Name: long(21) }], [{ Name: "a", AttributeDataType: "Float" }]],
  AliasAttributes: [["nickname"]],
  UsernameConfiguration: [{}],
  Policies: [
    { PasswordPolicy: { MinimumLength: 5 } },
    { PasswordPolicy: { MinimumLength: 100 } },
    { SignInPolicy: { AllowedFirstAuthFactors: [] } },
  ],
  DeletionProtection: ["ON"],
  AutoVerifiedAttributes: [["nickname"]],
  EmailVerificationMessage: ["", "no code", `{####}${long(20_000)}`],
  EmailVerificationSubject: ["", long(141)],
  SmsVerificationMessage: ["", "no code", `{####}${long(140)}`],
  VerificationMessageTemplate: [{ DefaultEmailOption: "CONFIRM" }, { EmailMessage: "no code" }],
  UserAttributeUpdateSettings: [{ AttributesRequireVerificationBeforeUpdate: ["nickname"] }],
  MfaConfiguration: ["MAYBE"],
  EmailConfiguration: [{ EmailSendingAccount: "SELF" }, { ReplyToEmailAddress: "nobody" }],
  UserPoolTags: [{ "": "a" }, { a: long(257) }],
  AdminCreateUserConfig: [{ UnusedAccountValidityDays: 366 }],
  AccountRecoverySetting: [
    { RecoveryMechanisms: [] },
    { RecoveryMechanisms: [{ Priority: 3, Name: "verified_email" }] },
    { RecoveryMechanisms: [{ Priority: 1, Name: "verified_fax" }] },
    { RecoveryMechanisms: [{ Priority: 1 }] },
  ],
  UserPoolTier: ["FREE"],
  RefreshTokenValidity: [-1, 315_360_001],
  AccessTokenValidity: [0, 86_401],
  IdTokenValidity: [0, 86_401],
  TokenValidityUnits: [{ AccessToken: "weeks" }],
  ReadAttributes: [[""], [long(2049)]],
  WriteAttributes: [[""], [long(2049)]],
  ExplicitAuthFlows: [["ALLOW_ALL"], ["constructor"]],
  CallbackURLs: [[""], ["a b"], [long(1025)]],
  AllowedOAuthFlows: [["password"]],
  AllowedOAuthScopes: [[""], ["a b"], [long(257)]],
  PreventUserExistenceErrors: ["MAYBE"],
  AuthSessionValidity: [2, 16],
  RefreshTokenRotation: [
    {},
    { Feature: "ON" },
    { Feature: "ENABLED", RetryGracePeriodSeconds: 61 },
  ],
  Extensions: [],
  StackName: ["", "-", long(129)],
  TemplateBody: [""],
  Parameters: [[{ ParameterKey: "", ParameterValue: "b" }], [{ ParameterKey: "a" }]],
  AfterSequence: [-1],
};

function breaking(member: string, value: unknown): readonly unknown[] {
  // Of the right type it can break nothing.
  if (typeof value === "boolean") return [];
  const bad = rules[member];
  if (!bad) throw new Error(`nothing is said of what ${member} may not be`);
  return bad;
}
