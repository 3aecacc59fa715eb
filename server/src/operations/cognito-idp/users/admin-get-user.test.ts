import { AdminGetUserCommand } from "@aws-sdk/client-cognito-identity-provider";
import { afterEach, beforeEach, expect, test } from "vitest";
import { sdkClient, type TestApp, testApp } from "../../../testing/app.ts";
import { testPool, testUser } from "../../../testing/pools.ts";

let app: TestApp;
beforeEach(async () => {
  app = await testApp();
});
afterEach(() => app.close());

test("finds a user by user name, by sub and by alias, and answers all that is known", async () => {
  const { pool } = await testPool(app, { settings: { aliasAttributes: ["email"] } });
  const user = await testUser(app, pool, {
    attributes: { email: "ada@example.com", email_verified: "true" },
  });
  for (const Username of ["ada", user.id, "ada@example.com"]) {
    const { $metadata, ...answer } = await app.client.send(
      new AdminGetUserCommand({ UserPoolId: pool.id, Username }),
    );
    expect(answer).toEqual({
      Username: "ada",
      UserAttributes: [
        { Name: "sub", Value: user.id },
        { Name: "email", Value: "ada@example.com" },
        { Name: "email_verified", Value: "true" },
      ],
      UserCreateDate: new Date(user.createdAtMs),
      UserLastModifiedDate: new Date(user.modifiedAtMs),
      Enabled: true,
      UserStatus: "CONFIRMED",
    });
  }
});

test("an address that is not verified is no alias", async () => {
  const { pool } = await testPool(app, { settings: { aliasAttributes: ["email"] } });
  await testUser(app, pool, { attributes: { email: "ada@example.com" } });
  const command = new AdminGetUserCommand({ UserPoolId: pool.id, Username: "ada@example.com" });
  await expect(app.client.send(command)).rejects.toMatchObject({ name: "UserNotFoundException" });
});

test("refuses an unknown pool and who is no administrator", async () => {
  const { pool } = await testPool(app);
  await testUser(app, pool);
  const command = (id: string) => new AdminGetUserCommand({ UserPoolId: id, Username: "ada" });
  await expect(app.client.send(command("us-east-1_nowhere"))).rejects.toMatchObject({
    name: "ResourceNotFoundException",
    message: "User pool us-east-1_nowhere does not exist.",
  });
  const stranger = sdkClient(app.app, { accessKeyId: "AKIASTRANGER", secretAccessKey: "no" });
  await expect(stranger.send(command(pool.id))).rejects.toMatchObject({
    name: "UnrecognizedClientException",
  });
});
