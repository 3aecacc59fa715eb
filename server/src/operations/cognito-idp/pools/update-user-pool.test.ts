import {
  AddCustomAttributesCommand,
  CreateUserPoolCommand,
  type CreateUserPoolCommandInput,
  DescribeUserPoolCommand,
  UpdateUserPoolCommand,
  type UpdateUserPoolCommandInput,
} from "@aws-sdk/client-cognito-identity-provider";
import { expect, test } from "vitest";
import { type TestApp, testApp } from "../../../testing/app.ts";
import { engines } from "../../../testing/places.ts";
import { signedCall } from "../../../testing/signed-call.ts";

async function create(
  { client }: TestApp,
  settings: Omit<CreateUserPoolCommandInput, "PoolName"> = {},
): Promise<string> {
  const request = new CreateUserPoolCommand({ PoolName: "shop", ...settings });
  return (await client.send(request)).UserPool?.Id ?? "";
}

async function describePool({ client }: TestApp, id: string) {
  const { UserPool } = await client.send(new DescribeUserPoolCommand({ UserPoolId: id }));
  return UserPool ?? {};
}

function update(
  { client }: TestApp,
  id: string,
  settings: Omit<UpdateUserPoolCommandInput, "UserPoolId"> = {},
) {
  return client.send(new UpdateUserPoolCommand({ UserPoolId: id, ...settings }));
}

test("what an update leaves out goes back to its default, and what is fixed at creation stays", async () => {
  const app = await testApp();
  const fixed = {
    AliasAttributes: ["email" as const],
    UsernameConfiguration: { CaseSensitive: false },
    Schema: [
      { Name: "team", AttributeDataType: "String" as const },
      { Name: "email", Required: true },
    ],
  };
  const plain = await describePool(app, await create(app, fixed));
  const id = await create(app, {
    ...fixed,
    Policies: { PasswordPolicy: { MinimumLength: 20 } },
    DeletionProtection: "ACTIVE",
    AutoVerifiedAttributes: ["email"],
    UserAttributeUpdateSettings: { AttributesRequireVerificationBeforeUpdate: ["email"] },
    EmailVerificationSubject: "Hello",
    SmsAuthenticationMessage: "Code: {####}",
    EmailConfiguration: { From: "shop@example.com" },
    SmsConfiguration: { SnsCallerArn: "arn:aws:iam::123456789012:role/sms" },
    AdminCreateUserConfig: { AllowAdminCreateUserOnly: true },
    AccountRecoverySetting: { RecoveryMechanisms: [{ Name: "verified_email", Priority: 1 }] },
    UserPoolTags: { team: "shop" },
    UserPoolTier: "LITE",
    UserPoolAddOns: { AdvancedSecurityMode: "OFF" },
    KeyConfiguration: { KeyType: "AWS_OWNED_KEY" },
    IssuerConfiguration: { Type: "ORIGINAL" },
  });
  const before = await describePool(app, id);
  app.clock.advance(5_000);
  await update(app, id);
  const after = await describePool(app, id);
  const own = { Id: id, Arn: before.Arn, CreationDate: before.CreationDate };
  expect(after).toEqual({ ...plain, ...own, LastModifiedDate: expect.any(Date) });
  expect(after.LastModifiedDate?.getTime()).toBeGreaterThan(
    before.LastModifiedDate?.getTime() ?? 0,
  );
});

test("a name is kept unless a new one is given", async () => {
  const app = await testApp();
  const id = await create(app);
  await update(app, id, { DeletionProtection: "ACTIVE" });
  expect(await describePool(app, id)).toMatchObject({ Name: "shop", DeletionProtection: "ACTIVE" });
  await update(app, id, { PoolName: "store" });
  expect((await describePool(app, id)).Name).toBe("store");
});

test("an update that is refused changes nothing", async () => {
  const app = await testApp();
  const id = await create(app, { AutoVerifiedAttributes: ["email"] });
  const before = await describePool(app, id);
  await expect(
    update(app, id, { PoolName: "other", MfaConfiguration: "ON" }),
  ).rejects.toMatchObject({
    name: "InvalidParameterException",
    message:
      "SMS configuration and Auto verification for phone_number are required when MFA is required/optional",
  });
  const contradiction = {
    PoolName: "other",
    UserAttributeUpdateSettings: {
      AttributesRequireVerificationBeforeUpdate: ["email" as const],
    },
  };
  await expect(update(app, id, contradiction)).rejects.toThrow("must exist in");
  expect(await describePool(app, id)).toEqual(before);
});

test.each(["Schema", "AliasAttributes", "UsernameAttributes", "UsernameConfiguration", "Id"])(
  "%s, which an update does not have, is refused",
  async (member) => {
    const app = await testApp();
    const id = await create(app);
    const input = { UserPoolId: id, PoolName: "other", [member]: [] };
    await expect(
      signedCall(app, { target: "AWSCognitoIdentityProviderService.UpdateUserPool", input }),
    ).rejects.toMatchObject({ name: "SerializationException" });
    expect((await describePool(app, id)).Name).toBe("shop");
  },
);

test("a pool that is not there is refused", async () => {
  const app = await testApp();
  await expect(update(app, "us-east-1_NotThere1")).rejects.toMatchObject({
    name: "ResourceNotFoundException",
    message: "User pool us-east-1_NotThere1 does not exist.",
  });
});

test("another region's signature does not reach a pool", async () => {
  const app = await testApp();
  const id = await create(app);
  const input = { UserPoolId: id, PoolName: "stolen" };
  const request = { target: "AWSCognitoIdentityProviderService.UpdateUserPool", input } as const;
  await expect(signedCall(app, request, { region: "eu-west-1" })).rejects.toMatchObject({
    name: "ResourceNotFoundException",
  });
  expect((await describePool(app, id)).Name).toBe("shop");
});

test.each(engines)("of changes at once none is lost, on %s", async (engine) => {
  const app = await testApp({ engine });
  const id = await create(app);
  const names = ["a", "b", "c", "d", "e"];
  await Promise.all([
    ...names.map((Name) =>
      app.client.send(
        new AddCustomAttributesCommand({
          UserPoolId: id,
          CustomAttributes: [{ Name, AttributeDataType: "String" }],
        }),
      ),
    ),
    update(app, id, { PoolName: "store" }),
  ]);
  const { Name, SchemaAttributes } = await describePool(app, id);
  expect(Name).toBe("store");
  const custom = SchemaAttributes?.map((each) => each.Name).filter((name) =>
    /custom:/.test(name ?? ""),
  );
  expect(custom?.sort()).toEqual(names.map((name) => `custom:${name}`));
  await app.close();
});
