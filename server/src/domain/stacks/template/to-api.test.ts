import { describe, expect, it } from "vitest";
import type { PropertiesOf } from "./resource-types.ts";
import {
  compareSchemas,
  toAdminAddUserToGroupInput,
  toAdminCreateUserInput,
  toCreateGroupInput,
  toCreateUserPoolClientInput,
  toCreateUserPoolInput,
  toSetUserPoolMfaConfigInput,
  toUpdateGroupInput,
  toUpdateUserPoolClientInput,
  toUpdateUserPoolInput,
} from "./to-api.ts";

/** Drops members that are undefined: they are not sent. */
function sent(input: object | undefined): unknown {
  return input && JSON.parse(JSON.stringify(input));
}

const fullPool: PropertiesOf<"AWS::Cognito::UserPool"> = {
  AccountRecoverySetting: { RecoveryMechanisms: [{ Name: "verified_email", Priority: 1 }] },
  AdminCreateUserConfig: {
    AllowAdminCreateUserOnly: true,
    InviteMessageTemplate: { SMSMessage: "{username}" },
  },
  AliasAttributes: ["preferred_username"],
  AutoVerifiedAttributes: ["email"],
  DeletionProtection: "ACTIVE",
  DeviceConfiguration: { ChallengeRequiredOnNewDevice: true },
  EmailConfiguration: { EmailSendingAccount: "COGNITO_DEFAULT" },
  EmailVerificationMessage: "{####}",
  EmailVerificationSubject: "Code",
  IssuerConfiguration: { Type: "ORIGINAL" },
  KeyConfiguration: { KeyType: "AWS_OWNED_KEY" },
  LambdaConfig: { PreSignUp: "arn:aws:lambda:us-east-1:123456789012:function:f" },
  MfaConfiguration: "ON",
  Policies: {
    PasswordPolicy: { MinimumLength: 8 },
    SignInPolicy: { AllowedFirstAuthFactors: ["PASSWORD"] },
  },
  Schema: [{ Name: "email", Required: true }],
  SmsAuthenticationMessage: "{####}",
  SmsConfiguration: { SnsCallerArn: "arn:aws:iam::123456789012:role/r" },
  SmsVerificationMessage: "{####}",
  UserAttributeUpdateSettings: { AttributesRequireVerificationBeforeUpdate: ["email"] },
  UserPoolAddOns: { AdvancedSecurityMode: "AUDIT" },
  UserPoolName: "pool",
  UserPoolTags: { a: "b" },
  UserPoolTier: "PLUS",
  UsernameAttributes: ["email"],
  UsernameConfiguration: { CaseSensitive: false },
  VerificationMessageTemplate: { DefaultEmailOption: "CONFIRM_WITH_CODE" },
};

