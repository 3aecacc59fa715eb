import {
  AdminConfirmSignUpCommand,
  ConfirmSignUpCommand,
  ResendConfirmationCodeCommand,
} from "@aws-sdk/client-cognito-identity-provider";
import { afterEach, beforeEach, expect, test } from "vitest";
import { sdkClient, type TestApp, testApp } from "../../../testing/app.ts";
import { lastCode } from "../../../testing/codes.ts";
import { storedUser, type TestPool, testPool, testUser } from "../../../testing/pools.ts";

let app: TestApp;
let home: TestPool;
beforeEach(async () => {
  app = await testApp();
  home = await testPool(app, { settings: { autoVerifiedAttributes: ["email"] } });
});
afterEach(() => app.close());

function confirm(Username = "ada", by = app.client) {
  return by.send(new AdminConfirmSignUpCommand({ UserPoolId: home.pool.id, Username }));
}

function unconfirmed() {
  const attributes = { email: "ada@example.com", email_verified: "false" };
  return testUser(app, home.pool, { status: "UNCONFIRMED", attributes });
}

test("confirms a user without verifying an address", async () => {
  await unconfirmed();
  await confirm();
  expect(await storedUser(app, home)).toMatchObject({
    status: "CONFIRMED",
    attributes: { email_verified: "false" },
  });
  await expect(confirm()).rejects.toMatchObject({
    name: "NotAuthorizedException",
    message: "User cannot be confirmed. Current status is CONFIRMED",
  });
});

test("voids the code that was sent before", async () => {
  await unconfirmed();
  const asked = { ClientId: home.client.id, Username: "ada" };
  await app.client.send(new ResendConfirmationCodeCommand(asked));
  await confirm();
  expect(await app.context.store.db.selectFrom("codes").selectAll().execute()).toEqual([]);
  await expect(
    app.client.send(new ConfirmSignUpCommand({ ...asked, ConfirmationCode: lastCode(app) })),
  ).rejects.toMatchObject({ name: "NotAuthorizedException" });
});

test("tells of a user that does not exist, and takes no unsigned call", async () => {
  await expect(confirm("nobody")).rejects.toMatchObject({
    name: "UserNotFoundException",
    message: "User does not exist.",
  });
  await unconfirmed();
  const stranger = sdkClient(app.app, {
    accessKeyId: "AKIASTRANGER00000000",
    secretAccessKey: "x",
  });
  await expect(confirm("ada", stranger)).rejects.toMatchObject({
    name: "UnrecognizedClientException",
  });
  expect(await storedUser(app, home)).toMatchObject({
    status: "UNCONFIRMED",
  });
});
