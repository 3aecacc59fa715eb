import {
  AdminSetUserPasswordCommand,
  type AdminSetUserPasswordCommandInput,
  ConfirmForgotPasswordCommand,
  ForgotPasswordCommand,
  GetUserCommand,
} from "@aws-sdk/client-cognito-identity-provider";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { sdkClient, type TestApp, testApp } from "../../../testing/app.ts";
import { deliverOutbox, lastCode } from "../../../testing/codes.ts";
import { password, storedUser, type TestPool, testPool, testUser } from "../../../testing/pools.ts";
import { signInByPassword, tokensOf } from "../../../testing/sign-in.ts";

let app: TestApp;
beforeEach(async () => {
  app = await testApp();
});
afterEach(() => app.close());

const next = "Another-Horse-9-Battery";
const attributes = { email: "ada@example.com", email_verified: "true" };

function set(
  { pool }: TestPool,
  given: Partial<AdminSetUserPasswordCommandInput> = {},
  by = app.client,
) {
  const input = { UserPoolId: pool.id, Username: "ada", Password: next, ...given };
  return by.send(new AdminSetUserPasswordCommand(input));
}

test("a permanent password confirms the user, who signs in with it", async () => {
  const home = await testPool(app);
  for (const status of ["UNCONFIRMED", "FORCE_CHANGE_PASSWORD", "RESET_REQUIRED"] as const) {
    const username = status.toLowerCase();
    await testUser(app, home.pool, { username, status, temporaryPasswordExpiresAtMs: 1 });
    await set(home, { Username: username, Permanent: true });
    const answer = await signInByPassword(app, home, { username, password: next });
    expect(answer.AuthenticationResult).toBeDefined();
  }
});

test.each([
  ["said so", { Permanent: false }],
  ["said nothing", {}],
])(
  "a password is temporary where the caller %s, for as long as the pool says",
  async (_, given) => {
    const home = await testPool(app);
    await testUser(app, home.pool);
    await set(home, given);
    expect(await storedUser(app, home)).toMatchObject({ status: "FORCE_CHANGE_PASSWORD" });
    const answer = await signInByPassword(app, home, { password: next });
    expect(answer.ChallengeName).toBe("NEW_PASSWORD_REQUIRED");
    app.clock.advance(7 * 86_400_000);
    await expect(signInByPassword(app, home, { password: next })).rejects.toMatchObject({
      message: "Temporary password has expired and must be reset by an administrator.",
    });
  },
);

test("the old password ends, and with it the lock on it and the codes to replace it", async () => {
  const home = await testPool(app);
  await testUser(app, home.pool, { attributes });
  const asked = { ClientId: home.client.id, Username: "ada" };
  await app.client.send(new ForgotPasswordCommand(asked));
  const code = lastCode(app);
  for (let failure = 0; failure < 5; failure++) {
    await signInByPassword(app, home, { password: "Wrong-Horse-9" }).catch(() => undefined);
  }
  await set(home, { Permanent: true });
  await expect(signInByPassword(app, home, { password: next })).resolves.toBeDefined();
  await expect(signInByPassword(app, home)).rejects.toMatchObject({
    name: "NotAuthorizedException",
  });
  await expect(
    app.client.send(
      new ConfirmForgotPasswordCommand({ ...asked, ConfirmationCode: code, Password: password }),
    ),
  ).rejects.toMatchObject({ name: "ExpiredCodeException" });
});

describe("sign-ins", () => {
  test("stay as they are in Cognito", async () => {
    const home = await testPool(app);
    await testUser(app, home.pool, { attributes });
    const { access } = await tokensOf(app, home);
    await set(home, { Permanent: true });
    await expect(
      app.client.send(new GetUserCommand({ AccessToken: access })),
    ).resolves.toBeDefined();
  });

  test("end in the hardened profile, and the user is told", async () => {
    const home = await testPool(app, { extensions: { profile: "hardened" } });
    await testUser(app, home.pool, { attributes });
    const { access } = await tokensOf(app, home);
    await set(home, { Permanent: true });
    await expect(
      app.client.send(new GetUserCommand({ AccessToken: access })),
    ).rejects.toMatchObject({ message: "Access Token has been revoked" });
    app.mail.broken = false;
    await deliverOutbox(app);
    expect(app.sent).toMatchObject([{ subject: "Your password was changed" }]);
  });
});

describe("what is refused", () => {
  test("a password that the pool does not take, a temporary one too", async () => {
    const home = await testPool(app);
    await testUser(app, home.pool);
    for (const Permanent of [true, false]) {
      await expect(set(home, { Password: "short", Permanent })).rejects.toMatchObject({
        name: "InvalidPasswordException",
      });
    }
    expect(await storedUser(app, home)).toMatchObject({ status: "CONFIRMED" });
  });

  test("a user or a pool that does not exist", async () => {
    const home = await testPool(app);
    await expect(set(home)).rejects.toMatchObject({ name: "UserNotFoundException" });
    await expect(set(home, { UserPoolId: "us-east-1_nobody" })).rejects.toMatchObject({
      name: "ResourceNotFoundException",
    });
  });

  test("a caller without the root keys", async () => {
    const home = await testPool(app);
    await testUser(app, home.pool);
    const stranger = { accessKeyId: "AKIASTRANGER00000000", secretAccessKey: "x" };
    await expect(set(home, {}, sdkClient(app.app, stranger))).rejects.toMatchObject({
      name: "UnrecognizedClientException",
    });
    await expect(signInByPassword(app, home)).resolves.toBeDefined();
  });
});

test("the password stands in no row of the trail", async () => {
  const home = await testPool(app);
  await testUser(app, home.pool);
  await set(home, { Permanent: true });
  expect(JSON.stringify([await app.auditEvents(), app.logged])).not.toContain(next);
});
