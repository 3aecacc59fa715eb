import { createHmac } from "node:crypto";
import {
  AddUserPoolClientSecretCommand,
  CreateUserPoolClientCommand,
  DeleteUserPoolClientSecretCommand,
  DescribeUserPoolClientCommand,
  ListUserPoolClientSecretsCommand,
  RevokeTokenCommand,
  SignUpCommand,
  UpdateUserPoolClientCommand,
} from "@aws-sdk/client-cognito-identity-provider";
import { expect, test } from "vitest";
import { updateUserPoolClient } from "../../../store/user-pool-clients.ts";
import { type TestApp, testApp } from "../../../testing/app.ts";
import { engines } from "../../../testing/places.ts";
import { password, type TestPool, testPool, testUser } from "../../../testing/pools.ts";
import { signInByPassword, tokensOf } from "../../../testing/sign-in.ts";

const old = "the_first_secret_of_this_client";

function named({ pool, client }: TestPool) {
  return { UserPoolId: pool.id, ClientId: client.id };
}

async function add(app: TestApp, home: TestPool, given: { ClientSecret?: string } = {}) {
  const command = new AddUserPoolClientSecretCommand({ ...named(home), ...given });
  return (await app.client.send(command)).ClientSecretDescriptor ?? {};
}

async function list(app: TestApp, home: TestPool) {
  return await app.client.send(new ListUserPoolClientSecretsCommand(named(home)));
}

async function ids(app: TestApp, home: TestPool) {
  const { ClientSecrets = [] } = await list(app, home);
  return ClientSecrets.map(({ ClientSecretId }) => ClientSecretId ?? "");
}

function remove(app: TestApp, home: TestPool, ClientSecretId: string) {
  return app.client.send(new DeleteUserPoolClientSecretCommand({ ...named(home), ClientSecretId }));
}

async function described(app: TestApp, home: TestPool) {
  return (await app.client.send(new DescribeUserPoolClientCommand(named(home)))).UserPoolClient;
}

function hash({ client }: TestPool, secret: string, name = "ada"): string {
  return createHmac("sha256", secret).update(`${name}${client.id}`).digest("base64");
}

function signIn(app: TestApp, home: TestPool, secret: string) {
  return signInByPassword(app, home, { secretHash: hash(home, secret) });
}

async function withUser(app: TestApp) {
  const home = await testPool(app, { secret: old });
  await testUser(app, home.pool);
  return home;
}

const mismatch = (home: TestPool) => ({
  name: "NotAuthorizedException",
  message: `Unable to verify secret hash for client ${home.client.id}`,
});

test("both secrets prove the client until the old one is deleted", async () => {
  const app = await testApp();
  const home = await withUser(app);
  const { ClientSecretValue: fresh = "", ClientSecretId = "" } = await add(app, home);
  expect(fresh).toMatch(/^[a-z0-9]{51}$/);
  for (const secret of [old, fresh]) {
    const { AuthenticationResult } = await signIn(app, home, secret);
    expect(AuthenticationResult?.AccessToken).toBeDefined();
  }
  const [first = ""] = await ids(app, home);
  await remove(app, home, first);
  await expect(signIn(app, home, old)).rejects.toMatchObject(mismatch(home));
  expect((await signIn(app, home, fresh)).AuthenticationResult?.AccessToken).toBeDefined();
  expect(await ids(app, home)).toEqual([ClientSecretId]);
  expect(await described(app, home)).toMatchObject({ ClientSecret: fresh });
});

test("the newer secret can be taken back as well", async () => {
  const app = await testApp();
  const home = await withUser(app);
  const { ClientSecretValue: fresh = "", ClientSecretId = "" } = await add(app, home);
  await remove(app, home, ClientSecretId);
  await expect(signIn(app, home, fresh)).rejects.toMatchObject(mismatch(home));
  expect((await signIn(app, home, old)).AuthenticationResult?.AccessToken).toBeDefined();
});

test("either secret itself serves where the secret itself is asked for", async () => {
  const app = await testApp();
  const home = await withUser(app);
  const fresh = "another+secret_that_was_chosen";
  await add(app, home, { ClientSecret: fresh });
  const revoke = async (ClientSecret: string) => {
    const { refresh } = await tokensOf(app, home, { secretHash: hash(home, old) });
    return app.client.send(
      new RevokeTokenCommand({ Token: refresh, ClientId: home.client.id, ClientSecret }),
    );
  };
  await revoke(old);
  await revoke(fresh);
  for (const wrong of [`${old}x`, fresh.toUpperCase(), `${old}${fresh}`.slice(0, 64)]) {
    await expect(revoke(wrong)).rejects.toMatchObject({ name: "UnauthorizedException" });
  }
});

