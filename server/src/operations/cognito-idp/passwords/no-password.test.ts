import {
  AdminCreateUserCommand,
  type AdminCreateUserCommandInput,
  AdminGetUserCommand,
  AdminSetUserPasswordCommand,
  ChangePasswordCommand,
  ConfirmForgotPasswordCommand,
  ConfirmSignUpCommand,
  CreateUserPoolCommand,
  ForgotPasswordCommand,
  SignUpCommand,
  type SignUpCommandInput,
} from "@aws-sdk/client-cognito-identity-provider";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { FirstAuthFactor } from "../../../domain/pools/pool.ts";
import { updateUser } from "../../../store/users.ts";
import { type TestApp, testApp } from "../../../testing/app.ts";
import { deliverOutbox, lastCode } from "../../../testing/codes.ts";
import { engines } from "../../../testing/places.ts";
import {
  password,
  storedUser,
  type TestPool,
  type TestPoolOptions,
  testPool,
  testUser,
} from "../../../testing/pools.ts";
import { signInByPassword, signInBySrp, tokensOf } from "../../../testing/sign-in.ts";

let app: TestApp;
beforeEach(async () => {
  app = await testApp();
});
afterEach(() => app.close());

const emailOtp: readonly FirstAuthFactor[] = ["PASSWORD", "EMAIL_OTP"];
const none = { passwordHash: null, srpSalt: null, srpVerifier: null };
const email = { Name: "email", Value: "ada@example.com" };
const verified = { Name: "email_verified", Value: "true" };
const next = "Another-Horse-9-Battery";
const wrong = { name: "NotAuthorizedException", message: "Incorrect username or password." };

function poolOf(
  allowedFirstAuthFactors: readonly FirstAuthFactor[] = emailOtp,
  options: TestPoolOptions = {},
) {
  const settings = { autoVerifiedAttributes: ["email"], allowedFirstAuthFactors } as const;
  return testPool(app, { ...options, settings: { ...settings, ...options.settings } });
}

function signUp({ client }: TestPool, given: Partial<SignUpCommandInput> = {}) {
  const input = { ClientId: client.id, Username: "ada", UserAttributes: [email], ...given };
  return app.client.send(new SignUpCommand(input));
}

function create({ pool }: TestPool, given: Partial<AdminCreateUserCommandInput> = {}) {
  const UserAttributes = [email, verified];
  const input = { UserPoolId: pool.id, Username: "ada", UserAttributes, ...given };
  return app.client.send(new AdminCreateUserCommand(input));
}

/** A signed-in user who then has no password. */
async function withToken(options: TestPoolOptions = {}) {
  const home = await poolOf(emailOtp, options);
  const attributes = { email: "ada@example.com", email_verified: "true" };
  const { id } = await testUser(app, home.pool, { attributes });
  const { access } = await tokensOf(app, home);
  const set = { password_hash: null, srp_salt: null, srp_verifier: null };
  await updateUser(app.context.store.db, { userPoolId: home.pool.id, id }, { set });
  return { home, access };
}

function change(AccessToken: string, PreviousPassword?: string, ProposedPassword = next) {
  const input = { AccessToken, PreviousPassword, ProposedPassword };
  return app.client.send(new ChangePasswordCommand(input));
}

/** Nothing opens an account without a password that asks for one. */
async function expectNoWayIn(home: TestPool) {
  for (const guess of [password, "null", "x".repeat(256)]) {
    await expect(signInByPassword(app, home, { password: guess })).rejects.toMatchObject(wrong);
  }
  await expect(signInBySrp(app, home)).rejects.toMatchObject(wrong);
}

