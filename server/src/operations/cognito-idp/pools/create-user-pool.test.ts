import {
  CognitoIdentityProviderClient,
  CreateUserPoolCommand,
  type CreateUserPoolCommandInput,
  DescribeUserPoolCommand,
  ListUserPoolsCommand,
} from "@aws-sdk/client-cognito-identity-provider";
import { describe, expect, test } from "vitest";
import { type AdminCall, type Fixed, makeCall } from "../../../domain/call.ts";
import { standardAttributes } from "../../../domain/pools/standard-attributes.ts";
import { rootKeys, sdkClient, type TestApp, testApp } from "../../../testing/app.ts";
import { engines } from "../../../testing/places.ts";
import { signedCall } from "../../../testing/signed-call.ts";
import { CreateUserPool } from "./create-user-pool.ts";

type Settings = Omit<CreateUserPoolCommandInput, "PoolName">;

function create({ client }: TestApp, settings: Settings = {}) {
  return client.send(new CreateUserPoolCommand({ PoolName: "shop", ...settings }));
}

/** Makes a pool and answers what DescribeUserPool then shows of it. */
async function created(app: TestApp, settings: Settings = {}) {
  const { UserPool } = await create(app, settings);
  const described = await app.client.send(
    new DescribeUserPoolCommand({ UserPoolId: UserPool?.Id ?? "" }),
  );
  return described.UserPool ?? {};
}

async function poolNames({ client }: Pick<TestApp, "client">): Promise<(string | undefined)[]> {
  const { UserPools } = await client.send(new ListUserPoolsCommand({ MaxResults: 60 }));
  return (UserPools ?? []).map(({ Name }) => Name);
}

function inRegion(app: TestApp, region: string): CognitoIdentityProviderClient {
  return new CognitoIdentityProviderClient({
    region,
    endpoint: "https://localhost:8443",
    credentials: rootKeys,
    maxAttempts: 1,
    requestHandler: app.client.config.requestHandler,
  });
}

test("a pool made by name alone has AWS's defaults and nothing else", async () => {
  const app = await testApp();
  const { SchemaAttributes, ...pool } = await created(app);
  expect(pool).toEqual({
    Id: expect.stringMatching(/^us-east-1_[0-9A-Za-z]{9}$/),
    Name: "shop",
    Arn: `arn:aws:cognito-idp:us-east-1:123456789012:userpool/${pool.Id}`,
    CreationDate: expect.any(Date),
    LastModifiedDate: expect.any(Date),
    Policies: {
      PasswordPolicy: {
        MinimumLength: 8,
        RequireUppercase: true,
        RequireLowercase: true,
        RequireNumbers: true,
        RequireSymbols: true,
        TemporaryPasswordValidityDays: 7,
      },
      SignInPolicy: { AllowedFirstAuthFactors: ["PASSWORD"] },
    },
    DeletionProtection: "INACTIVE",
    LambdaConfig: {},
    VerificationMessageTemplate: { DefaultEmailOption: "CONFIRM_WITH_CODE" },
    UserAttributeUpdateSettings: { AttributesRequireVerificationBeforeUpdate: [] },
    MfaConfiguration: "OFF",
    EstimatedNumberOfUsers: 0,
    EmailConfiguration: { EmailSendingAccount: "COGNITO_DEFAULT" },
    AdminCreateUserConfig: { AllowAdminCreateUserOnly: false, UnusedAccountValidityDays: 7 },
    UserPoolTier: "ESSENTIALS",
  });
  expect(SchemaAttributes).toHaveLength(20);
  expect(SchemaAttributes?.[0]).toEqual({
    Name: "sub",
    AttributeDataType: "String",
    DeveloperOnlyAttribute: false,
    Mutable: false,
    Required: true,
    StringAttributeConstraints: { MinLength: "1", MaxLength: "2048" },
  });
  expect(SchemaAttributes?.map(({ Name }) => Name)).toEqual(
    standardAttributes.map(({ name }) => name),
  );
});

test("a new pool has its two signing keys", async () => {
  const app = await testApp();
  const { Id = "" } = await created(app);
  expect(await app.context.keyRing.published(Id)).toHaveLength(2);
});