describe("user pools", () => {
  it("are made with everything that CreateUserPool takes", () => {
    const { UserPoolName, ...rest } = fullPool;
    expect(sent(toCreateUserPoolInput(fullPool, "default"))).toEqual({
      ...rest,
      PoolName: UserPoolName,
    });
  });

  it("get the default name where the template has none", () => {
    expect(sent(toCreateUserPoolInput({}, "default"))).toEqual({ PoolName: "default" });
  });

  it("are changed with everything but what is settled at creation", () => {
    const {
      UserPoolName,
      AliasAttributes,
      Schema,
      UsernameAttributes,
      UsernameConfiguration,
      ...rest
    } = fullPool;
    expect([AliasAttributes, Schema, UsernameAttributes, UsernameConfiguration]).not.toContain(
      undefined,
    );
    expect(sent(toUpdateUserPoolInput(fullPool, "us-east-1_A", "default"))).toEqual({
      ...rest,
      PoolName: UserPoolName,
      UserPoolId: "us-east-1_A",
    });
  });

  it("leave MFA to SetUserPoolMfaConfig where that has to follow", () => {
    const pool = { MfaConfiguration: "ON", EnabledMfas: ["SOFTWARE_TOKEN_MFA"] } as const;
    const properties = { ...pool, EnabledMfas: [...pool.EnabledMfas] };
    expect(sent(toCreateUserPoolInput(properties, "p"))).toEqual({ PoolName: "p" });
    expect(sent(toSetUserPoolMfaConfigInput(properties, "us-east-1_A"))).toEqual({
      UserPoolId: "us-east-1_A",
      MfaConfiguration: "ON",
      SoftwareTokenMfaConfiguration: { Enabled: true },
    });
  });

  it("map every factor and the passkey settings", () => {
    const input = toSetUserPoolMfaConfigInput(
      {
        MfaConfiguration: "OPTIONAL",
        EnabledMfas: ["SMS_MFA", "EMAIL_OTP"],
        SmsAuthenticationMessage: "{####}",
        SmsConfiguration: { SnsCallerArn: "arn" },
        EmailAuthenticationMessage: "Your code {####}",
        EmailAuthenticationSubject: "Code",
        WebAuthnRelyingPartyID: "example.com",
        WebAuthnUserVerification: "required",
        WebAuthnFactorConfiguration: "SINGLE_FACTOR",
      },
      "us-east-1_A",
    );
    expect(sent(input)).toEqual({
      UserPoolId: "us-east-1_A",
      MfaConfiguration: "OPTIONAL",
      SoftwareTokenMfaConfiguration: { Enabled: false },
      SmsMfaConfiguration: {
        SmsAuthenticationMessage: "{####}",
        SmsConfiguration: { SnsCallerArn: "arn" },
      },
      EmailMfaConfiguration: { Message: "Your code {####}", Subject: "Code" },
      WebAuthnConfiguration: {
        RelyingPartyId: "example.com",
        UserVerification: "required",
        FactorConfiguration: "SINGLE_FACTOR",
      },
    });
  });

  it("need no MFA call where the template says nothing of it, and one that switches off what it no longer says", () => {
    expect(toSetUserPoolMfaConfigInput(fullPool, "us-east-1_A")).toBeUndefined();
    const before = { ...fullPool, EnabledMfas: ["SOFTWARE_TOKEN_MFA" as const] };
    expect(sent(toSetUserPoolMfaConfigInput({}, "us-east-1_A", before))).toEqual({
      UserPoolId: "us-east-1_A",
      MfaConfiguration: "OFF",
    });
    expect(sent(toSetUserPoolMfaConfigInput(fullPool, "us-east-1_A", before))).toEqual({
      UserPoolId: "us-east-1_A",
      MfaConfiguration: "ON",
      SoftwareTokenMfaConfiguration: { Enabled: false },
    });
  });

  it("can have attributes added to their schema, and nothing else done to it", () => {
    const before = { Schema: [{ Name: "email", Required: true }, { Name: "a" }, { Name: "b" }] };
    const after = { Schema: [{ Name: "email", Required: false }, { Name: "a" }, { Name: "c" }] };
    expect(compareSchemas(before, after)).toEqual({
      added: [{ Name: "c" }],
      refused: ["email", "b"],
    });
    expect(compareSchemas(before, before)).toEqual({ added: [], refused: [] });
    expect(compareSchemas({}, {})).toEqual({ added: [], refused: [] });
  });
});

describe("the other resources", () => {
  const client: PropertiesOf<"AWS::Cognito::UserPoolClient"> = {
    UserPoolId: "us-east-1_A",
    GenerateSecret: true,
    AccessTokenValidity: 60,
    TokenValidityUnits: { AccessToken: "minutes" },
    ExplicitAuthFlows: ["ALLOW_USER_SRP_AUTH"],
    CallbackURLs: ["https://a"],
    RefreshTokenRotation: { Feature: "ENABLED", RetryGracePeriodSeconds: 10 },
  };

  it("clients are made and changed; a secret only at creation", () => {
    const { GenerateSecret, ...rest } = client;
    expect(sent(toCreateUserPoolClientInput(client, "web"))).toEqual({
      ...rest,
      GenerateSecret,
      ClientName: "web",
    });
    expect(
      sent(toUpdateUserPoolClientInput({ ...client, ClientName: "app" }, "id", "web")),
    ).toEqual({
      ...rest,
      ClientId: "id",
      ClientName: "app",
    });
  });

  it("groups", () => {
    const group = { UserPoolId: "us-east-1_A", Precedence: 0, Description: "d" };
    expect(sent(toCreateGroupInput(group, "g"))).toEqual({ ...group, GroupName: "g" });
    expect(sent(toUpdateGroupInput({ ...group, GroupName: "h" }, "g"))).toEqual({
      ...group,
      GroupName: "h",
    });
  });

  it("users and memberships", () => {
    const user: PropertiesOf<"AWS::Cognito::UserPoolUser"> = {
      UserPoolId: "us-east-1_A",
      MessageAction: "SUPPRESS",
      UserAttributes: [{ Name: "email", Value: "a@example.com" }],
      ClientMetadata: { k: "v" },
    };
    expect(sent(toAdminCreateUserInput(user, "u"))).toEqual({ ...user, Username: "u" });
    const attachment = { UserPoolId: "us-east-1_A", Username: "u", GroupName: "g" };
    expect(sent(toAdminAddUserToGroupInput(attachment))).toEqual(attachment);
  });
});
