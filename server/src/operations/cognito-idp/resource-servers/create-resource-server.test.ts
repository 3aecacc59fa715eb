import {
  CreateResourceServerCommand,
  type CreateResourceServerCommandInput,
  DeleteResourceServerCommand,
  DescribeResourceServerCommand,
  ListResourceServersCommand,
  UpdateResourceServerCommand,
} from "@aws-sdk/client-cognito-identity-provider";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { UserPool } from "../../../domain/pools/pool.ts";
import {
  customScopesOf,
  listResourceServers,
} from "../../../domain/resource-servers/resource-server.ts";
import { type TestApp, testApp } from "../../../testing/app.ts";
import { engines } from "../../../testing/places.ts";
import { testPool } from "../../../testing/pools.ts";

let app: TestApp;
let pool: UserPool;
beforeEach(async () => {
  app = await testApp();
  ({ pool } = await testPool(app));
});
afterEach(() => app.close());

const named = () => ({ UserPoolId: pool.id, Identifier: "https://orders.example" });
const Scopes = [
  { ScopeName: "write", ScopeDescription: "Change orders" },
  { ScopeName: "read", ScopeDescription: "Read orders" },
];
const notThere = {
  name: "ResourceNotFoundException",
  message: "Resource server https://orders.example does not exist.",
};

async function create(given: Partial<CreateResourceServerCommandInput> = {}) {
  const input = { ...named(), Name: "Orders", ...given };
  return (await app.client.send(new CreateResourceServerCommand(input))).ResourceServer;
}

async function update(given: Partial<CreateResourceServerCommandInput>) {
  const input = { ...named(), Name: "Orders", ...given };
  return (await app.client.send(new UpdateResourceServerCommand(input))).ResourceServer;
}

async function get() {
  return (await app.client.send(new DescribeResourceServerCommand(named()))).ResourceServer;
}

const remove = () => app.client.send(new DeleteResourceServerCommand(named()));
const scopeNames = async () =>
  (await customScopesOf(app.context.store.db, pool.id)).map(({ name }) => name);

test("a resource server is kept as it was given, its scopes in their order", async () => {
  const server = await create({ Scopes });
  expect(server).toEqual({ ...named(), Name: "Orders", Scopes });
  expect(await get()).toEqual(server);
  expect(await customScopesOf(app.context.store.db, pool.id)).toEqual([
    { name: "https://orders.example/write", description: "Change orders" },
    { name: "https://orders.example/read", description: "Read orders" },
  ]);
});

test("without scopes it has none", async () => {
  expect((await create())?.Scopes).toEqual([]);
  expect(await scopeNames()).toEqual([]);
});

test("an identifier is taken once in a pool, and its case counts", async () => {
  await create();
  await expect(create()).rejects.toMatchObject({
    name: "InvalidParameterException",
    message: `https://orders.example already exists in user pool ${pool.id}.`,
  });
  await create({ Identifier: "https://Orders.example" });
  const { pool: other } = await testPool(app);
  await create({ UserPoolId: other.id });
});

test("an update replaces the name and all scopes", async () => {
  await create({ Scopes });
  const kept = [{ ScopeName: "read", ScopeDescription: "Look" }];
  expect(await update({ Name: "Shop", Scopes: kept })).toEqual({
    ...named(),
    Name: "Shop",
    Scopes: kept,
  });
  expect(await scopeNames()).toEqual(["https://orders.example/read"]);
  await update({});
  expect(await get()).toEqual({ ...named(), Name: "Orders", Scopes: [] });
});

test("what is not there can be neither shown, changed nor deleted", async () => {
  const { pool: other } = await testPool(app);
  await create({ UserPoolId: other.id, Scopes });
  await expect(get()).rejects.toMatchObject(notThere);
  await expect(update({ Scopes: [] })).rejects.toMatchObject(notThere);
  await expect(remove()).rejects.toMatchObject(notThere);
  expect(await customScopesOf(app.context.store.db, other.id)).toHaveLength(2);
});

test("with a resource server go its scopes", async () => {
  await create({ Scopes });
  await create({ Identifier: "stock", Scopes });
  await remove();
  await expect(get()).rejects.toMatchObject(notThere);
  expect(await scopeNames()).toEqual(["stock/write", "stock/read"]);
});