test("what is asked for is shown, by the answer and by DescribeUserPool alike", async () => {
  const app = await testApp();
  const asked = {
    Policies: {
      PasswordPolicy: { MinimumLength: 12, RequireNumbers: true, TemporaryPasswordValidityDays: 3 },
      SignInPolicy: { AllowedFirstAuthFactors: ["PASSWORD" as const] },
    },
    DeletionProtection: "ACTIVE",
    AutoVerifiedAttributes: ["email", "phone_number"],
    UsernameAttributes: ["email"],
    UsernameConfiguration: { CaseSensitive: false },
    UserAttributeUpdateSettings: { AttributesRequireVerificationBeforeUpdate: ["email"] },
    DeviceConfiguration: {
      ChallengeRequiredOnNewDevice: true,
      DeviceOnlyRememberedOnUserPrompt: false,
    },
    SmsConfiguration: {
      SnsCallerArn: "arn:aws:iam::123456789012:role/sms",
      ExternalId: "shop",
      SnsRegion: "us-east-1",
    },
    SmsAuthenticationMessage: "Your code: {####}",
    EmailConfiguration: {
      EmailSendingAccount: "DEVELOPER",
      SourceArn: "arn:aws:ses:us-east-1:123456789012:identity/example.com",
      From: "The Shop <shop@example.com>",
      ReplyToEmailAddress: "help@example.com",
      ConfigurationSet: "shop",
    },
    AdminCreateUserConfig: {
      AllowAdminCreateUserOnly: true,
      InviteMessageTemplate: {
        EmailSubject: "Welcome",
        EmailMessage: "{username}: {####}",
        SMSMessage: "{username} {####}",
      },
    },
    AccountRecoverySetting: {
      RecoveryMechanisms: [
        { Name: "verified_email", Priority: 1 },
        { Name: "verified_phone_number", Priority: 2 },
      ],
    },
    UserPoolTags: { team: "shop", __proto__tag: "" },
    UserPoolTier: "PLUS",
    MfaConfiguration: "OFF",
    LambdaConfig: {},
    UserPoolAddOns: { AdvancedSecurityMode: "OFF" },
    KeyConfiguration: { KeyType: "AWS_OWNED_KEY" },
    IssuerConfiguration: { Type: "ORIGINAL" },
  } satisfies Settings;
  const { UserPool: answer } = await create(app, asked);
  const { SchemaAttributes, ...shown } = await created(app, asked);
  expect(shown).toMatchObject({
    ...asked,
    Policies: {
      PasswordPolicy: {
        MinimumLength: 12,
        RequireUppercase: false,
        RequireLowercase: false,
        RequireNumbers: true,
        RequireSymbols: false,
        TemporaryPasswordValidityDays: 3,
      },
    },
    AdminCreateUserConfig: { ...asked.AdminCreateUserConfig, UnusedAccountValidityDays: 3 },
  });
  const own = { Id: shown.Id, Arn: shown.Arn, CreationDate: shown.CreationDate };
  const modified = { LastModifiedDate: shown.LastModifiedDate };
  expect({ ...answer, ...own, ...modified }).toEqual({ ...shown, SchemaAttributes });
});

test("the older verification messages and the template are one, shown as both", async () => {
  const app = await testApp();
  const texts = { subject: "Hello", email: "Code {####}", sms: "SMS {####}" };
  const older = {
    EmailVerificationSubject: texts.subject,
    EmailVerificationMessage: texts.email,
    SmsVerificationMessage: texts.sms,
  };
  const template = {
    EmailSubject: texts.subject,
    EmailMessage: texts.email,
    SmsMessage: texts.sms,
  };
  const both = {
    ...older,
    VerificationMessageTemplate: { ...template, DefaultEmailOption: "CONFIRM_WITH_CODE" },
  };
  expect(await created(app, older)).toMatchObject(both);
  expect(await created(app, { VerificationMessageTemplate: template })).toMatchObject(both);
  expect(await created(app, { ...older, VerificationMessageTemplate: template })).toMatchObject(
    both,
  );
});

