/** The ways in which the good input of an operation can be bad. */
import { type Input, inputOf, operationOf, type Stage } from "./operations.ts";

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
    breaking(name, { member, value }).map((bent) =>
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
    const nested = first === undefined ? [] : wrongTypes(first).map((bent) => [bent]);
    return ["x", 7, {}, true, ...nested];
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
const ids = ["", "a", "00000000-0000-1000-8000-000000000000", `${long(8)}-${long(4)}`];

function tooMany(count: number): Record<string, string> {
  return Object.fromEntries(Array.from({ length: count }, (_, n) => [`k${n}`, "a"]));
}

/** What each member may not be, everywhere or in one operation: too long, too short, against its pattern, outside its enum. */
const rules: Readonly<Record<string, readonly unknown[]>> = {
  UserPoolId: ["", "pool", "us-east-1_a b", `us-east-1_${long(60)}`, "../us-east-1_a"],
  ClientId: ["", "a b", "a-b", long(129)],
  ClientSecret: [long(23), long(65), "a b".repeat(10)],
  ClientSecretId: ["", long(129)],
  SecretHash: ["", "a b", long(129)],
  DeviceKey: ["", "a b", long(56)],
  PaginationToken: ["", "a b"],
  DeviceName: ["", long(1025)],
  DeviceRememberedStatus: ["", "forgotten"],
  DeviceSecretVerifierConfig: [{ Salt: long(131_073) }, { PasswordVerifier: "a\u0000" }],
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
  FunctionName: ["", "a b", "../a", long(65), "arn:aws:lambda:us-east-1:1:function:a"],
  StatementId: ["", "a b", long(101)],
  Principal: ["", "a b", long(257)],
  SourceArn: ["", "a", "arn: a", long(513)],
  Endpoint: ["", "hooks", "file:///etc/passwd", "https://a:b@example.com/", long(2049)],
  Secret: ["", long(31), long(257), "a b".repeat(20)],
  ContextData: [{}, { IpAddress: "a", ServerName: "a", ServerPath: null, HttpHeaders: [] }],
  AuthFlow: ["", "PASSWORD", "user_srp_auth", "__proto__"],
  ChallengeName: ["", "NOTHING", "constructor"],
  MessageAction: ["", "SEND"],
  DesiredDeliveryMediums: [["PIGEON"]],
  RevokeAssociatedSessions: ["ALL"],
  SessionId: ["", `tkn${long(24)}`, `tkn${long(26)}`, `tks${long(25)}`, `tkn${"A".repeat(25)}`],
  UserSessionTracking: ["ON"],
  TokenSession: [{}, { MaxPerUser: 0 }, { MaxPerUser: 101 }],
  SSOSession: [{}, { MaxValidityMinutes: -1 }, { MaxValidityMinutes: 129_601 }],
  Limit: counts,
  MaxResults: [-1, 0, 2 ** 31],
  "ListWebAuthnCredentials.MaxResults": [-1, 21],
  "AdminListUserAuthEvents.MaxResults": [-1, 61],
  NextToken: ["", "a b"],
  EventId: ["", "a b", long(51)],
  FeedbackValue: ["Perhaps"],
  CompromisedCredentialsRiskConfiguration: [
    {},
    { Actions: { EventAction: "WARN" } },
    { Actions: { EventAction: "BLOCK" }, EventFilter: ["SIGN_OUT"] },
  ],
  RiskExceptionConfiguration: [
    { BlockedIPRangeList: Array.from({ length: 201 }, () => "192.0.2.1/32") },
    { SkippedIPRangeList: ["192.0.2.0/33"] },
  ],
  Credential: [{ a: long(65_537) }],
  CredentialId: [long(131_073), "a\u0000"],
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
  SmsMfaConfiguration: [
    { SmsAuthenticationMessage: "no code" },
    { SmsConfiguration: {} },
    { SmsConfiguration: { SnsCallerArn: "arn" } },
    { SmsConfiguration: { SnsCallerArn: "arn:aws:iam::123456789012:role/a", SnsRegion: "x" } },
  ],
  SoftwareTokenMfaConfiguration: [],
  WebAuthnConfiguration: [
    { RelyingPartyId: "" },
    { RelyingPartyId: long(128) },
    { RelyingPartyId: "co.uk" },
    { UserVerification: "discouraged" },
    { FactorConfiguration: "NONE" },
  ],
  UserCode: ["", "12345", "1234567", "12345a", "１２３４５６"],
  FriendlyDeviceName: [long(131_073), "a\u0000"],
  SMSMfaSettings: [],
  SoftwareTokenMfaSettings: [],
  EmailMfaSettings: [],
  WebAuthnMfaSettings: [],
  MFAOptions: [
    [{}],
    [{ DeliveryMedium: "PIGEON", AttributeName: "phone_number" }],
    [{ DeliveryMedium: "EMAIL", AttributeName: "email" }],
    [{ DeliveryMedium: "SMS", AttributeName: "" }],
  ],
  DeviceConfiguration: [],
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
  Domain: ["", long(64)],
  "CreateUserPoolDomain.Domain": [
    ...["", long(64), "shop", "Login.shop.example", "-login.shop.example", "login..example"],
    ...["login shop.example", "192.0.2.1", "localhost", "shop.auth.localhost", "login.example."],
  ],
  ManagedLoginVersion: [0, 3, 2 ** 31],
  CustomDomainConfig: [
    {},
    { CertificateArn: "arn" },
    { CertificateArn: `arn:aws:acm:us-east-1:123456789012:certificate/${long(2048)}` },
    {
      CertificateArn: "arn:aws:acm:us-east-1:123456789012:certificate/a",
      SecurityPolicy: "TLS_V1",
    },
  ],
  Identifier: ["", "a b", 'a"b', "ä", long(257)],
  Name: ["", "a/b", long(257)],
  Scopes: [
    [{}],
    [{ ScopeName: "read" }],
    [{ ScopeName: "a/b", ScopeDescription: "a" }],
    [{ ScopeName: "read", ScopeDescription: "" }],
    [{ ScopeName: long(257), ScopeDescription: "a" }],
    [{ ScopeName: "read", ScopeDescription: long(257) }],
    Array.from({ length: 2 }, () => ({ ScopeName: "read", ScopeDescription: "a" })),
    Array.from({ length: 101 }, (_, n) => ({ ScopeName: `s${n}`, ScopeDescription: "a" })),
  ],
  "GetClientToken.Scopes": [[""], ["a b"], [long(257)], Array.from({ length: 51 }, () => "a")],
  "GetClientToken.Secret": [long(23), long(65), "a b".repeat(10)],
  ManagedLoginBrandingId: ids,
  TermsId: ids,
  Settings: [{ a: long(65_536) }],
  Assets: [
    [{}],
    [{ Category: "LOGO", ColorMode: "LIGHT", Extension: "PNG", Bytes: "" }],
    [{ Category: "FORM_LOGO", ColorMode: "BOTH", Extension: "PNG", Bytes: "" }],
    [{ Category: "FORM_LOGO", ColorMode: "LIGHT", Extension: "GIF", Bytes: "" }],
    [{ Category: "FORM_LOGO", ColorMode: "LIGHT", Extension: "PNG", ResourceId: "a/b" }],
    [{ Category: "FORM_LOGO", ColorMode: "LIGHT", Extension: "PNG", ResourceId: long(41) }],
    Array.from({ length: 41 }, () => ({})),
  ],
  CSS: [long(131_073), "a\u0000"],
  ImageFile: [Buffer.alloc(131_073).toString("base64")],
  TermsName: ["", "terms", "terms-of-use-2"],
  TermsSource: ["", "TEXT"],
  Enforcement: ["", "ACCEPT"],
  Links: [
    {},
    { english: "https://example.com" },
    { "cognito:klingon": "https://example.com" },
    { "cognito:default": "" },
    { "cognito:default": "a b" },
    { "cognito:default": long(1025) },
  ],
  Extensions: [],
  StackName: ["", "-", long(129)],
  TemplateBody: [""],
  Parameters: [[{ ParameterKey: "", ParameterValue: "b" }], [{ ParameterKey: "a" }]],
  AfterSequence: [-1],
  CiphertextBlob: ["", "a b", "YQ", "YQ==YQ==", long(8196)],
  EncryptionContext: [{ a: long(2049) }, { [long(2049)]: "a" }, { a: "\u0000" }, tooMany(257)],
  GrantTokens: [[""], [long(8193)], Array.from({ length: 11 }, () => "a")],
  KeyId: ["", long(2049)],
  EncryptionAlgorithm: ["", "ROT13"],
};

function breaking(
  operation: string,
  { member, value }: { member: string; value: unknown },
): readonly unknown[] {
  // Of the right type it can break nothing.
  if (typeof value === "boolean") return [];
  const bad = rules[`${operation}.${member}`] ?? rules[member];
  if (!bad) throw new Error(`nothing is said of what ${member} may not be`);
  return bad;
}
