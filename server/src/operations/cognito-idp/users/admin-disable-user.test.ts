import {
  AdminDisableUserCommand,
  AdminEnableUserCommand,
  AdminGetUserCommand,
  GetUserCommand,
} from "@aws-sdk/client-cognito-identity-provider";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type TestApp, testApp } from "../../../testing/app.ts";
import { type TestPool, testPool, testUser } from "../../../testing/pools.ts";
import { signInByPassword, tokensOf } from "../../../testing/sign-in.ts";

let app: TestApp;
let pool: TestPool;
beforeEach(async () => {
  app = await testApp();
  pool = await testPool(app);
  await testUser(app, pool.pool);
});
afterEach(() => app.close());

const named = () => ({ UserPoolId: pool.pool.id, Username: "ada" });
const disable = () => app.client.send(new AdminDisableUserCommand(named()));
const enable = () => app.client.send(new AdminEnableUserCommand(named()));
const isEnabled = async () => (await app.client.send(new AdminGetUserCommand(named()))).Enabled;

test("a disabled user is signed out everywhere and cannot sign in", async () => {
  const { access } = await tokensOf(app, pool);
  await disable();
  expect(await isEnabled()).toBe(false);
  const refusal = { name: "NotAuthorizedException", message: "User is disabled." };
  const getUser = () => app.client.send(new GetUserCommand({ AccessToken: access }));
  await expect(getUser()).rejects.toMatchObject(refusal);
  await expect(signInByPassword(app, pool)).rejects.toMatchObject(refusal);

  await enable();
  expect(await isEnabled()).toBe(true);
  await expect(getUser()).rejects.toMatchObject({ message: "Access Token has been revoked" });
  expect((await signInByPassword(app, pool)).AuthenticationResult?.AccessToken).toBeDefined();
});

test("disabling twice and enabling twice is no error, and each is in the trail", async () => {
  await disable();
  await disable();
  await enable();
  await enable();
  const rows = (await app.auditEvents()).map(({ eventName }) => eventName);
  expect(rows.filter((name) => name === "AdminDisableUser")).toHaveLength(2);
  expect(rows.filter((name) => name === "AdminEnableUser")).toHaveLength(2);
});

test("an unknown user can be neither disabled nor enabled", async () => {
  const nobody = { ...named(), Username: "nobody" };
  const refusal = { name: "UserNotFoundException", message: "User does not exist." };
  const { client } = app;
  await expect(client.send(new AdminDisableUserCommand(nobody))).rejects.toMatchObject(refusal);
  await expect(client.send(new AdminEnableUserCommand(nobody))).rejects.toMatchObject(refusal);
});

test("a change of the user at the same moment is not lost", async () => {
  const outcomes = await Promise.allSettled([disable(), enable(), disable()]);
  expect(outcomes.map(({ status }) => status)).toEqual(["fulfilled", "fulfilled", "fulfilled"]);
});