test.each<[string, Settings, string]>([
  [
    "aliases together with user name attributes",
    { AliasAttributes: ["email"], UsernameAttributes: ["email"] },
    "Only one of the aliasAttributes or usernameAttributes can be set in a User pool.",
  ],
  [
    "verification before update of what is not verified",
    {
      UserAttributeUpdateSettings: { AttributesRequireVerificationBeforeUpdate: ["email"] },
    },
    "All attributes in AttributesRequireVerificationBeforeUpdate must exist in AutoVerifiedAttributes",
  ],
  [
    "verified phone numbers without a way to send SMS",
    { AutoVerifiedAttributes: ["phone_number"] },
    "SMS configuration is required when phone_number is selected for auto verification",
  ],
  [
    "recovery by administrators and by others",
    {
      AccountRecoverySetting: {
        RecoveryMechanisms: [
          { Name: "admin_only", Priority: 1 },
          { Name: "verified_email", Priority: 2 },
        ],
      },
    },
    "Account Recovery Setting cannot use admin_only setting with any other recovery mechanisms.",
  ],
  [
    "two ways of recovery of one priority",
    {
      AccountRecoverySetting: {
        RecoveryMechanisms: [
          { Name: "verified_phone_number", Priority: 1 },
          { Name: "verified_email", Priority: 1 },
        ],
      },
    },
    "Account Recovery Setting cannot have duplicate priorities or recovery mechanisms.",
  ],
  [
    "a sender of its own without an address that it may use",
    { EmailConfiguration: { EmailSendingAccount: "DEVELOPER" } },
    "Source ARN is required to use DEVELOPER email sending owner",
  ],
  [
    "a sender that brings a header along",
    { EmailConfiguration: { From: "shop@example.com\r\nBcc: all@example.com" } },
    "Provided From email address is invalid",
  ],
  [
    "a sender of two addresses",
    { EmailConfiguration: { From: "<a@example.com> <b@example.com>" } },
    "Provided From email address is invalid",
  ],
  [
    "an invitation without the user name",
    { AdminCreateUserConfig: { InviteMessageTemplate: { EmailMessage: "Come: {####}" } } },
    "Invalid Email message body for Admin create user flow parameter. Email message body should have {username} which will be replaced by code",
  ],
  [
    "an invitation by SMS without the password",
    { AdminCreateUserConfig: { InviteMessageTemplate: { SMSMessage: "Come, {username}" } } },
    "Invalid SMS message for Admin create user flow parameter",
  ],
  [
    "two lifetimes of temporary passwords",
    {
      Policies: { PasswordPolicy: { TemporaryPasswordValidityDays: 3 } },
      AdminCreateUserConfig: { UnusedAccountValidityDays: 3 },
    },
    "Please use TemporaryPasswordValidityDays in PasswordPolicy instead of UnusedAccountValidityDays",
  ],
  [
    "first factors without the password",
    { Policies: { SignInPolicy: { AllowedFirstAuthFactors: ["EMAIL_OTP"] } } },
    "Password should be configured as one of the allowed first auth factors.",
  ],
  [
    "two texts for one message",
    {
      EmailVerificationSubject: "One",
      VerificationMessageTemplate: { EmailSubject: "Other" },
    },
    "VerificationMessageTemplate and the older verification messages beside it must not differ.",
  ],
  [
    "SMS by nobody",
    { SmsConfiguration: { SnsRegion: "us-east-1" } },
    "Missing required parameter SnsCallerArn",
  ],
  [
    "a short minimum length",
    { Policies: { PasswordPolicy: { MinimumLength: 5 } } },
    "1 validation error detected: Value '5' at 'policies.passwordPolicy.minimumLength' failed to satisfy constraint: Member must have value greater than or equal to 6",
  ],
])("%s is refused and nothing is made", async (_what, settings, message) => {
  const app = await testApp();
  await expect(create(app, settings)).rejects.toMatchObject({
    name: "InvalidParameterException",
    message,
  });
  expect(await poolNames(app)).toEqual([]);
});

test("everything not built yet is refused by name, all at once", async () => {
  const app = await testApp();
  const arn = "arn:aws:lambda:us-east-1:123456789012:function:f";
  const refused = create(app, {
    LambdaConfig: { InboundFederation: { LambdaVersion: "V1_0", LambdaArn: arn } },
    Policies: {
      SignInPolicy: { AllowedFirstAuthFactors: ["PASSWORD", "SOFTWARE_TOKEN"] },
    },
    SmsConfiguration: { EumsSms: { CallerArn: "arn:aws:iam::123456789012:role/sms" } },
    KeyConfiguration: {
      KeyType: "CUSTOMER_MANAGED_KEY",
      KmsKeyArn: "arn:aws:kms:us-east-1:123456789012:key/1",
    },
    IssuerConfiguration: { Type: "UPDATED" },
    DcrConfiguration: { EnableStatus: "Enabled" },
    AcrConfiguration: { Level1: { AcrValue: "urn:one" } },
  });
  const message = await refused.then(String, (error: Error) => error.message);
  expect(
    message
      .split(" cannot be set")
      .slice(0, -1)
      .map((text) => text.split(" ").at(-1)),
  ).toEqual([
    "LambdaConfig.InboundFederation",
    "SOFTWARE_TOKEN",
    "SmsConfiguration.EumsSms",
    "KeyConfiguration.KeyType",
    "KeyConfiguration.KmsKeyArn",
    "IssuerConfiguration.Type",
    "DcrConfiguration",
    "AcrConfiguration",
  ]);
  expect(await poolNames(app)).toEqual([]);
});

