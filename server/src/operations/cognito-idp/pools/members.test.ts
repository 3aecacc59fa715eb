/** Each member that a pool can be made with: stored, shown, and back at its default once an update leaves it out. */
import {
  CreateUserPoolCommand,
  DescribeUserPoolCommand,
  UpdateUserPoolCommand,
} from "@aws-sdk/client-cognito-identity-provider";
import { expect, test } from "vitest";
import { type TestApp, testApp } from "../../../testing/app.ts";
import { poolMembers } from "../pool-settings.ts";
import type { PoolInput } from "../unbuilt-settings.ts";

type Unbuilt = "DeviceConfiguration" | "DcrConfiguration" | "AcrConfiguration";
const sms = { SmsConfiguration: { SnsCallerArn: "arn:aws:iam::123456789012:role/sms" } };
const lambda = "arn:aws:lambda:us-east-1:123456789012:function:f";

/** Another value than the default of every member, with what it cannot be without. */
const asked: Readonly<Record<Exclude<keyof PoolInput, Unbuilt>, object>> = {
  Policies: {
    Policies: {
      PasswordPolicy: { MinimumLength: 20, PasswordHistorySize: 3 },
      SignInPolicy: { AllowedFirstAuthFactors: ["PASSWORD", "EMAIL_OTP"] },
    },
  },
  DeletionProtection: { DeletionProtection: "ACTIVE" },
  LambdaConfig: { LambdaConfig: { PreSignUp: lambda } },
  AutoVerifiedAttributes: { AutoVerifiedAttributes: ["email"] },
  SmsVerificationMessage: { SmsVerificationMessage: "Use {####}" },
  EmailVerificationMessage: { EmailVerificationMessage: "Use {####}" },
  EmailVerificationSubject: { EmailVerificationSubject: "Hello" },
  VerificationMessageTemplate: { VerificationMessageTemplate: { EmailSubject: "Hello" } },
  SmsAuthenticationMessage: { SmsAuthenticationMessage: "Use {####}" },
  UserAttributeUpdateSettings: {
    AutoVerifiedAttributes: ["email"],
    UserAttributeUpdateSettings: { AttributesRequireVerificationBeforeUpdate: ["email"] },
  },
  MfaConfiguration: {
    ...sms,
    AutoVerifiedAttributes: ["phone_number"],
    MfaConfiguration: "OPTIONAL",
  },
  EmailConfiguration: { EmailConfiguration: { From: "shop@example.com" } },
  SmsConfiguration: sms,
  UserPoolTags: { UserPoolTags: { team: "shop" } },
  AdminCreateUserConfig: { AdminCreateUserConfig: { AllowAdminCreateUserOnly: true } },
  UserPoolAddOns: { UserPoolAddOns: { AdvancedSecurityMode: "OFF" } },
  AccountRecoverySetting: {
    AccountRecoverySetting: { RecoveryMechanisms: [{ Name: "verified_email", Priority: 1 }] },
  },
  UserPoolTier: { UserPoolTier: "PLUS" },
  KeyConfiguration: { KeyConfiguration: { KeyType: "AWS_OWNED_KEY" } },
  IssuerConfiguration: { IssuerConfiguration: { Type: "ORIGINAL" } },
};

async function create({ client }: TestApp, settings: object): Promise<string> {
  const request = new CreateUserPoolCommand({ PoolName: "shop", ...settings });
  return (await client.send(request)).UserPool?.Id ?? "";
}

/** What DescribeUserPool shows, but for what differs with every pool. */
async function settingsOf({ client }: TestApp, UserPoolId: string) {
  const { UserPool } = await client.send(new DescribeUserPoolCommand({ UserPoolId }));
  const { Id, Arn, CreationDate, LastModifiedDate, ...settings } = UserPool ?? {};
  expect([Id, Arn, CreationDate, LastModifiedDate]).not.toContain(undefined);
  return settings;
}

test("every member is looked at", () => {
  const unbuilt: Unbuilt[] = ["DeviceConfiguration", "DcrConfiguration", "AcrConfiguration"];
  expect([...Object.keys(asked), ...unbuilt].sort()).toEqual(Object.keys(poolMembers).sort());
});

test.each(Object.entries(asked))("%s is stored, and reset by an update", async (member, given) => {
  const app = await testApp();
  const plain = await settingsOf(app, await create(app, {}));
  const UserPoolId = await create(app, given);
  const before = await settingsOf(app, UserPoolId);
  expect(before).toMatchObject(given);
  expect(before[member as keyof typeof before]).not.toEqual(plain[member as keyof typeof plain]);
  await app.client.send(new UpdateUserPoolCommand({ UserPoolId }));
  expect(await settingsOf(app, UserPoolId)).toEqual(plain);
  await app.client.send(new UpdateUserPoolCommand({ UserPoolId, ...given }));
  expect(await settingsOf(app, UserPoolId)).toEqual(before);
});
