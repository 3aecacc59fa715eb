import {
  AdminCreateUserCommand,
  AdminDeleteUserCommand,
  AdminGetUserCommand,
  DeleteUserCommand,
  GetTokensFromRefreshTokenCommand,
  GetUserCommand,
} from "@aws-sdk/client-cognito-identity-provider";
import { afterEach, describe, expect, test } from "vitest";
import { startPurge } from "../../../domain/purge/purge.ts";
import { type TestApp, testApp } from "../../../testing/app.ts";
import { engines } from "../../../testing/places.ts";
import { type TestPool, testPool, testUser } from "../../../testing/pools.ts";
import { signInByPassword, tokensOf } from "../../../testing/sign-in.ts";

let app: TestApp;
afterEach(() => app.close());

const notThere = { name: "UserNotFoundException", message: "User does not exist." };

const ways = {
  async DeleteUser(_pool: TestPool, accessToken: string) {
    await app.client.send(new DeleteUserCommand({ AccessToken: accessToken }));
  },
  async AdminDeleteUser({ pool }: TestPool) {
    await app.client.send(new AdminDeleteUserCommand({ UserPoolId: pool.id, Username: "ada" }));
  },
};

function getUser(accessToken: string) {
  return app.client.send(new GetUserCommand({ AccessToken: accessToken }));
}

describe.each(engines)("on %s", (engine) => {
  test.each(["DeleteUser", "AdminDeleteUser"] as const)(
    "%s ends the user, every token and every name at once",
    async (way) => {
      app = await testApp({ engine: engine });
      const pool = await testPool(app, { settings: { aliasAttributes: ["email"] } });
      const user = await testUser(app, pool.pool, {
        attributes: { email: "ada@example.com", email_verified: "true" },
      });
      const { access, refresh } = await tokensOf(app, pool);
      await ways[way](pool, access);

      await expect(getUser(access)).rejects.toMatchObject(notThere);
      await expect(ways.DeleteUser(pool, access)).rejects.toMatchObject(notThere);
      await expect(ways.AdminDeleteUser(pool)).rejects.toMatchObject(notThere);
      for (const Username of ["ada", user.id, "ada@example.com"]) {
        const command = new AdminGetUserCommand({ UserPoolId: pool.pool.id, Username });
        await expect(app.client.send(command)).rejects.toMatchObject(notThere);
      }
      await expect(signInByPassword(app, pool)).rejects.toMatchObject(notThere);
      const refreshed = new GetTokensFromRefreshTokenCommand({
        ClientId: pool.client.id,
        RefreshToken: refresh,
      });
      await expect(app.client.send(refreshed)).rejects.toMatchObject({
        name: "NotAuthorizedException",
      });
      const row = (await app.auditEvents()).find(({ eventName }) => eventName === way);
      expect(row?.errorCode).toBeUndefined();
      expect(row?.additionalEventData).toMatchObject({ sub: user.id });
    },
  );
});

test("a user who is made anew under the name is another one, for whom old tokens do not count", async () => {
  app = await testApp({ engine: "sqlite" });
  const pool = await testPool(app, { settings: { aliasAttributes: ["email"] } });
  const attributes = { email: "ada@example.com", email_verified: "true" };
  const old = await testUser(app, pool.pool, { attributes });
  const { access, refresh } = await tokensOf(app, pool);
  await ways.AdminDeleteUser(pool);
  const { User } = await app.client.send(
    new AdminCreateUserCommand({
      UserPoolId: pool.pool.id,
      Username: "ada",
      UserAttributes: Object.entries(attributes).map(([Name, Value]) => ({ Name, Value })),
      MessageAction: "SUPPRESS",
    }),
  );
  expect(User?.Attributes).not.toContainEqual({ Name: "sub", Value: old.id });
  app.clock.advance(60_000);
  const purge = startPurge(app.context);
  await purge.step();
  await purge.stop();

  await expect(getUser(access)).rejects.toMatchObject(notThere);
  const refreshed = new GetTokensFromRefreshTokenCommand({
    ClientId: pool.client.id,
    RefreshToken: refresh,
  });
  await expect(app.client.send(refreshed)).rejects.toMatchObject({
    name: "NotAuthorizedException",
  });
  const byEmail = new AdminGetUserCommand({
    UserPoolId: pool.pool.id,
    Username: "ada@example.com",
  });
  expect((await app.client.send(byEmail)).UserStatus).toBe("FORCE_CHANGE_PASSWORD");
});

test.each(engines)("of two deletions at once on %s one succeeds", async (engine) => {
  app = await testApp({ engine: engine });
  const pool = await testPool(app);
  await testUser(app, pool.pool);
  const outcomes = await Promise.allSettled([
    ways.AdminDeleteUser(pool),
    ways.AdminDeleteUser(pool),
  ]);
  expect(outcomes.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
});

test("a user of another pool is not found, however it is named", async () => {
  app = await testApp({ engine: "sqlite" });
  const [one, other] = [await testPool(app), await testPool(app)];
  const user = await testUser(app, other.pool);
  for (const Username of ["ada", user.id]) {
    const command = new AdminDeleteUserCommand({ UserPoolId: one.pool.id, Username });
    await expect(app.client.send(command)).rejects.toMatchObject(notThere);
  }
});