test("a hash of neither secret, or of another name, proves nothing", async () => {
  const app = await testApp();
  const home = await testPool(app, { secret: old });
  const { ClientSecretValue: fresh = "" } = await add(app, home);
  const signUp = (SecretHash: string | undefined) =>
    app.client.send(
      new SignUpCommand({
        ClientId: home.client.id,
        Username: "eve",
        Password: password,
        SecretHash,
      }),
    );
  for (const wrong of [
    hash(home, `${fresh}x`, "eve"),
    hash(home, fresh, "ada"),
    hash(home, "", "eve"),
    hash(home, "[", "eve"),
    hash(home, JSON.stringify([old, fresh]), "eve"),
  ]) {
    await expect(signUp(wrong)).rejects.toMatchObject(mismatch(home));
  }
  await expect(signUp(undefined)).rejects.toMatchObject({
    message: `Client ${home.client.id} is configured for secret but secret was not received`,
  });
  await expect(signUp(hash(home, fresh, "eve"))).resolves.toMatchObject({ UserConfirmed: false });
});

test("only a secret made here is shown, once", async () => {
  const app = await testApp();
  const home = await testPool(app, { secret: old });
  const made = await add(app, home);
  expect(made.ClientSecretValue).toBeDefined();
  const { ClientSecretId = "", ClientSecretCreateDate } = made;
  expect(ClientSecretId).toBe(`${home.client.id}--${ClientSecretCreateDate?.getTime()}`);
  const { ClientSecrets, NextToken } = await list(app, home);
  expect(NextToken).toBeUndefined();
  expect(ClientSecrets).toEqual([
    {
      ClientSecretId: `${home.client.id}--${home.client.createdAtMs}`,
      ClientSecretCreateDate: new Date(home.client.createdAtMs),
    },
    { ClientSecretId, ClientSecretCreateDate },
  ]);
  await remove(app, home, ClientSecretId);
  const ClientSecret = "another_secret_that_was_chosen";
  expect(Object.keys(await add(app, home, { ClientSecret })).sort()).toEqual([
    "ClientSecretCreateDate",
    "ClientSecretId",
  ]);
});

test("while there are two, the older one is what is described, and an update keeps both", async () => {
  const app = await testApp();
  const home = await withUser(app);
  const { ClientSecretValue: fresh = "" } = await add(app, home);
  expect(await described(app, home)).toMatchObject({ ClientSecret: old });
  const update = new UpdateUserPoolClientCommand({
    ...named(home),
    ExplicitAuthFlows: ["ALLOW_USER_PASSWORD_AUTH"],
  });
  expect((await app.client.send(update)).UserPoolClient).toMatchObject({ ClientSecret: old });
  for (const secret of [old, fresh]) {
    expect((await signIn(app, home, secret)).AuthenticationResult).toBeDefined();
  }
});

test("no third secret, and never none", async () => {
  const app = await testApp();
  const home = await testPool(app, { secret: old });
  const [first = ""] = await ids(app, home);
  await expect(remove(app, home, first)).rejects.toMatchObject({
    name: "InvalidParameterException",
  });
  await add(app, home);
  await expect(add(app, home)).rejects.toMatchObject({ name: "LimitExceededException" });
  expect(await ids(app, home)).toHaveLength(2);
  await remove(app, home, first);
  await expect(remove(app, home, first)).rejects.toMatchObject({
    name: "ResourceNotFoundException",
  });
  expect(await ids(app, home)).toHaveLength(1);
});

test("a second secret that is the first one would make no rotation", async () => {
  const app = await testApp();
  const home = await testPool(app, { secret: old });
  await expect(add(app, home, { ClientSecret: old })).rejects.toMatchObject({
    name: "InvalidParameterException",
  });
});

test("a public client stays public", async () => {
  const app = await testApp();
  const home = await testPool(app);
  await testUser(app, home.pool);
  expect(await list(app, home)).toMatchObject({ ClientSecrets: [] });
  await expect(add(app, home)).rejects.toMatchObject({ name: "InvalidParameterException" });
  await expect(remove(app, home, `${home.client.id}--1`)).rejects.toMatchObject({
    name: "ResourceNotFoundException",
  });
  expect((await signInByPassword(app, home)).AuthenticationResult).toBeDefined();
});

