import {
  AddCustomAttributesCommand,
  type AddCustomAttributesCommandInput,
  CreateUserPoolCommand,
  DescribeUserPoolCommand,
} from "@aws-sdk/client-cognito-identity-provider";
import { expect, test } from "vitest";
import { type TestApp, testApp } from "../../../testing/app.ts";

type Attributes = NonNullable<AddCustomAttributesCommandInput["CustomAttributes"]>;

async function create({ client }: TestApp): Promise<string> {
  const request = new CreateUserPoolCommand({
    PoolName: "shop",
    Schema: [{ Name: "team", AttributeDataType: "String" }],
  });
  return (await client.send(request)).UserPool?.Id ?? "";
}

function add({ client }: TestApp, UserPoolId: string, CustomAttributes: Attributes) {
  return client.send(new AddCustomAttributesCommand({ UserPoolId, CustomAttributes }));
}

async function customNames({ client }: TestApp, UserPoolId: string) {
  const { UserPool } = await client.send(new DescribeUserPoolCommand({ UserPoolId }));
  return UserPool?.SchemaAttributes?.slice(20).map(({ Name }) => Name);
}

test("attributes are added after those that are there", async () => {
  const app = await testApp();
  const id = await create(app);
  await add(app, id, [
    { Name: "email", AttributeDataType: "String" },
    { Name: "score", AttributeDataType: "Number", DeveloperOnlyAttribute: true },
  ]);
  expect(await customNames(app, id)).toEqual(["custom:team", "custom:email", "dev:custom:score"]);
});

const many = (count: number): Attributes =>
  Array.from({ length: count }, (_, n) => ({ Name: `n${n}`, AttributeDataType: "String" }));

test.each<[string, Attributes, string]>([
  [
    "one that is there",
    [{ Name: "team", AttributeDataType: "String" }],
    "custom:team: Existing attribute already has name custom:team.",
  ],
  [
    "one twice",
    [
      { Name: "new", AttributeDataType: "String" },
      { Name: "new", AttributeDataType: "String" },
    ],
    "Duplicate custom attribute names custom:new are not allowed in a user pool schema.",
  ],
  [
    "a required one",
    [{ Name: "new", AttributeDataType: "String", Required: true }],
    "Required custom attributes are not supported currently.",
  ],
  ["none", [], "Member must have length greater than or equal to 1"],
  ["too many at once", many(26), "Member must have length less than or equal to 25"],
])("%s is refused, and with it the others of the request", async (_what, attributes, message) => {
  const app = await testApp();
  const id = await create(app);
  const others: Attributes =
    attributes.length === 0 ? [] : [{ Name: "other", AttributeDataType: "String" }];
  await expect(add(app, id, [...others, ...attributes])).rejects.toThrow(message);
  expect(await customNames(app, id)).toEqual(["custom:team"]);
});

test("a pool has at most fifty of its own", async () => {
  const app = await testApp();
  const id = await create(app);
  await add(app, id, many(49).slice(0, 25));
  await add(app, id, many(49).slice(25));
  await expect(add(app, id, [{ Name: "one", AttributeDataType: "String" }])).rejects.toMatchObject({
    name: "InvalidParameterException",
    message: "A user pool cannot have more than 50 custom attributes.",
  });
  expect(await customNames(app, id)).toHaveLength(50);
});
