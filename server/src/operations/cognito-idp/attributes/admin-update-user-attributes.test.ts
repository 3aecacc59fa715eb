import {
  AdminUpdateUserAttributesCommand,
  GetUserAttributeVerificationCodeCommand,
  UpdateUserAttributesCommand,
  VerifyUserAttributeCommand,
} from "@aws-sdk/client-cognito-identity-provider";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { SchemaAttribute } from "../../../domain/pools/pool.ts";
import { standardAttributes } from "../../../domain/pools/standard-attributes.ts";
import { type TestApp, testApp } from "../../../testing/app.ts";
import { lastCode } from "../../../testing/codes.ts";
import { storedAttributes, type TestPool, testPool, testUser } from "../../../testing/pools.ts";
import { tokensOf } from "../../../testing/sign-in.ts";

let app: TestApp;
beforeEach(async () => {
  app = await testApp();
});
afterEach(() => app.close());

const email = { email: "ada@example.com", email_verified: "true" };
const keeping = { autoVerifiedAttributes: ["email"], verificationBeforeUpdate: ["email"] } as const;

function update({ pool }: TestPool, attributes: Record<string, string>, Username = "ada") {
  const UserAttributes = Object.entries(attributes).map(([Name, Value]) => ({ Name, Value }));
  const input = { UserPoolId: pool.id, Username, UserAttributes };
  return app.client.send(new AdminUpdateUserAttributesCommand(input));
}

describe("the proof of an address", () => {
  test("can be given, and the address then names the user", async () => {
    const home = await testPool(app, { settings: { aliasAttributes: ["email"] } });
    await testUser(app, home.pool, { attributes: { email: "ada@example.com" } });
    expect(await storedAttributes(app, home, "ada@example.com")).toBeUndefined();
    await update(home, { email_verified: "TRUE" });
    expect(await storedAttributes(app, home, "ada@example.com")).toEqual(email);
    await update(home, { email_verified: "false" });
    expect(await storedAttributes(app, home, "ada@example.com")).toBeUndefined();
  });

  test("can be given with the address, which then needs no code", async () => {
    const home = await testPool(app, { settings: keeping });
    await testUser(app, home.pool, { attributes: email });
    await update(home, { email: "new@example.com", email_verified: "true" });
    expect(await storedAttributes(app, home)).toEqual({
      email: "new@example.com",
      email_verified: "true",
    });
    expect(app.sent).toEqual([]);
  });

  test("needs an address", async () => {
    const home = await testPool(app);
    await testUser(app, home.pool);
    await expect(update(home, { email_verified: "true" })).rejects.toMatchObject({
      name: "InvalidParameterException",
      message: "Email is required to verify/un-verify an email",
    });
    await update(home, { email: "", email_verified: "true" });
    expect(await storedAttributes(app, home)).toEqual({});
  });

  test("does not take an alias from who has it", async () => {
    const home = await testPool(app, { settings: { aliasAttributes: ["email"] } });
    await testUser(app, home.pool, { attributes: email });
    const attributes = { email: "ada@example.com" };
    await testUser(app, home.pool, { username: "eve", attributes });
    await expect(update(home, { email_verified: "true" }, "eve")).rejects.toMatchObject({
      name: "AliasExistsException",
      message: "An account with the given email already exists.",
    });
    expect(await storedAttributes(app, home, "eve")).toEqual(attributes);
  });
});

describe("a new address without its proof", () => {
  test("is unproved, and a code goes to it where the pool verifies it", async () => {
    const home = await testPool(app, { settings: { autoVerifiedAttributes: ["email"] } });
    await testUser(app, home.pool, { attributes: email });
    await update(home, { email: "new@example.com" });
    expect(await storedAttributes(app, home)).toEqual({
      email: "new@example.com",
      email_verified: "false",
    });
    expect(app.sent).toMatchObject([{ to: "new@example.com" }]);
  });

  test("waits for the user's code where the pool keeps the old one", async () => {
    const home = await testPool(app, { settings: keeping });
    await testUser(app, home.pool, { attributes: email });
    const { access } = await tokensOf(app, home);
    await update(home, { email: "new@example.com", email_verified: "false" });
    expect(await storedAttributes(app, home)).toEqual(email);
    const input = { AccessToken: access, AttributeName: "email", Code: lastCode(app) };
    await app.client.send(new VerifyUserAttributeCommand(input));
    expect(await storedAttributes(app, home)).toEqual({
      email: "new@example.com",
      email_verified: "true",
    });
  });
});

test("what an administrator sets is not undone by a code that the user asked for before", async () => {
  const home = await testPool(app, { settings: keeping });
  await testUser(app, home.pool, { attributes: email });
  const { access } = await tokensOf(app, home);
  const own = {
    AccessToken: access,
    UserAttributes: [{ Name: "email", Value: "eve@example.com" }],
  };
  await app.client.send(new UpdateUserAttributesCommand(own));
  const code = lastCode(app);
  await update(home, { email: "new@example.com", email_verified: "true" });
  const input = { AccessToken: access, AttributeName: "email" };
  await expect(
    app.client.send(new VerifyUserAttributeCommand({ ...input, Code: code })),
  ).rejects.toMatchObject({ name: "ExpiredCodeException" });
  await app.client.send(new GetUserAttributeVerificationCodeCommand(input));
  expect(app.sent.at(-1)?.to).toBe("new@example.com");
});

describe("other attributes", () => {
  const own: SchemaAttribute[] = [
    { name: "custom:team", type: "String", mutable: false, required: false, developerOnly: false },
    {
      name: "dev:custom:score",
      type: "Number",
      mutable: true,
      required: false,
      developerOnly: true,
    },
  ];
  const settings = { schema: [...standardAttributes, ...own] };

  test("may be those that no user may write", async () => {
    const home = await testPool(app, { settings, client: { writeAttributes: [] } });
    await testUser(app, home.pool);
    await update(home, { "dev:custom:score": "7", name: "Ada" });
    expect(await storedAttributes(app, home)).toEqual({ "dev:custom:score": "7", name: "Ada" });
  });

  test("stay as they are if they are fixed, and so does the sub", async () => {
    const home = await testPool(app, { settings });
    await testUser(app, home.pool, { attributes: { "custom:team": "red" } });
    await expect(update(home, { "custom:team": "blue" })).rejects.toMatchObject({
      message: "user.custom:team: Attribute cannot be updated.\n",
    });
    await expect(update(home, { sub: "another" })).rejects.toMatchObject({
      name: "InvalidParameterException",
      message: "Cannot modify the non-mutable attribute sub",
    });
  });
});

test("a failed message is told, and the address is changed all the same", async () => {
  const home = await testPool(app, { settings: { autoVerifiedAttributes: ["email"] } });
  await testUser(app, home.pool, { attributes: email });
  app.mail.broken = true;
  await expect(update(home, { email: "new@example.com" })).rejects.toMatchObject({
    name: "CodeDeliveryFailureException",
  });
  expect(await storedAttributes(app, home)).toMatchObject({ email: "new@example.com" });
});

test("tells of a user that does not exist", async () => {
  const home = await testPool(app);
  await expect(update(home, { name: "Ada" })).rejects.toMatchObject({
    name: "UserNotFoundException",
    message: "User does not exist.",
  });
});
