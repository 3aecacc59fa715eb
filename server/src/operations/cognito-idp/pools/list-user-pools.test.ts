import {
  CreateUserPoolCommand,
  DeleteUserPoolCommand,
  ListUserPoolsCommand,
  paginateListUserPools,
} from "@aws-sdk/client-cognito-identity-provider";
import { expect, test } from "vitest";
import { type TestApp, testApp } from "../../../testing/app.ts";
import { engines } from "../../../testing/places.ts";
import { signedCall } from "../../../testing/signed-call.ts";

async function create({ client }: TestApp, name: string): Promise<string> {
  const { UserPool } = await client.send(new CreateUserPoolCommand({ PoolName: name }));
  return UserPool?.Id ?? "";
}

test.each(engines)("all pools are listed once, page by page, on %s", async (engine) => {
  const app = await testApp({ engine });
  const names = ["a", "b", "c", "d", "e"];
  for (const name of names) await create(app, name);
  const listed = [];
  const sizes = [];
  for await (const { UserPools = [] } of paginateListUserPools(
    { client: app.client, pageSize: 2 },
    { MaxResults: 2 },
  )) {
    sizes.push(UserPools.length);
    listed.push(...UserPools);
  }
  expect(sizes).toEqual([2, 2, 1]);
  expect(listed.map(({ Name }) => Name).sort()).toEqual(names);
  expect(listed[0]).toEqual({
    Id: expect.stringMatching(/^us-east-1_/),
    Name: expect.any(String),
    LambdaConfig: {},
    CreationDate: expect.any(Date),
    LastModifiedDate: expect.any(Date),
  });
  await app.close();
});

test("a deleted pool is not listed", async () => {
  const app = await testApp();
  await create(app, "stays");
  const gone = await create(app, "goes");
  await app.client.send(new DeleteUserPoolCommand({ UserPoolId: gone }));
  const { UserPools } = await app.client.send(new ListUserPoolsCommand({ MaxResults: 60 }));
  expect(UserPools?.map(({ Name }) => Name)).toEqual(["stays"]);
});

test("a region's pools are listed to who signs for it, and its pages to no other", async () => {
  const app = await testApp();
  const inRegion = (region: string, operation: string, input: object) =>
    signedCall(
      app,
      { target: `AWSCognitoIdentityProviderService.${operation}`, input },
      { region },
    );
  // One region's name is the beginning of the other's.
  for (const region of ["eu-west-1", "eu-west-10"]) {
    for (const name of ["a", "b"]) {
      await inRegion(region, "CreateUserPool", { PoolName: `${region} ${name}` });
    }
  }
  for (const region of ["eu-west-1", "eu-west-10"]) {
    const { UserPools } = await inRegion(region, "ListUserPools", { MaxResults: 60 });
    expect((UserPools as { Name: string }[]).map(({ Name }) => Name).sort()).toEqual([
      `${region} a`,
      `${region} b`,
    ]);
  }
  const { NextToken } = await inRegion("eu-west-1", "ListUserPools", { MaxResults: 1 });
  await expect(
    inRegion("eu-west-10", "ListUserPools", { MaxResults: 1, NextToken }),
  ).rejects.toMatchObject({ name: "InvalidParameterException" });
});

test.each([
  ["no MaxResults", {}, "Value null at 'maxResults'"],
  ["too many", { MaxResults: 61 }, "less than or equal to 60"],
  ["none", { MaxResults: 0 }, "greater than or equal to 1"],
  ["a token of its own making", { MaxResults: 1, NextToken: "AAAA" }, "Paging marker"],
])("%s is refused", async (_what, input, message) => {
  const app = await testApp();
  await expect(
    signedCall(app, { target: "AWSCognitoIdentityProviderService.ListUserPools", input }),
  ).rejects.toThrow(message);
});