describe("the schema", () => {
  async function attribute(settings: Settings["Schema"], name: string) {
    const { SchemaAttributes } = await created(await testApp(), { Schema: settings ?? [] });
    return SchemaAttributes?.find((each) => each.Name === name);
  }

  test("own attributes get their prefixes and defaults", async () => {
    const schema: Settings["Schema"] = [
      { Name: "team", AttributeDataType: "String" },
      { Name: "score", AttributeDataType: "Number", DeveloperOnlyAttribute: true },
    ];
    expect(await attribute(schema, "custom:team")).toEqual({
      Name: "custom:team",
      AttributeDataType: "String",
      DeveloperOnlyAttribute: false,
      Mutable: true,
      Required: false,
      StringAttributeConstraints: {},
    });
    expect(await attribute(schema, "dev:custom:score")).toMatchObject({
      DeveloperOnlyAttribute: true,
      NumberAttributeConstraints: {},
    });
  });

  test("standard attributes can be required, immutable and limited", async () => {
    const email = {
      Name: "email",
      AttributeDataType: "String",
      DeveloperOnlyAttribute: false,
      Mutable: false,
      Required: true,
      StringAttributeConstraints: { MinLength: "5", MaxLength: "50" },
    } as const;
    expect(await attribute([email], "email")).toEqual(email);
    expect(await attribute([{ Name: "email", Required: true }], "email")).toMatchObject({
      Mutable: true,
      StringAttributeConstraints: { MinLength: "0", MaxLength: "2048" },
    });
  });

  test.each<[string, NonNullable<Settings["Schema"]>, string]>([
    [
      "a required attribute of its own",
      [{ Name: "team", AttributeDataType: "String", Required: true }],
      "Required custom attributes are not supported currently.",
    ],
    [
      "an attribute without a type",
      [{ Name: "team" }],
      "Invalid AttributeDataType input, consider using the provided AttributeDataType enum.",
    ],
    [
      "an attribute without a name",
      [{ AttributeDataType: "String" }],
      "Missing required parameter Name",
    ],
    [
      "another type for a standard attribute",
      [{ Name: "email", AttributeDataType: "Number" }],
      "You can not change AttributeDataType or set developerOnlyAttribute for standard schema attribute email",
    ],
    [
      "a standard attribute for developers alone",
      [{ Name: "email", DeveloperOnlyAttribute: true }],
      "You can not change AttributeDataType or set developerOnlyAttribute for standard schema attribute email",
    ],
    [
      "another sub",
      [{ Name: "sub", Mutable: true }],
      "You can not change the standard schema attribute sub",
    ],
    [
      "one name twice",
      [
        { Name: "team", AttributeDataType: "String" },
        { Name: "team", AttributeDataType: "Number" },
      ],
      "Duplicate custom attribute names custom:team are not allowed in a user pool schema.",
    ],
    [
      "a limit that is no number",
      [{ Name: "email", StringAttributeConstraints: { MaxLength: "many" } }],
      "Invalid StringAttributeConstraints for schema attribute email",
    ],
    [
      "a limit beyond what values may have",
      [{ Name: "email", StringAttributeConstraints: { MaxLength: "2049" } }],
      "user.email: String attributes cannot have a length of more than 2048",
    ],
    [
      "lengths the wrong way round",
      [{ Name: "email", StringAttributeConstraints: { MinLength: "2", MaxLength: "1" } }],
      "user.email: Max length cannot be less than min length.",
    ],
    [
      "values the wrong way round",
      [
        {
          Name: "score",
          AttributeDataType: "Number",
          NumberAttributeConstraints: { MinValue: "10", MaxValue: "9" },
        },
      ],
      "Attribute custom:score cannot have a max value smaller than it's min value",
    ],
    [
      "a number of a hundred thousand digits",
      [
        {
          Name: "score",
          AttributeDataType: "Number",
          NumberAttributeConstraints: { MaxValue: "9".repeat(100_000) },
        },
      ],
      "Invalid NumberAttributeConstraints for schema attribute custom:score",
    ],
  ])("%s is refused", async (_what, schema, message) => {
    const app = await testApp();
    await expect(create(app, { Schema: schema })).rejects.toMatchObject({
      name: "InvalidParameterException",
      message,
    });
    expect(await poolNames(app)).toEqual([]);
  });
});