describe("a sign-up without a password", () => {
  test.each([undefined, ""])("(%j) makes a user whom a code confirms", async (Password) => {
    const home = await poolOf();
    const answer = await signUp(home, { Password });
    expect(answer).toMatchObject({ UserConfirmed: false });
    expect(await storedUser(app, home)).toMatchObject({ ...none, status: "UNCONFIRMED" });
    const code = { ClientId: home.client.id, Username: "ada", ConfirmationCode: lastCode(app) };
    await app.client.send(new ConfirmSignUpCommand(code));
    expect(await storedUser(app, home)).toMatchObject({ ...none, status: "CONFIRMED" });
    await expectNoWayIn(home);
  });

  test("may have one all the same, held to the policy", async () => {
    const home = await poolOf();
    await expect(signUp(home, { Password: "short" })).rejects.toMatchObject({
      name: "InvalidPasswordException",
    });
    await signUp(home, { Password: password });
    expect((await storedUser(app, home))?.passwordHash).not.toBeNull();
  });

  test.each([
    [["PASSWORD"]],
    // A passkey is registered by who is signed in already.
    [["PASSWORD", "WEB_AUTHN"]],
  ] as const)("is refused where the pool has no codes to sign in with: %j", async (factors) => {
    const home = await poolOf(factors);
    for (const Password of [undefined, ""]) {
      await expect(signUp(home, { Password })).rejects.toMatchObject({
        name: "InvalidParameterException",
        message:
          "1 validation error detected: Value at 'password' failed to satisfy constraint: Member must not be null",
      });
    }
    expect(await storedUser(app, home)).toBeUndefined();
  });

  test("does not take the name of a user who has one", async () => {
    const home = await poolOf();
    await testUser(app, home.pool);
    await expect(signUp(home)).rejects.toMatchObject({ name: "UsernameExistsException" });
    await expect(signInByPassword(app, home)).resolves.toBeDefined();
  });
});

describe("an administrator's user without a password", () => {
  test.each([undefined, ""])("(%j) is confirmed, and told without one", async (given) => {
    const home = await poolOf();
    const { User } = await create(home, { TemporaryPassword: given });
    expect(User?.UserStatus).toBe("CONFIRMED");
    expect(await storedUser(app, home)).toMatchObject({
      ...none,
      temporaryPasswordExpiresAtMs: null,
    });
    expect(app.sent).toEqual([
      {
        channel: "email",
        to: "ada@example.com",
        subject: "Your account",
        body: "Your username is ada.",
      },
    ]);
    await expectNoWayIn(home);
  });

  test("is told in the pool's words, if those leave no place for a password", async () => {
    const home = await poolOf(emailOtp, {
      settings: {
        inviteTemplate: {
          emailSubject: "Hello {username}",
          emailMessage: "<b>{username}</b>, come in",
          smsMessage: "{username} {####}",
        },
      },
    });
    const phone = { Name: "phone_number", Value: "+12065559934" };
    const UserAttributes = [email, phone];
    await create(home, { UserAttributes, DesiredDeliveryMediums: ["EMAIL", "SMS"] });
    expect(app.sent).toMatchObject([
      { channel: "email", subject: "Hello ada", body: "<b>ada</b>, come in" },
      { channel: "sms", body: "Your username is ada." },
    ]);
    await create(home, {
      Username: "eve",
      TemporaryPassword: password,
      UserAttributes: [phone, { Name: "email", Value: "eve@example.com" }],
      DesiredDeliveryMediums: ["EMAIL", "SMS"],
    });
    // Words without a place for the password are not sent (API reference, AdminCreateUser).
    expect(app.sent.slice(2)).toMatchObject([{ channel: "sms", body: `eve ${password}` }]);
  });

  test("is told nothing where the administrator says so", async () => {
    const home = await poolOf();
    await create(home, { MessageAction: "SUPPRESS" });
    expect(app.sent).toEqual([]);
  });

  test("may have one all the same, which must be changed", async () => {
    const home = await poolOf();
    const { User } = await create(home, { TemporaryPassword: password });
    expect(User?.UserStatus).toBe("FORCE_CHANGE_PASSWORD");
    const asked = await signInByPassword(app, home);
    expect(asked.ChallengeName).toBe("NEW_PASSWORD_REQUIRED");
  });

  test.each([[["PASSWORD"]], [["PASSWORD", "WEB_AUTHN"]]] as const)(
    "has one drawn where the pool has no codes to sign in with: %j",
    async (factors) => {
      const home = await poolOf(factors);
      const { User } = await create(home, { TemporaryPassword: "" });
      expect(User?.UserStatus).toBe("FORCE_CHANGE_PASSWORD");
      await expect(signInByPassword(app, home, { password: lastCode(app) })).resolves.toBeDefined();
    },
  );

  test("cannot be invited again, and gets a password from who may set one", async () => {
    const home = await poolOf();
    await create(home);
    await expect(create(home, { MessageAction: "RESEND" })).rejects.toMatchObject({
      name: "UnsupportedUserStateException",
    });
    const named = { UserPoolId: home.pool.id, Username: "ada" };
    const set = { ...named, Password: password, Permanent: true };
    await app.client.send(new AdminSetUserPasswordCommand(set));
    await expect(signInByPassword(app, home)).resolves.toBeDefined();
    const user = await app.client.send(new AdminGetUserCommand(named));
    expect(user.UserStatus).toBe("CONFIRMED");
  });

  test("invitations without a place for a password are for pools that take such users", async () => {
    const make = (AllowedFirstAuthFactors: FirstAuthFactor[]) =>
      app.client.send(
        new CreateUserPoolCommand({
          PoolName: "shop",
          Policies: { SignInPolicy: { AllowedFirstAuthFactors } },
          AdminCreateUserConfig: { InviteMessageTemplate: { EmailMessage: "Hello {username}" } },
        }),
      );
    await expect(make(["PASSWORD"])).rejects.toMatchObject({ name: "InvalidParameterException" });
    await expect(make(["PASSWORD", "WEB_AUTHN"])).rejects.toMatchObject({
      name: "InvalidParameterException",
    });
    await expect(make(["PASSWORD", "EMAIL_OTP"])).resolves.toBeDefined();
  });
});

