import {
  AddCustomAttributesCommand,
  CreateUserPoolCommand,
  type CreateUserPoolCommandInput,
  DescribeUserPoolCommand,
  GetUserPoolMfaConfigCommand,
  SetUserPoolMfaConfigCommand,
  type SetUserPoolMfaConfigCommandInput,
  UpdateUserPoolCommand,
} from "@aws-sdk/client-cognito-identity-provider";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { sdkClient, type TestApp, testApp } from "../../../testing/app.ts";
import { signedCall } from "../../../testing/signed-call.ts";

let app: TestApp;
beforeEach(async () => {
  app = await testApp();
});
afterEach(() => app.close());

const SmsConfiguration = { SnsCallerArn: "arn:aws:iam::123456789012:role/sms" };
const EmailConfiguration = {
  EmailSendingAccount: "DEVELOPER",
  SourceArn: "arn:aws:ses:us-east-1:123456789012:identity/example.com",
} as const;
const SoftwareTokenMfaConfiguration = { Enabled: true };
const totp = { MfaConfiguration: "OPTIONAL", SoftwareTokenMfaConfiguration } as const;

type Settings = Omit<CreateUserPoolCommandInput, "PoolName">;
type MfaConfig = Omit<SetUserPoolMfaConfigCommandInput, "UserPoolId">;

async function make(settings: Settings = {}): Promise<string> {
  const { UserPool } = await app.client.send(
    new CreateUserPoolCommand({ PoolName: "test", ...settings }),
  );
  return UserPool?.Id ?? "";
}

async function set(UserPoolId: string, config: MfaConfig) {
  const { $metadata, ...told } = await app.client.send(
    new SetUserPoolMfaConfigCommand({ UserPoolId, ...config }),
  );
  expect($metadata.httpStatusCode).toBe(200);
  expect(told).toEqual(await get(UserPoolId));
  return told;
}

async function get(UserPoolId: string) {
  const { $metadata, ...told } = await app.client.send(
    new GetUserPoolMfaConfigCommand({ UserPoolId }),
  );
  expect($metadata.httpStatusCode).toBe(200);
  return told;
}

const update = (UserPoolId: string, settings: Settings) =>
  app.client.send(new UpdateUserPoolCommand({ UserPoolId, ...settings }));

async function describePool(UserPoolId: string) {
  return (await app.client.send(new DescribeUserPoolCommand({ UserPoolId }))).UserPool;
}

const refused = (message: string) => ({ name: "InvalidParameterException", message });