test("the scopes of one pool are not those of another", async () => {
  const { pool: other } = await testPool(app);
  await create({ UserPoolId: other.id, Scopes });
  expect(await scopeNames()).toEqual([]);
});

test.each(["aws.cognito", "aws.cognito/dcr", "aws.cognito.signin.user.admin"])(
  "%s is Cognito's own",
  async (Identifier) => {
    await expect(create({ Identifier, Scopes })).rejects.toMatchObject({
      name: "InvalidParameterException",
      message: `The identifier ${Identifier} is reserved.`,
    });
    expect(await scopeNames()).toEqual([]);
  },
);

const scope = (ScopeName: string) => ({ ScopeName, ScopeDescription: "a" });

test.each([
  [{ Identifier: "two words" }, "at 'identifier' failed"],
  [{ Identifier: 'a"b' }, "at 'identifier' failed"],
  [{ Identifier: "i".repeat(257) }, "at 'identifier' failed"],
  [{ Name: "<b>" }, "at 'name' failed"],
  [{ Scopes: [scope("a/b")] }, "at 'scopes.1.member.scopeName' failed"],
  [{ Scopes: [scope("a b")] }, "at 'scopes.1.member.scopeName' failed"],
  [{ Scopes: Array.from({ length: 101 }, (_, n) => scope(`s${n}`)) }, "at 'scopes' failed"],
  [{ Scopes: [scope("a"), scope("a")] }, "A scope can be named only once in a resource server."],
])("refuses %j, at a change too", async (given, message) => {
  await expect(create(given)).rejects.toMatchObject({
    name: "InvalidParameterException",
    message: expect.stringContaining(message),
  });
  await create({ Scopes });
  if (!("Identifier" in given)) await expect(update(given)).rejects.toThrow(message);
  expect(await get()).toEqual({ ...named(), Name: "Orders", Scopes });
});

test("a hundred scopes of the longest names are kept", async () => {
  const many = Array.from({ length: 100 }, (_, n) => ({
    ScopeName: `${n}`.padStart(256, "s"),
    ScopeDescription: "😀".repeat(256),
  }));
  await create({ Scopes: many });
  expect((await get())?.Scopes).toEqual(many);
});

test("they are listed in pages, by identifier", async () => {
  for (const Identifier of ["c", "a", "b"]) await create({ Identifier });
  const list = async (given: { MaxResults?: number; NextToken?: string | undefined } = {}) => {
    const input = { UserPoolId: pool.id, ...given };
    const answer = await app.client.send(new ListResourceServersCommand(input));
    return {
      names: answer.ResourceServers?.map(({ Identifier }) => Identifier),
      NextToken: answer.NextToken,
    };
  };
  expect(await list()).toEqual({ names: ["a", "b", "c"], NextToken: undefined });
  const first = await list({ MaxResults: 2 });
  expect(first.names).toEqual(["a", "b"]);
  expect(await list({ MaxResults: 2, NextToken: first.NextToken })).toEqual({
    names: ["c"],
    NextToken: undefined,
  });
  const { pool: other } = await testPool(app);
  const input = { UserPoolId: other.id, NextToken: first.NextToken };
  await expect(app.client.send(new ListResourceServersCommand(input))).rejects.toThrow(
    "Paging marker",
  );
});

describe.each(engines)("on %s", (engine) => {
  test("of many creations at once no more succeed than the pool has room for", async () => {
    const racing = await testApp({ engine });
    const { pool: full } = await testPool(racing);
    const make = (Identifier: string) => {
      const input = { UserPoolId: full.id, Identifier, Name: "API" };
      return racing.client.send(new CreateResourceServerCommand(input));
    };
    for (let n = 0; n < 23; n += 1) await make(`api-${n}`);
    const made = await Promise.allSettled(["a", "b", "c", "d", "e"].map(make));
    expect(made.filter(({ status }) => status === "fulfilled")).toHaveLength(2);
    const [refused] = made.filter(({ status }) => status === "rejected");
    expect(refused).toMatchObject({ reason: { name: "LimitExceededException" } });
    expect(await listResourceServers(racing.context.store.db, full.id)).toHaveLength(25);
    await racing.close();
  });
});