describe("the first password of a user who is signed in", () => {
  test.each([undefined, ""])("(%j) needs no previous one", async (previous) => {
    const { home, access } = await withToken();
    await change(access, previous);
    await expect(signInByPassword(app, home, { password: next })).resolves.toBeDefined();
    await expect(signInBySrp(app, home, { password: next })).resolves.toBeDefined();
  });

  test("is set once without a proof", async () => {
    const { access } = await withToken();
    await change(access);
    await expect(change(access, undefined, password)).rejects.toMatchObject({
      name: "InvalidParameterException",
    });
    await change(access, next, password);
  });

  test("is held to the policy", async () => {
    const { home, access } = await withToken();
    await expect(change(access, undefined, "short")).rejects.toMatchObject({
      name: "InvalidPasswordException",
    });
    await expect(change(access, undefined, "")).rejects.toMatchObject({
      name: "InvalidParameterException",
    });
    expect(await storedUser(app, home)).toMatchObject(none);
  });

  test("is no previous one, whatever is said to be", async () => {
    const { home, access } = await withToken();
    for (const previous of [password, "null"]) {
      await expect(change(access, previous)).rejects.toMatchObject(wrong);
    }
    expect(await storedUser(app, home)).toMatchObject(none);
  });

  test.each(engines)("is one of those that come at once, on %s", async (engine) => {
    await app.close();
    app = await testApp({ engine });
    const { access } = await withToken();
    const outcomes = await Promise.allSettled(
      [1, 2, 3, 4].map((n) => change(access, undefined, `Horse-Number-${n}-Battery`)),
    );
    expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  });

  test("needs a recent sign-in in the hardened profile", async () => {
    const hardened = { extensions: { profile: "hardened" } } as const;
    const { home, access } = await withToken(hardened);
    app.clock.advance(601_000);
    await expect(change(access)).rejects.toMatchObject({ name: "NotAuthorizedException" });
    expect(await storedUser(app, home)).toMatchObject(none);
    const { access: recent } = await withToken(hardened);
    app.clock.advance(590_000);
    await change(recent);
  });
});

test("a forgotten password is set anew by who never had one", async () => {
  const { home } = await withToken();
  const named = { ClientId: home.client.id, Username: "ada" };
  await app.client.send(new ForgotPasswordCommand(named));
  await deliverOutbox(app);
  const code = { ...named, ConfirmationCode: lastCode(app), Password: next };
  await app.client.send(new ConfirmForgotPasswordCommand(code));
  await expect(signInByPassword(app, home, { password: next })).resolves.toBeDefined();
});