describe("SetUserPoolMfaConfig", () => {
  test("a new pool has none", async () => {
    expect(await get(await make())).toEqual({ MfaConfiguration: "OFF" });
  });

  test("sets all that there is, and the pool shows what is the pool's", async () => {
    const id = await make({ EmailConfiguration });
    const config: MfaConfig = {
      ...totp,
      SmsMfaConfiguration: {
        SmsAuthenticationMessage: "{####} is the code",
        SmsConfiguration: { ...SmsConfiguration, ExternalId: "x", SnsRegion: "eu-west-1" },
      },
      EmailMfaConfiguration: { Message: "Your code is {####}", Subject: "Code" },
      WebAuthnConfiguration: {
        RelyingPartyId: "login.example.com",
        UserVerification: "required",
        FactorConfiguration: "MULTI_FACTOR_WITH_USER_VERIFICATION",
      },
    };
    expect(await set(id, config)).toEqual(config);
    expect(await describePool(id)).toMatchObject({
      MfaConfiguration: "OPTIONAL",
      SmsAuthenticationMessage: "{####} is the code",
      SmsConfiguration: config.SmsMfaConfiguration?.SmsConfiguration,
    });
  });

  test("replaces the whole: what is left out is off", async () => {
    const id = await make({ SmsConfiguration });
    const WebAuthnConfiguration = { RelyingPartyId: "example.com" };
    await set(id, { ...totp, SmsMfaConfiguration: {}, WebAuthnConfiguration });
    expect(await set(id, { MfaConfiguration: "ON", SmsMfaConfiguration: {} })).toEqual({
      MfaConfiguration: "ON",
      SmsMfaConfiguration: { SmsConfiguration },
      SoftwareTokenMfaConfiguration: { Enabled: false },
    });
    expect(await set(id, {})).toEqual({ MfaConfiguration: "OFF" });
    expect(await describePool(id)).toMatchObject({ MfaConfiguration: "OFF", SmsConfiguration });
  });

  test("shows passkeys with their defaults, be MFA off", async () => {
    const id = await make();
    expect(await set(id, { WebAuthnConfiguration: {} })).toEqual({
      MfaConfiguration: "OFF",
      WebAuthnConfiguration: {
        UserVerification: "preferred",
        FactorConfiguration: "SINGLE_FACTOR",
      },
    });
  });

  test("leaves every other setting", async () => {
    const id = await make({ DeletionProtection: "ACTIVE", UserPoolTags: { team: "a" } });
    const before = await describePool(id);
    await set(id, totp);
    expect(await describePool(id)).toEqual({
      ...before,
      MfaConfiguration: "OPTIONAL",
      LastModifiedDate: expect.any(Date),
    });
  });

  const turnedOff = refused(
    "Invalid MFA configuration given, can't turn off MFA and configure an MFA together.",
  );
  const noFactor = refused(
    "Invalid MFA configuration given, can't disable all MFAs with a required or optional configuration.",
  );
  test.each<[string, MfaConfig, { name: string; message: string }]>([
    ["a factor beside OFF", { ...totp, MfaConfiguration: "OFF" }, turnedOff],
    ["a factor beside nothing", { SoftwareTokenMfaConfiguration }, turnedOff],
    [
      "a factor that is off beside OFF",
      { MfaConfiguration: "OFF", SoftwareTokenMfaConfiguration: { Enabled: false } },
      turnedOff,
    ],
    ["ON without a factor", { MfaConfiguration: "ON" }, noFactor],
    [
      "OPTIONAL with a factor that is off",
      { MfaConfiguration: "OPTIONAL", SoftwareTokenMfaConfiguration: {} },
      noFactor,
    ],
    ["ON with passkeys alone", { MfaConfiguration: "ON", WebAuthnConfiguration: {} }, noFactor],
    [
      "SMS without a sender",
      { MfaConfiguration: "ON", SmsMfaConfiguration: {} },
      refused(
        "SMS configuration and Auto verification for phone_number are required when MFA is required/optional",
      ),
    ],
    [
      "e-mail without a sender of one's own",
      { MfaConfiguration: "ON", EmailMfaConfiguration: {} },
      refused("Email MFA requires an EmailSendingAccount of DEVELOPER."),
    ],
    [
      "passkeys of a domain that is everybody's",
      { ...totp, WebAuthnConfiguration: { RelyingPartyId: "co.uk" } },
      refused("co.uk cannot be the relying party id: it must be a domain of your own."),
    ],
    [
      "a way of sending that there is not",
      {
        MfaConfiguration: "ON",
        SmsMfaConfiguration: {
          SmsConfiguration: { EumsSms: { CallerArn: SmsConfiguration.SnsCallerArn } },
        },
      },
      refused("SmsConfiguration.EumsSms cannot be set: AWS End User Messaging is not built yet."),
    ],
  ])("%s is refused and changes nothing", async (_what, config, refusal) => {
    const id = await make();
    await set(id, totp);
    await expect(set(id, config)).rejects.toMatchObject(refusal);
    expect(await get(id)).toEqual(totp);
  });

  test("e-mail is refused where it alone resets the password too", async () => {
    const mechanism = (Name: "verified_email" | "verified_phone_number" | "admin_only") => ({
      AccountRecoverySetting: { RecoveryMechanisms: [{ Name, Priority: 1 }] },
    });
    const config: MfaConfig = { MfaConfiguration: "ON", EmailMfaConfiguration: {} };
    const id = await make({ EmailConfiguration, ...mechanism("verified_email") });
    const refusal = refused("Email MFA requires another recovery mechanism than verified_email.");
    await expect(set(id, config)).rejects.toMatchObject(refusal);
    const other = await make({ EmailConfiguration, ...mechanism("admin_only") });
    expect(await set(other, config)).toMatchObject({ EmailMfaConfiguration: {} });
    await expect(
      update(other, { EmailConfiguration, ...mechanism("verified_email"), MfaConfiguration: "ON" }),
    ).rejects.toMatchObject(refusal);
  });

  test("e-mail is refused in the tier LITE", async () => {
    const id = await make({ EmailConfiguration, UserPoolTier: "LITE" });
    await expect(
      set(id, { MfaConfiguration: "ON", EmailMfaConfiguration: {} }),
    ).rejects.toMatchObject({ name: "FeatureUnavailableInTierException" });
    expect(await set(id, totp)).toMatchObject(totp);
  });

  test("required MFA is refused where a code is a first factor", async () => {
    const Policies = { SignInPolicy: { AllowedFirstAuthFactors: ["PASSWORD", "EMAIL_OTP"] } } as {
      SignInPolicy: { AllowedFirstAuthFactors: ("PASSWORD" | "EMAIL_OTP")[] };
    };
    const id = await make({ Policies });
    await expect(set(id, { ...totp, MfaConfiguration: "ON" })).rejects.toMatchObject(
      refused("EMAIL_OTP cannot be an allowed first auth factor when MFA is required."),
    );
    await set(id, totp);
    const both = await make();
    await set(both, { ...totp, MfaConfiguration: "ON" });
    await expect(update(both, { MfaConfiguration: "ON", Policies })).rejects.toMatchObject({
      name: "InvalidParameterException",
    });
  });

  test.each<[string, MfaConfig]>([
    [
      "a message without its code",
      { SmsMfaConfiguration: { SmsAuthenticationMessage: "no code" } },
    ],
    ["an e-mail without its code", { EmailMfaConfiguration: { Message: "no code" } }],
    ["a long e-mail", { EmailMfaConfiguration: { Message: `${"a".repeat(20_000)}{####}` } }],
    ["a long subject", { EmailMfaConfiguration: { Subject: "a".repeat(141) } }],
    ["a long domain", { WebAuthnConfiguration: { RelyingPartyId: `${"a".repeat(124)}.com` } }],
  ])("%s is refused", async (_what, config) => {
    const id = await make({ EmailConfiguration, SmsConfiguration });
    await expect(set(id, { ...totp, ...config })).rejects.toThrow("1 validation error detected");
    expect(await get(id)).toEqual({ MfaConfiguration: "OFF" });
  });

  test("is lost by no change that comes at the same time, and loses none", async () => {
    const id = await make();
    const add = (Name: string) =>
      app.client.send(
        new AddCustomAttributesCommand({
          UserPoolId: id,
          CustomAttributes: [{ Name, AttributeDataType: "String" }],
        }),
      );
    const config = new SetUserPoolMfaConfigCommand({ UserPoolId: id, ...totp });
    await Promise.all([add("one"), app.client.send(config), add("two")]);
    const pool = await describePool(id);
    const names = pool?.SchemaAttributes?.map((each) => each.Name);
    expect(names).toEqual(expect.arrayContaining(["custom:one", "custom:two"]));
    expect(await get(id)).toEqual(totp);
  });

  test("is a signer's, of the pool's region", async () => {
    const id = await make();
    const target = "AWSCognitoIdentityProviderService.SetUserPoolMfaConfig";
    const input = { UserPoolId: id, ...totp };
    await expect(signedCall(app, { target, input }, { region: "eu-west-1" })).rejects.toMatchObject(
      { name: "ResourceNotFoundException" },
    );
    const stranger = sdkClient(app.app, { accessKeyId: "AKIAOTHER", secretAccessKey: "wrong" });
    await expect(stranger.send(new SetUserPoolMfaConfigCommand(input))).rejects.toThrow();
    await expect(set("us-east-1_NotThere1", totp)).rejects.toMatchObject({
      name: "ResourceNotFoundException",
    });
    expect(await get(id)).toEqual({ MfaConfiguration: "OFF" });
  });

  test("is in the trail", async () => {
    const id = await make();
    await set(id, totp);
    expect((await app.auditEvents()).at(-1)).toMatchObject({
      eventName: "SetUserPoolMfaConfig",
      requestParameters: { userPoolId: id, mfaConfiguration: "OPTIONAL" },
    });
  });
});

