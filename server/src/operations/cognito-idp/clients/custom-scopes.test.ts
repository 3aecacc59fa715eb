/** Clients may have the scopes of their pool's resource servers, and no others. */
import {
  CreateResourceServerCommand,
  CreateUserPoolClientCommand,
  DeleteResourceServerCommand,
  DescribeUserPoolClientCommand,
  UpdateResourceServerCommand,
  UpdateUserPoolClientCommand,
} from "@aws-sdk/client-cognito-identity-provider";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { UserPool } from "../../../domain/pools/pool.ts";
import { type TestApp, testApp } from "../../../testing/app.ts";
import { testPool } from "../../../testing/pools.ts";
import { signedCall } from "../../../testing/signed-call.ts";

let app: TestApp;
let pool: UserPool;
beforeEach(async () => {
  app = await testApp();
  ({ pool } = await testPool(app));
});
afterEach(() => app.close());

const Identifier = "https://orders.example";
const read = `${Identifier}/read`;
const write = `${Identifier}/write`;

const server = (UserPoolId: string, names: readonly string[]) => ({
  UserPoolId,
  Identifier,
  Name: "Orders",
  Scopes: names.map((ScopeName) => ({ ScopeName, ScopeDescription: ScopeName })),
});
const createServer = (names: readonly string[], { id } = pool) =>
  app.client.send(new CreateResourceServerCommand(server(id, names)));
const updateServer = (names: readonly string[]) =>
  app.client.send(new UpdateResourceServerCommand(server(pool.id, names)));

const oauth = (AllowedOAuthScopes: string[]) => ({
  AllowedOAuthFlowsUserPoolClient: true,
  AllowedOAuthFlows: ["code" as const],
  CallbackURLs: ["https://shop.example/"],
  AllowedOAuthScopes,
});

async function create(scopes: string[]): Promise<string> {
  const input = { UserPoolId: pool.id, ClientName: "shop", ...oauth(scopes) };
  const { UserPoolClient } = await app.client.send(new CreateUserPoolClientCommand(input));
  return UserPoolClient?.ClientId ?? "";
}

function update(ClientId: string, scopes: string[]) {
  const input = { UserPoolId: pool.id, ClientId, ...oauth(scopes) };
  return app.client.send(new UpdateUserPoolClientCommand(input));
}

async function scopesOf(ClientId: string) {
  const command = new DescribeUserPoolClientCommand({ UserPoolId: pool.id, ClientId });
  return (await app.client.send(command)).UserPoolClient?.AllowedOAuthScopes;
}

const missing = (scope: string) => ({
  name: "ScopeDoesNotExistException",
  message: `Invalid scope requested: ${scope}`,
});

test("a client has scopes of a resource server beside the standard ones", async () => {
  await createServer(["read", "write"]);
  const id = await create(["openid", read]);
  expect(await scopesOf(id)).toEqual(["openid", read]);
  await update(id, ["openid", read, write]);
  expect(await scopesOf(id)).toEqual(["openid", read, write]);
});

test.each([
  "read",
  Identifier,
  `${Identifier}/`,
  `${Identifier}/READ`,
  `${Identifier}/read/`,
  `/${read}`,
  "aws.cognito.signin.user.admin/read",
  "Openid",
])("the scope %s is not there", async (scope) => {
  await createServer(["read"]);
  await expect(create(["openid", read, scope])).rejects.toMatchObject(missing(scope));
  const id = await create(["openid"]);
  await expect(update(id, [read, scope])).rejects.toMatchObject(missing(scope));
  expect(await scopesOf(id)).toEqual(["openid"]);
});

test("the scopes of another pool are not there", async () => {
  const { pool: other } = await testPool(app);
  await createServer(["read"], other);
  await expect(create([read])).rejects.toMatchObject(missing(read));
});

test("a scope that is deleted stays with its clients by name, until their scopes are set anew", async () => {
  await createServer(["read", "write"]);
  const id = await create([read, write]);
  await updateServer(["read"]);
  expect(await scopesOf(id)).toEqual([read, write]);
  await expect(update(id, [read, write])).rejects.toMatchObject(missing(write));
  const gone = new DeleteResourceServerCommand({ UserPoolId: pool.id, Identifier });
  await app.client.send(gone);
  await expect(update(id, [read])).rejects.toMatchObject(missing(read));
  await expect(create([read])).rejects.toMatchObject(missing(read));
  await update(id, ["openid"]);
  expect(await scopesOf(id)).toEqual(["openid"]);
});

test("what else is changed of a client asks nothing of its scopes", async () => {
  await createServer(["read"]);
  const id = await create([read]);
  await updateServer([]);
  await signedCall(app, {
    target: "PoolhouseService.PutUserPoolClientExtensions",
    input: { UserPoolId: pool.id, ClientId: id, Extensions: {} },
  });
  expect(await scopesOf(id)).toEqual([read]);
});
