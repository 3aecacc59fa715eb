import {
  AdminResetUserPasswordCommand,
  ConfirmForgotPasswordCommand,
  GetUserCommand,
  UpdateUserAttributesCommand,
} from "@aws-sdk/client-cognito-identity-provider";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { User } from "../../../domain/users/user.ts";
import { type TestApp, testApp } from "../../../testing/app.ts";
import { lastCode } from "../../../testing/codes.ts";
import { storedUser, type TestPool, testPool, testUser } from "../../../testing/pools.ts";
import { signInByPassword, tokensOf } from "../../../testing/sign-in.ts";

let app: TestApp;
beforeEach(async () => {
  app = await testApp();
});
afterEach(() => app.close());

const next = "Another-Horse-9-Battery";
const email = { email: "ada@example.com", email_verified: "true" };
const phone = { phone_number: "+12065559934", phone_number_verified: "true" };

function reset({ pool }: TestPool, Username = "ada") {
  return app.client.send(new AdminResetUserPasswordCommand({ UserPoolId: pool.id, Username }));
}

test("the password no longer signs in, and the code that was sent sets another", async () => {
  const home = await testPool(app);
  await testUser(app, home.pool, { attributes: email });
  await reset(home);
  expect(await storedUser(app, home)).toMatchObject({ status: "RESET_REQUIRED" });
  expect(app.sent).toMatchObject([{ to: "ada@example.com" }]);
  await expect(signInByPassword(app, home)).rejects.toMatchObject({
    name: "PasswordResetRequiredException",
  });
  await app.client.send(
    new ConfirmForgotPasswordCommand({
      ClientId: home.client.id,
      Username: "ada",
      ConfirmationCode: lastCode(app),
      Password: next,
    }),
  );
  await expect(signInByPassword(app, home, { password: next })).resolves.toBeDefined();
});

test("the code goes where the pool recovers accounts, and in a pool where nobody does to the phone first", async () => {
  const byMail = { accountRecovery: [{ name: "verified_email", priority: 1 }] } as const;
  const byNobody = { accountRecovery: [{ name: "admin_only", priority: 1 }] } as const;
  for (const settings of [byMail, byNobody]) {
    const home = await testPool(app, { settings });
    await testUser(app, home.pool, { attributes: { ...email, ...phone } });
    await reset(home);
  }
  expect(app.sent.map(({ channel }) => channel)).toEqual(["email", "sms"]);
});

test("can be done again for a user who lost the code", async () => {
  const home = await testPool(app);
  await testUser(app, home.pool, { attributes: email });
  await reset(home);
  await reset(home);
  expect(app.sent).toHaveLength(2);
});

test("a token that somebody still holds changes nothing until the user is back", async () => {
  const home = await testPool(app);
  await testUser(app, home.pool, { attributes: email });
  const { access } = await tokensOf(app, home);
  await reset(home);
  await expect(
    app.client.send(
      new UpdateUserAttributesCommand({
        AccessToken: access,
        UserAttributes: [{ Name: "email", Value: "eve@example.com" }],
      }),
    ),
  ).rejects.toMatchObject({ name: "PasswordResetRequiredException" });
});

test("ends all sign-ins in the hardened profile", async () => {
  const home = await testPool(app, { extensions: { profile: "hardened" } });
  await testUser(app, home.pool, { attributes: email });
  const { access } = await tokensOf(app, home);
  await reset(home);
  await expect(app.client.send(new GetUserCommand({ AccessToken: access }))).rejects.toMatchObject({
    message: "Access Token has been revoked",
  });
});

const refusals: [string, Partial<User>, string][] = [
  ["disabled", { enabled: false, attributes: email }, "User is disabled."],
  [
    "who never used the first password",
    { status: "FORCE_CHANGE_PASSWORD", attributes: email },
    "User password cannot be reset in the current state.",
  ],
  [
    "without a proved address",
    { attributes: { email: "ada@example.com" } },
    "Cannot reset password for the user as there is no registered/verified email or phone_number",
  ],
];

test.each(refusals)("is refused for a user %s, who stays as before", async (_, given, message) => {
  const home = await testPool(app);
  const before = await testUser(app, home.pool, given);
  await expect(reset(home)).rejects.toMatchObject({ message });
  expect((await storedUser(app, home))?.status).toBe(before.status);
  expect(app.sent).toEqual([]);
});

test("a failed message is told, and the password is reset all the same", async () => {
  const home = await testPool(app);
  await testUser(app, home.pool, { attributes: email });
  app.mail.broken = true;
  await expect(reset(home)).rejects.toMatchObject({ name: "CodeDeliveryFailureException" });
  expect(await storedUser(app, home)).toMatchObject({ status: "RESET_REQUIRED" });
});

test("tells of a user that does not exist", async () => {
  const home = await testPool(app);
  await expect(reset(home, "nobody")).rejects.toMatchObject({
    name: "UserNotFoundException",
    message: "User does not exist.",
  });
});