test.each([
  "x".repeat(23),
  "x".repeat(65),
  `${"x".repeat(30)}"`,
  `[${"x".repeat(30)}`,
  `${"x".repeat(30)} `,
  "",
])("%j is no secret", async (ClientSecret) => {
  const app = await testApp();
  const home = await testPool(app, { secret: old });
  await expect(add(app, home, { ClientSecret })).rejects.toMatchObject({
    name: "InvalidParameterException",
  });
});

test("secrets of another pool's client are not reached", async () => {
  const app = await testApp();
  const home = await testPool(app, { secret: old });
  const { pool } = await testPool(app);
  const stranger = { pool, client: home.client };
  const refusal = {
    name: "ResourceNotFoundException",
    message: `User pool client ${home.client.id} does not exist.`,
  };
  const [first = ""] = await ids(app, home);
  await expect(add(app, stranger)).rejects.toMatchObject(refusal);
  await expect(list(app, stranger)).rejects.toMatchObject(refusal);
  await expect(remove(app, stranger, first)).rejects.toMatchObject(refusal);
  expect(await ids(app, home)).toEqual([first]);
});

test("a page token is of another list", async () => {
  const app = await testApp();
  const home = await testPool(app, { secret: old });
  const command = new ListUserPoolClientSecretsCommand({ ...named(home), NextToken: "x" });
  await expect(app.client.send(command)).rejects.toMatchObject({
    name: "InvalidParameterException",
  });
});

test("no secret reaches the trail or the log", async () => {
  const app = await testApp();
  const home = await testPool(app, { secret: old });
  const ClientSecret = "another_secret_that_was_chosen";
  const { ClientSecretId = "" } = await add(app, home, { ClientSecret });
  await remove(app, home, ClientSecretId);
  const { ClientSecretValue = "" } = await add(app, home);
  await expect(add(app, home, { ClientSecret })).rejects.toThrow();
  const told = JSON.stringify([await app.auditEvents(), app.logged]);
  expect(told).toContain("AddUserPoolClientSecret");
  for (const secret of [old, ClientSecret, ClientSecretValue]) {
    expect(secret).not.toBe("");
    expect(told).not.toContain(secret);
  }
});

test("a client stored with one secret alone, as they were before, goes on and can move", async () => {
  const app = await testApp();
  const home = await withUser(app);
  const { vault, store } = app.context;
  const place = { table: "user_pool_clients", column: "secret", row: home.client.id };
  await updateUserPoolClient(store.db, home.client, {
    set: { secret: vault.seal(place, old) },
  });
  expect(await described(app, home)).toMatchObject({ ClientSecret: old });
  expect((await signIn(app, home, old)).AuthenticationResult).toBeDefined();
  const { ClientSecretValue: fresh = "" } = await add(app, home);
  for (const secret of [old, fresh]) {
    expect((await signIn(app, home, secret)).AuthenticationResult).toBeDefined();
  }
  const [first = ""] = await ids(app, home);
  await remove(app, home, first);
  await expect(signIn(app, home, old)).rejects.toMatchObject(mismatch(home));
});

test("a client may be made with a secret of the caller's", async () => {
  const app = await testApp();
  const { pool } = await testPool(app);
  const { UserPoolClient } = await app.client.send(
    new CreateUserPoolClientCommand({ UserPoolId: pool.id, ClientName: "web", ClientSecret: old }),
  );
  expect(UserPoolClient?.ClientSecret).toBe(old);
});

test.each(engines)("of secrets added at once one stays, on %s", async (engine) => {
  const app = await testApp({ engine });
  const home = await testPool(app, { secret: old });
  const outcomes = await Promise.allSettled([1, 2, 3, 4].map(() => add(app, home)));
  expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  for (const outcome of outcomes) {
    if (outcome.status === "rejected") expect(outcome.reason.name).toBe("LimitExceededException");
  }
  expect(await ids(app, home)).toHaveLength(2);
  await app.close();
});

test.each(engines)("two deletions at once leave one secret, on %s", async (engine) => {
  const app = await testApp({ engine });
  const home = await testPool(app, { secret: old });
  await add(app, home);
  const both = await ids(app, home);
  const outcomes = await Promise.allSettled(both.map((id) => remove(app, home, id)));
  expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  expect(await ids(app, home)).toHaveLength(1);
  await app.close();
});
