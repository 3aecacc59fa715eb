import {
  AdminGetUserCommand,
  CreateUserPoolClientCommand,
  CreateUserPoolCommand,
  DeleteUserPoolCommand,
  DescribeUserPoolClientCommand,
  DescribeUserPoolCommand,
  GetUserCommand,
  InitiateAuthCommand,
  SignUpCommand,
  UpdateUserPoolCommand,
} from "@aws-sdk/client-cognito-identity-provider";
import { expect, test } from "vitest";
import { finishDeletion, pageDeletions } from "../../../store/deletions.ts";
import { type TestApp, testApp } from "../../../testing/app.ts";
import { password, type TestPool, testPool, testUser } from "../../../testing/pools.ts";
import { tokensOf } from "../../../testing/sign-in.ts";

function deletePool({ client }: TestApp, { pool }: TestPool) {
  return client.send(new DeleteUserPoolCommand({ UserPoolId: pool.id }));
}

test("a protected pool is not deleted until its protection is taken away", async () => {
  const app = await testApp();
  const made = await testPool(app, { settings: { deletionProtection: true } });
  const UserPoolId = made.pool.id;
  await expect(deletePool(app, made)).rejects.toMatchObject({
    name: "InvalidParameterException",
    message:
      "The user pool cannot be deleted because deletion protection is activated. Deletion protection must be inactivated first.",
  });
  await app.client.send(new DescribeUserPoolCommand({ UserPoolId }));
  expect(await pageDeletions(app.context.store.db, { limit: 9 })).toEqual([]);
  const unprotect = new UpdateUserPoolCommand({ UserPoolId, DeletionProtection: "INACTIVE" });
  await app.client.send(unprotect);
  await deletePool(app, made);
  await expect(deletePool(app, made)).rejects.toMatchObject({ name: "ResourceNotFoundException" });
});

test("from then on nothing of it is reached, by anybody", async () => {
  const app = await testApp();
  const made = await testPool(app);
  await testUser(app, made.pool, { username: "ada" });
  const { access, refresh } = await tokensOf(app, made);
  await deletePool(app, made);
  const { client: sdk } = app;
  const UserPoolId = made.pool.id;
  const ClientId = made.client.id;
  const noPool = {
    name: "ResourceNotFoundException",
    message: `User pool ${UserPoolId} does not exist.`,
  };
  const noClient = {
    name: "ResourceNotFoundException",
    message: `User pool client ${ClientId} does not exist.`,
  };
  const auth = (AuthFlow: "USER_PASSWORD_AUTH" | "REFRESH_TOKEN_AUTH", more: object) =>
    new InitiateAuthCommand({ AuthFlow, ClientId, AuthParameters: { ...more } });
  await expect(sdk.send(new DescribeUserPoolCommand({ UserPoolId }))).rejects.toMatchObject(noPool);
  await expect(
    sdk.send(new DescribeUserPoolClientCommand({ UserPoolId, ClientId })),
  ).rejects.toMatchObject(noPool);
  await expect(
    sdk.send(new CreateUserPoolClientCommand({ UserPoolId, ClientName: "late" })),
  ).rejects.toMatchObject(noPool);
  await expect(
    sdk.send(new AdminGetUserCommand({ UserPoolId, Username: "ada" })),
  ).rejects.toMatchObject(noPool);
  await expect(
    sdk.send(new SignUpCommand({ ClientId, Username: "bob", Password: password })),
  ).rejects.toMatchObject(noClient);
  await expect(
    sdk.send(auth("USER_PASSWORD_AUTH", { USERNAME: "ada", PASSWORD: password })),
  ).rejects.toMatchObject(noClient);
  await expect(
    sdk.send(auth("REFRESH_TOKEN_AUTH", { REFRESH_TOKEN: refresh })),
  ).rejects.toMatchObject(noClient);
  await expect(sdk.send(new GetUserCommand({ AccessToken: access }))).rejects.toMatchObject({
    name: "NotAuthorizedException",
  });
});

test("what belongs to it is noted to be purged, and then goes", async () => {
  const app = await testApp();
  const { db } = app.context.store;
  const made = await testPool(app);
  const other = await testPool(app);
  await testUser(app, made.pool);
  await testUser(app, other.pool);
  await deletePool(app, made);
  const [deletion, ...more] = await pageDeletions(db, { limit: 9 });
  expect(more).toEqual([]);
  expect(deletion).toMatchObject({ user_pool_id: made.pool.id, user_id: null, client_id: null });
  if (deletion) await finishDeletion(db, deletion);
  for (const table of ["user_pool_clients", "users", "signing_keys"] as const) {
    const rows = await db.selectFrom(table).select("user_pool_id").distinct().execute();
    expect(rows).toEqual([{ user_pool_id: other.pool.id }]);
  }
  expect(await pageDeletions(db, { limit: 9 })).toEqual([]);
});

test("deletion and its row in the trail are one", async () => {
  const app = await testApp();
  const { UserPool } = await app.client.send(new CreateUserPoolCommand({ PoolName: "shop" }));
  await app.client.send(new DeleteUserPoolCommand({ UserPoolId: UserPool?.Id ?? "" }));
  expect((await app.auditEvents()).at(-1)).toMatchObject({
    eventName: "DeleteUserPool",
    requestParameters: { userPoolId: UserPool?.Id },
    additionalEventData: { userPoolId: UserPool?.Id },
  });
});
