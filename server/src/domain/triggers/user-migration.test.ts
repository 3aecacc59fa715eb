import {
  ConfirmForgotPasswordCommand,
  ForgotPasswordCommand,
} from "@aws-sdk/client-cognito-identity-provider";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type TestApp, testApp } from "../../testing/app.ts";
import { lastCode } from "../../testing/codes.ts";
import {
  storedUser,
  type TestPool,
  type TestPoolOptions,
  testCall,
  testPool,
  testUser,
} from "../../testing/pools.ts";
import { tokensOf } from "../../testing/sign-in.ts";
import { handleTriggers, triggersOf } from "../../testing/triggers.ts";
import { migrateUser } from "../users/migrate.ts";

let app: TestApp;
beforeEach(async () => {
  app = await testApp();
});
afterEach(() => app.close());

const email = { email: "ada@example.com", email_verified: "true" };
const hiding = { client: { preventUserExistenceErrors: "ENABLED" } } as const;

function poolWithFunction(options: TestPoolOptions = {}): Promise<TestPool> {
  const lambdaConfig = triggersOf("UserMigration");
  return testPool(app, { ...options, settings: { ...options.settings, lambdaConfig } });
}

function answering(response: Record<string, unknown>) {
  return handleTriggers(app, { UserMigration: (event) => ({ ...event, response }) });
}

function migrate(home: TestPool, given: { userName?: string; password?: string } = {}) {
  return migrateUser(testCall(app), {
    ...home,
    userName: "ada",
    source: "UserMigration_Authentication",
    password: "old-password",
    validationData: { from: "web" },
    ...given,
  });
}

function forgot({ client }: TestPool, Username = "ada") {
  return app.client.send(
    new ForgotPasswordCommand({ ClientId: client.id, Username, ClientMetadata: { from: "web" } }),
  );
}

test("who is known elsewhere is made, with the password that was typed, and signs in with it", async () => {
  const events = answering({ userAttributes: { ...email, name: "Ada" } });
  const home = await poolWithFunction();
  const user = await migrate(home);
  expect(events).toMatchObject([
    {
      triggerSource: "UserMigration_Authentication",
      userName: "ada",
      callerContext: { clientId: home.client.id },
      request: { password: "old-password", validationData: { from: "web" } },
    },
  ]);
  expect(user).toMatchObject({ status: "CONFIRMED", attributes: { ...email, name: "Ada" } });
  // The policy does not apply to a password that is in use already.
  await expect(tokensOf(app, home, { password: "old-password" })).resolves.toBeDefined();
  await expect(tokensOf(app, home, { password: "another" })).rejects.toThrow();
  expect(app.sent).toEqual([]);
  const [row] = (await app.auditEvents()).filter(({ eventName }) => eventName === "MigrateUser");
  expect(row).toMatchObject({ additionalEventData: { sub: user?.id, userPoolId: home.pool.id } });
  expect(JSON.stringify(await app.auditEvents())).not.toContain("old-password");
});

test("who must set another password cannot sign in with the old one", async () => {
  answering({ userAttributes: email, finalUserStatus: "RESET_REQUIRED" });
  const home = await poolWithFunction();
  await migrate(home);
  await expect(tokensOf(app, home, { password: "old-password" })).rejects.toMatchObject({
    name: "PasswordResetRequiredException",
  });
});

test("text messages become the second factor where there is a number", async () => {
  const home = await poolWithFunction();
  answering({ userAttributes: { phone_number: "+12065550100" }, enableSMSMFA: true });
  expect((await migrate(home))?.factors).toMatchObject({ enabled: ["SMS_MFA"] });
  answering({ userAttributes: email, enableSMSMFA: true });
  expect((await migrate(home, { userName: "eve" }))?.factors.enabled).toEqual([]);
});

test("where e-mail is the user name it is the typed one", async () => {
  const home = await poolWithFunction({ settings: { usernameAttributes: ["email"] } });
  answering({ userAttributes: { name: "Ada" } });
  const user = await migrate(home, { userName: "ada@example.com" });
  expect(user).toMatchObject({ username: user?.id, attributes: { email: "ada@example.com" } });
  answering({ userAttributes: { email: "eve@example.com" } });
  await expect(migrate(home, { userName: "grace@example.com" })).rejects.toMatchObject({
    name: "InvalidParameterException",
  });
});

test("of many requests at once one makes the user, and all go on with that one", async () => {
  answering({ userAttributes: email });
  const home = await poolWithFunction();
  const users = await Promise.all(Array.from({ length: 5 }, () => migrate(home)));
  expect(new Set(users.map((user) => user?.id)).size).toBe(1);
  const stored = await app.context.store.db.selectFrom("users").select("id").execute();
  expect(stored).toHaveLength(1);
});

