import { GetUserCommand, GlobalSignOutCommand } from "@aws-sdk/client-cognito-identity-provider";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type TestApp, testApp } from "../../../testing/app.ts";
import { testPool, testUser } from "../../../testing/pools.ts";
import { tokensOf } from "../../../testing/sign-in.ts";

let app: TestApp;
beforeEach(async () => {
  app = await testApp();
});
afterEach(() => app.close());

async function getUser(accessToken: string) {
  const { $metadata, ...answer } = await app.client.send(
    new GetUserCommand({ AccessToken: accessToken }),
  );
  return answer;
}

test("answers the holder of the token, the sub first, and nothing of factors that there are not", async () => {
  const pool = await testPool(app);
  const user = await testUser(app, pool.pool, {
    attributes: { email: "ada@example.com", email_verified: "true" },
  });
  const { access } = await tokensOf(app, pool);
  expect(await getUser(access)).toEqual({
    Username: "ada",
    UserAttributes: [
      { Name: "sub", Value: user.id },
      { Name: "email", Value: "ada@example.com" },
      { Name: "email_verified", Value: "true" },
    ],
  });
});

test("shows the sub and the attributes that the token's client may read, and no other", async () => {
  const pool = await testPool(app, { client: { readAttributes: ["email"] } });
  const user = await testUser(app, pool.pool, {
    attributes: { email: "ada@example.com", name: "Ada", "dev:custom:score": "7" },
  });
  const { access } = await tokensOf(app, pool);
  expect((await getUser(access)).UserAttributes).toEqual([
    { Name: "sub", Value: user.id },
    { Name: "email", Value: "ada@example.com" },
  ]);
});

test("developers' own attributes are never shown to a user", async () => {
  const pool = await testPool(app);
  await testUser(app, pool.pool, { attributes: { "dev:custom:score": "7" } });
  const { access } = await tokensOf(app, pool);
  expect((await getUser(access)).UserAttributes).toHaveLength(1);
});

test("an ID token is no access token", async () => {
  const pool = await testPool(app);
  await testUser(app, pool.pool);
  const { id } = await tokensOf(app, pool);
  await expect(getUser(id)).rejects.toMatchObject({
    name: "NotAuthorizedException",
    message: "Invalid Access Token",
  });
});

test("a successful look leaves no row in the trail, a refused one does", async () => {
  const pool = await testPool(app);
  await testUser(app, pool.pool);
  const { access } = await tokensOf(app, pool);
  await getUser(access);
  await app.client.send(new GlobalSignOutCommand({ AccessToken: access }));
  await expect(getUser(access)).rejects.toThrow("Access Token has been revoked");
  const rows = (await app.auditEvents()).filter(({ eventName }) => eventName === "GetUser");
  expect(rows).toMatchObject([{ errorCode: "NotAuthorizedException" }]);
});