describe("MfaConfiguration of CreateUserPool and UpdateUserPool", () => {
  test.each(["ON", "OPTIONAL"] as const)("%s with a sender switches SMS on", async (mode) => {
    const id = await make({ MfaConfiguration: mode, SmsConfiguration });
    expect(await get(id)).toEqual({
      MfaConfiguration: mode,
      SmsMfaConfiguration: { SmsConfiguration },
      SoftwareTokenMfaConfiguration: { Enabled: false },
    });
    expect(await describePool(id)).toMatchObject({ MfaConfiguration: mode });
  });

  test("ON without one is refused, and nothing is made", async () => {
    const refusal = refused(
      "SMS configuration and Auto verification for phone_number are required when MFA is required/optional",
    );
    await expect(make({ MfaConfiguration: "ON" })).rejects.toMatchObject(refusal);
    const id = await make();
    await expect(update(id, { MfaConfiguration: "ON" })).rejects.toMatchObject(refusal);
  });

  test("an update keeps the factors, and switches no SMS on beside them", async () => {
    const id = await make();
    await set(id, totp);
    await update(id, { MfaConfiguration: "ON", SmsConfiguration });
    expect(await get(id)).toEqual({ ...totp, MfaConfiguration: "ON" });
  });

  test("an update that leaves it out turns MFA off", async () => {
    const id = await make();
    await set(id, totp);
    await update(id, {});
    expect(await get(id)).toEqual({ MfaConfiguration: "OFF" });
  });

  test("an update does not take the sender from under SMS, nor from under e-mail", async () => {
    const id = await make({ MfaConfiguration: "ON", SmsConfiguration, EmailConfiguration });
    await expect(update(id, { MfaConfiguration: "ON" })).rejects.toMatchObject({
      name: "InvalidParameterException",
    });
    await set(id, { MfaConfiguration: "ON", EmailMfaConfiguration: {} });
    await expect(update(id, { MfaConfiguration: "ON" })).rejects.toMatchObject(
      refused("Email MFA requires an EmailSendingAccount of DEVELOPER."),
    );
    await expect(
      update(id, { MfaConfiguration: "ON", EmailConfiguration, UserPoolTier: "LITE" }),
    ).rejects.toMatchObject({ name: "FeatureUnavailableInTierException" });
  });
});