test("an alias is taken over only where the function says so", async () => {
  const home = await poolWithFunction({ settings: { aliasAttributes: ["email"] } });
  await testUser(app, home.pool, { username: "eve", attributes: email });
  answering({ userAttributes: email });
  await expect(migrate(home)).rejects.toMatchObject({
    code: "UserNotFoundException",
    message: `Exception migrating user in app client ${home.client.id}`,
  });
  expect(await storedUser(app, home)).toBeUndefined();
  answering({ userAttributes: email, forceAliasCreation: true });
  await migrate(home);
  expect((await storedUser(app, home, "ada@example.com"))?.username).toBe("ada");
});

const nobody: [string, Record<string, unknown>][] = [
  ["no attributes", {}],
  ["null", { userAttributes: null }],
  ["empty attributes", { userAttributes: {} }],
];
test.each(nobody)("%s are nobody", async (_, response) => {
  answering(response);
  const home = await poolWithFunction();
  expect(await migrate(home)).toBeUndefined();
  expect(await storedUser(app, home)).toBeUndefined();
});

const wrong: [string, Record<string, unknown>][] = [
  ["a status of its own", { userAttributes: email, finalUserStatus: "ADMIN" }],
  ["an attribute that is no text", { userAttributes: { name: 7 } }],
  ["attributes that are a list", { userAttributes: ["name"] }],
  ["a flag that is none", { userAttributes: email, forceAliasCreation: "true" }],
  ["an action of its own", { userAttributes: email, messageAction: "SING" }],
  ["an attribute that the pool does not have", { userAttributes: { shoe: "42" } }],
  ["a sub of its own", { userAttributes: { ...email, sub: "admin" } }],
  ["an address that is none", { userAttributes: { email: "ada" } }],
  ["a value that is too long", { userAttributes: { name: "x".repeat(2049) } }],
];
test.each(wrong)("an answer with %s makes nobody", async (_, response) => {
  answering(response);
  const telling = await poolWithFunction();
  await expect(migrate(telling)).rejects.toThrow();
  expect(await storedUser(app, telling)).toBeUndefined();
  const silent = await poolWithFunction(hiding);
  expect(await migrate(silent)).toBeUndefined();
  expect(await storedUser(app, silent)).toBeUndefined();
});

test("who forgot the password is made and gets a code", async () => {
  const events = answering({ userAttributes: email, finalUserStatus: "CONFIRMED" });
  const home = await poolWithFunction();
  await forgot(home);
  expect(events).toMatchObject([
    {
      triggerSource: "UserMigration_ForgotPassword",
      request: { validationData: null, clientMetadata: { from: "web" } },
    },
  ]);
  expect(events[0]?.request).not.toHaveProperty("password");
  expect(await storedUser(app, home)).toMatchObject({
    status: "RESET_REQUIRED",
    passwordHash: null,
  });
  await app.client.send(
    new ConfirmForgotPasswordCommand({
      ClientId: home.client.id,
      Username: "ada",
      ConfirmationCode: lastCode(app),
      Password: "Another-Horse-9-Battery",
    }),
  );
  await expect(tokensOf(app, home, { password: "Another-Horse-9-Battery" })).resolves.toBeDefined();
});

test("a user of the pool is not looked for elsewhere", async () => {
  const events = answering({ userAttributes: email });
  const home = await poolWithFunction();
  await testUser(app, home.pool, { attributes: email });
  await forgot(home);
  expect(events).toEqual([]);
});

test("a caller without the client's secret cannot have the function asked", async () => {
  const events = answering({ userAttributes: email });
  const home = await poolWithFunction({ secret: "the-secret-of-this-client" });
  await expect(forgot(home)).rejects.toMatchObject({ name: "NotAuthorizedException" });
  expect(events).toEqual([]);
  expect(await storedUser(app, home)).toBeUndefined();
});

test("one name can be asked for only so often", async () => {
  const events = answering({});
  const home = await poolWithFunction();
  for (let round = 0; round < 7; round++) await forgot(home).catch(() => undefined);
  expect(events).toHaveLength(5);
});

test("where the client hides who exists, a function that fails tells nothing", async () => {
  handleTriggers(app, {
    UserMigration: () => {
      throw new Error("No such user");
    },
  });
  const home = await poolWithFunction(hiding);
  await expect(forgot(home)).resolves.toMatchObject({ CodeDeliveryDetails: expect.anything() });
  const telling = await poolWithFunction();
  await expect(forgot(telling)).rejects.toMatchObject({
    name: "UserLambdaValidationException",
    message: "UserMigration failed with error No such user.",
  });
});
