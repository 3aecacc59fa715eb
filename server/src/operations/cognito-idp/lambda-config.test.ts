import {
  CreateUserPoolCommand,
  DescribeUserPoolCommand,
  type LambdaConfigType,
  ListUserPoolsCommand,
  UpdateUserPoolCommand,
  type UserPoolTierType,
} from "@aws-sdk/client-cognito-identity-provider";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type TestApp, testApp } from "../../testing/app.ts";

let app: TestApp;
beforeEach(async () => {
  app = await testApp();
});
afterEach(() => app.close());

const arn = "arn:aws:lambda:us-east-1:123456789012:function:first";
const other = "arn:aws:lambda:us-east-1:123456789012:function:second";

async function create(
  LambdaConfig: LambdaConfigType,
  UserPoolTier?: UserPoolTierType,
): Promise<string> {
  const { UserPool } = await app.client.send(
    new CreateUserPoolCommand({ PoolName: "pool", LambdaConfig, UserPoolTier }),
  );
  return UserPool?.Id ?? "";
}

async function shown(UserPoolId: string): Promise<LambdaConfigType | undefined> {
  const { UserPool } = await app.client.send(new DescribeUserPoolCommand({ UserPoolId }));
  return UserPool?.LambdaConfig;
}

test("is kept and shown as it was given", async () => {
  const given = { PreSignUp: arn, PostConfirmation: other, CustomMessage: arn };
  expect(await shown(await create(given))).toEqual(given);
  const { UserPools } = await app.client.send(new ListUserPoolsCommand({ MaxResults: 1 }));
  expect(UserPools).toMatchObject([{ LambdaConfig: given }]);
});

test("is empty after an update that does not name it", async () => {
  const UserPoolId = await create({ PreSignUp: arn });
  await app.client.send(new UpdateUserPoolCommand({ UserPoolId }));
  expect(await shown(UserPoolId)).toEqual({});
});

test("the function that edits tokens is shown under both its names", async () => {
  expect(await shown(await create({ PreTokenGeneration: arn }))).toEqual({
    PreTokenGeneration: arn,
    PreTokenGenerationConfig: { LambdaVersion: "V1_0", LambdaArn: arn },
  });
  const PreTokenGenerationConfig = { LambdaVersion: "V2_0", LambdaArn: arn } as const;
  for (const given of [
    { PreTokenGenerationConfig },
    { PreTokenGeneration: arn, PreTokenGenerationConfig },
  ]) {
    expect(await shown(await create(given))).toEqual({
      PreTokenGeneration: arn,
      PreTokenGenerationConfig,
    });
  }
});

test("two functions that would edit tokens are refused", async () => {
  const PreTokenGenerationConfig = { LambdaVersion: "V1_0", LambdaArn: other } as const;
  await expect(create({ PreTokenGeneration: arn, PreTokenGenerationConfig })).rejects.toMatchObject(
    {
      name: "InvalidParameterException",
      message: "PreTokenGeneration and PreTokenGenerationConfig must name the same function.",
    },
  );
});

const KMSKeyID = "arn:aws:kms:us-east-1:123456789012:key/codes";
const sender = { LambdaVersion: "V1_0", LambdaArn: arn } as const;

test.each<LambdaConfigType>([
  { CustomEmailSender: sender, KMSKeyID },
  { CustomSMSSender: sender, KMSKeyID },
  { CustomEmailSender: sender, CustomSMSSender: { ...sender, LambdaArn: other }, KMSKeyID },
  { KMSKeyID },
])("functions that send messages are shown as they were given: %j", async (given) => {
  const UserPoolId = await create(given);
  expect(await shown(UserPoolId)).toEqual(given);
  await app.client.send(
    new UpdateUserPoolCommand({ UserPoolId, LambdaConfig: { PreSignUp: arn } }),
  );
  expect(await shown(UserPoolId)).toEqual({ PreSignUp: arn });
  await app.client.send(new UpdateUserPoolCommand({ UserPoolId, LambdaConfig: given }));
  expect(await shown(UserPoolId)).toEqual(given);
});

test.each<LambdaConfigType>([{ CustomEmailSender: sender }, { CustomSMSSender: sender }])(
  "without a key there is nothing to encrypt their codes with: %j",
  async (LambdaConfig) => {
    const refused = {
      name: "InvalidParameterException",
      message: "KMSKeyID is required to use CustomEmailSender or CustomSMSSender",
    };
    await expect(create(LambdaConfig)).rejects.toMatchObject(refused);
    const UserPoolId = await create({ ...LambdaConfig, KMSKeyID });
    const changed = app.client.send(new UpdateUserPoolCommand({ UserPoolId, LambdaConfig }));
    await expect(changed).rejects.toMatchObject(refused);
  },
);

test("access tokens are edited only in the tiers that have it", async () => {
  for (const LambdaVersion of ["V2_0", "V3_0"] as const) {
    const config = { PreTokenGenerationConfig: { LambdaVersion, LambdaArn: arn } };
    await expect(create(config, "LITE")).rejects.toMatchObject({
      name: "FeatureUnavailableInTierException",
    });
    await expect(create(config, "PLUS")).resolves.toBeDefined();
  }
  await expect(create({ PreTokenGeneration: arn }, "LITE")).resolves.toBeDefined();
});

test.each(["first", "arn:aws:lambda", ""])("%j is no function", async (PreSignUp) => {
  await expect(create({ PreSignUp })).rejects.toMatchObject({ name: "InvalidParameterException" });
});