test("a pool is made in the region that is signed for, and seen only from there", async () => {
  const app = await testApp();
  const europe = inRegion(app, "eu-west-1");
  const { UserPool } = await europe.send(new CreateUserPoolCommand({ PoolName: "europe" }));
  expect(UserPool?.Id).toMatch(/^eu-west-1_/);
  const describePool = new DescribeUserPoolCommand({ UserPoolId: UserPool?.Id ?? "" });
  await expect(app.client.send(describePool)).rejects.toThrow("does not exist");
  expect((await europe.send(describePool)).UserPool?.Name).toBe("europe");
  expect(await poolNames(app)).toEqual([]);
});

test("nobody makes a pool without the administrator's signature", async () => {
  const app = await testApp();
  const stranger = sdkClient(app.app, { accessKeyId: "AKIANOBODY", secretAccessKey: "guess" });
  const request = new CreateUserPoolCommand({ PoolName: "mine" });
  await expect(stranger.send(request)).rejects.toThrow();
  expect(await poolNames(app)).toEqual([]);
});

test("a member that the operation does not have is refused", async () => {
  const app = await testApp();
  const input = { PoolName: "shop", Extensions: { Profile: "compat" } };
  await expect(
    signedCall(app, { target: "AWSCognitoIdentityProviderService.CreateUserPool", input }),
  ).rejects.toMatchObject({ name: "SerializationException" });
  expect(await poolNames(app)).toEqual([]);
});

test("the trail has the pool's creation and every refusal", async () => {
  const app = await testApp();
  const { Id } = await created(app);
  await create(app, { MfaConfiguration: "ON" }).catch(() => undefined);
  expect(await app.auditEvents()).toMatchObject([
    { eventName: "CreateUserPool", additionalEventData: { userPoolId: Id } },
    { eventName: "CreateUserPool", errorCode: "InvalidParameterException" },
  ]);
});

describe("what a template fixes", () => {
  /** The operation as the machinery of stacks calls it, with what no request has a member for. */
  async function createFixed(app: TestApp, fixed: Fixed) {
    const facts = {
      service: "cognito-idp",
      operation: "CreateUserPool",
      readOnly: false,
      requestId: "test",
      sourceIp: "127.0.0.1",
      userAgent: "test",
    };
    const principal = { arn: "arn:aws:iam::1:root", accessKeyId: "A", region: "us-east-1" };
    const call = makeCall(app.context, facts, { principal, fixed }) as AdminCall;
    const { UserPool } = await CreateUserPool.handle(call as never, { PoolName: "fixed" });
    return UserPool;
  }

  test("the id", async () => {
    const app = await testApp();
    const pool = await createFixed(app, { id: "us-east-1_Poolhouse" });
    expect(pool?.Id).toBe("us-east-1_Poolhouse");
  });

  test.each([
    "eu-west-1_Poolhouse",
    "us-east-1_",
    "us-east-1_a_b",
    "us-east-1_a-b",
    "us-east-1_é",
    `us-east-1_${"a".repeat(46)}`,
    "us-east-1_../x",
  ])("not an id of another form: %s", async (id) => {
    const app = await testApp();
    await expect(createFixed(app, { id })).rejects.toMatchObject({
      code: "InvalidParameterException",
    });
    expect(await poolNames(app)).toEqual([]);
  });

  test.each(engines)("an id is given once, of two at once too, on %s", async (engine) => {
    const app = await testApp({ engine });
    const id = "us-east-1_Poolhouse";
    const both = await Promise.allSettled([createFixed(app, { id }), createFixed(app, { id })]);
    expect(both.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    await expect(createFixed(app, { id })).rejects.toMatchObject({
      code: "InvalidParameterException",
      message: "The user pool id us-east-1_Poolhouse is taken.",
    });
    expect(await app.context.keyRing.published(id)).toHaveLength(2);
    await app.close();
  });

  test("the extensions, checked like those of a request", async () => {
    const app = await testApp();
    const pool = await createFixed(app, { extensions: { Profile: "hardened" } });
    const input = { UserPoolId: pool?.Id };
    const target = "PoolhouseService.GetUserPoolExtensions";
    expect(await signedCall(app, { target, input })).toEqual({
      Extensions: {
        Profile: "hardened",
        IssuerMode: "own",
        SrpVerifiers: "on",
        RecoveryCodes: "off",
      },
    });
    await expect(createFixed(app, { extensions: { Profil: "hardened" } })).rejects.toThrow(
      "Profil",
    );
    await expect(createFixed(app, { extensions: { Profile: "none" } })).rejects.toThrow(
      "Member must satisfy enum value set: [compat, hardened]",
    );
  });
});