describe("AllowedFirstAuthFactors", () => {
  type Factor = "PASSWORD" | "EMAIL_OTP" | "SMS_OTP" | "WEB_AUTHN" | "SOFTWARE_TOKEN";
  const factors = (...AllowedFirstAuthFactors: Factor[]): Settings => ({
    Policies: { SignInPolicy: { AllowedFirstAuthFactors } },
  });

  test("are shown as they were set", async () => {
    const given = factors("PASSWORD", "EMAIL_OTP", "SMS_OTP", "WEB_AUTHN", "EMAIL_OTP");
    const id = await make({ ...given, SmsConfiguration });
    expect((await describePool(id))?.Policies?.SignInPolicy).toEqual({
      AllowedFirstAuthFactors: ["PASSWORD", "EMAIL_OTP", "SMS_OTP", "WEB_AUTHN"],
    });
    await update(id, {});
    expect((await describePool(id))?.Policies?.SignInPolicy).toEqual({
      AllowedFirstAuthFactors: ["PASSWORD"],
    });
  });

  test.each<[string, Settings, string]>([
    [
      "no password",
      factors("WEB_AUTHN"),
      "Password should be configured as one of the allowed first auth factors.",
    ],
    [
      "SMS without a sender",
      factors("PASSWORD", "SMS_OTP"),
      "SMS configuration is required when SMS_OTP is a first auth factor.",
    ],
    [
      "codes where MFA is required",
      { ...factors("PASSWORD", "SMS_OTP", "EMAIL_OTP"), SmsConfiguration, MfaConfiguration: "ON" },
      "SMS_OTP, EMAIL_OTP cannot be an allowed first auth factor when MFA is required.",
    ],
  ])("%s is refused", async (_what, settings, message) => {
    await expect(make(settings)).rejects.toMatchObject(refused(message));
    const id = await make();
    const before = await describePool(id);
    await expect(update(id, settings)).rejects.toMatchObject(refused(message));
    expect(await describePool(id)).toEqual(before);
  });

  test("are the password alone in the tier LITE", async () => {
    const lite = { UserPoolTier: "LITE" } as const;
    const refusal = { name: "FeatureUnavailableInTierException" };
    const asked = { ...factors("PASSWORD", "WEB_AUTHN"), ...lite };
    await expect(make(asked)).rejects.toMatchObject(refusal);
    const id = await make({ ...factors("PASSWORD"), ...lite });
    await expect(update(id, asked)).rejects.toMatchObject(refusal);
  });

  test("may be passkeys where MFA is required", async () => {
    const id = await make({
      ...factors("PASSWORD", "WEB_AUTHN"),
      ...{ SmsConfiguration, MfaConfiguration: "ON" },
    });
    expect(await get(id)).toMatchObject({ MfaConfiguration: "ON" });
  });
});
