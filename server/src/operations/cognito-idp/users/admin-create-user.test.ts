import {
  AdminCreateUserCommand,
  type AdminCreateUserCommandInput,
  AdminGetUserCommand,
  RespondToAuthChallengeCommand,
} from "@aws-sdk/client-cognito-identity-provider";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { UserPool } from "../../../domain/pools/pool.ts";
import { sdkClient, type TestApp, testApp } from "../../../testing/app.ts";
import { engines } from "../../../testing/places.ts";
import { password, type TestPool, testPool, testUser } from "../../../testing/pools.ts";
import { signInByPassword } from "../../../testing/sign-in.ts";

let app: TestApp;
beforeEach(async () => {
  app = await testApp();
});
afterEach(() => app.close());

const dayMs = 86_400_000;
const temporary = "Temporary-9-Password";
const email = { Name: "email", Value: "ada@example.com" };
const emailVerified = { Name: "email_verified", Value: "true" };
const phone = { Name: "phone_number", Value: "+15555550100" };

function create(pool: UserPool, given: Partial<AdminCreateUserCommandInput> = {}) {
  const input = { UserPoolId: pool.id, Username: "ada", ...given };
  return app.client.send(new AdminCreateUserCommand(input));
}

function getUser(pool: UserPool, Username = "ada") {
  return app.client.send(new AdminGetUserCommand({ UserPoolId: pool.id, Username }));
}

function sentPassword(): string {
  const code = app.sent.at(-1)?.code;
  if (code === undefined) throw new Error("no password was sent");
  return code;
}

describe("a new user", () => {
  test("waits for a first password of its own, and is answered as AWS answers it", async () => {
    const { pool } = await testPool(app);
    const { User } = await create(pool, {
      UserAttributes: [email, { Name: "name", Value: "Ada" }, { Name: "nickname", Value: "" }],
      MessageAction: "SUPPRESS",
    });
    expect(User).toEqual({
      Username: "ada",
      Attributes: [
        { Name: "sub", Value: expect.stringMatching(/^[0-9a-f-]{36}$/) },
        email,
        { Name: "name", Value: "Ada" },
      ],
      UserCreateDate: expect.any(Date),
      UserLastModifiedDate: User?.UserCreateDate,
      Enabled: true,
      UserStatus: "FORCE_CHANGE_PASSWORD",
    });
    expect(app.sent).toEqual([]);
  });

  test("signs in by the temporary password, chooses one, and is confirmed", async () => {
    const given = await testPool(app);
    await create(given.pool, { TemporaryPassword: temporary, MessageAction: "SUPPRESS" });
    const asked = await signInByPassword(app, given, { password: temporary });
    expect(asked.ChallengeName).toBe("NEW_PASSWORD_REQUIRED");
    const { AuthenticationResult } = await app.client.send(
      new RespondToAuthChallengeCommand({
        ClientId: given.client.id,
        ChallengeName: "NEW_PASSWORD_REQUIRED",
        Session: asked.Session,
        ChallengeResponses: { USERNAME: "ada", NEW_PASSWORD: password },
      }),
    );
    expect(AuthenticationResult?.AccessToken).toBeDefined();
    expect((await getUser(given.pool)).UserStatus).toBe("CONFIRMED");
  });

  test.each([1, 7, 365])("has the %i days of the policy to do so", async (days) => {
    const { passwordPolicy } = (await testPool(app)).pool.settings;
    const given = await testPool(app, {
      settings: { passwordPolicy: { ...passwordPolicy, temporaryPasswordValidityDays: days } },
    });
    await create(given.pool, { TemporaryPassword: temporary, MessageAction: "SUPPRESS" });
    app.clock.advance(days * dayMs - 60_000);
    const answer = await signInByPassword(app, given, { password: temporary });
    expect(answer.ChallengeName).toBe("NEW_PASSWORD_REQUIRED");
    app.clock.advance(120_000);
    await expect(signInByPassword(app, given, { password: temporary })).rejects.toMatchObject({
      name: "NotAuthorizedException",
      message: "Temporary password has expired and must be reset by an administrator.",
    });
  });

  test("needs none of the attributes that the pool requires of sign-ups", async () => {
    const schema = (await testPool(app)).pool.settings.schema.map((attribute) =>
      attribute.name === "email" ? { ...attribute, required: true } : attribute,
    );
    const { pool } = await testPool(app, { settings: { schema } });
    expect((await create(pool)).User?.UserStatus).toBe("FORCE_CHANGE_PASSWORD");
  });

  test("takes client metadata and validation data, which only triggers would see", async () => {
    const { pool } = await testPool(app);
    const { User } = await create(pool, {
      ClientMetadata: { tenant: "blue" },
      ValidationData: [{ Name: "voucher", Value: "x" }],
    });
    expect(User?.Attributes).toHaveLength(1);
  });
});

describe("the invitation", () => {
  test("goes by SMS where there is a phone number", async () => {
    const { pool } = await testPool(app);
    await create(pool, { UserAttributes: [email, phone], TemporaryPassword: temporary });
    expect(app.sent).toMatchObject([
      { channel: "sms", to: phone.Value, body: expect.stringContaining(temporary) },
    ]);
  });

  test("goes by e-mail where there is no phone number", async () => {
    const { pool } = await testPool(app);
    await create(pool, { UserAttributes: [email], TemporaryPassword: temporary });
    expect(app.sent).toMatchObject([{ channel: "email", to: email.Value, code: temporary }]);
  });

  test("goes to nobody who has no address", async () => {
    const { pool } = await testPool(app);
    await create(pool);
    expect(app.sent).toEqual([]);
  });

  test("goes where the caller wants it, once each", async () => {
    const { pool } = await testPool(app);
    await create(pool, {
      UserAttributes: [email, phone],
      DesiredDeliveryMediums: ["EMAIL", "SMS", "EMAIL"],
    });
    expect(app.sent.map(({ channel }) => channel)).toEqual(["email", "sms"]);
  });

  test.each([
    ["EMAIL", [phone], "No email provided but desired delivery medium was Email"],
    ["SMS", [email], "No phone number provided but desired delivery medium was SMS"],
  ] as const)(
    "by %s needs an address, else nothing is made",
    async (medium, attributes, message) => {
      const { pool } = await testPool(app);
      const given = { UserAttributes: [...attributes], DesiredDeliveryMediums: [medium] };
      await expect(create(pool, given)).rejects.toMatchObject({
        name: "InvalidParameterException",
        message,
      });
      await expect(getUser(pool)).rejects.toMatchObject({ name: "UserNotFoundException" });
      await create(pool, { ...given, MessageAction: "SUPPRESS" });
    },
  );

  test("brings a password that the pool would take and that signs in", async () => {
    const { passwordPolicy } = (await testPool(app)).pool.settings;
    const given = await testPool(app, {
      settings: { passwordPolicy: { ...passwordPolicy, minimumLength: 30 } },
    });
    await create(given.pool, { UserAttributes: [email] });
    expect(sentPassword()).toHaveLength(30);
    const answer = await signInByPassword(app, given, { password: sentPassword() });
    expect(answer.ChallengeName).toBe("NEW_PASSWORD_REQUIRED");
  });

  test("that cannot be sent is an error, and the user is there", async () => {
    const { pool } = await testPool(app);
    app.mail.broken = true;
    await expect(create(pool, { UserAttributes: [email] })).rejects.toMatchObject({
      name: "CodeDeliveryFailureException",
    });
    expect((await getUser(pool)).UserStatus).toBe("FORCE_CHANGE_PASSWORD");
    app.mail.broken = false;
    await create(pool, { MessageAction: "RESEND" });
    expect(app.sent).toHaveLength(1);
  });

  test("calls the user by the e-mail address where that is the user name", async () => {
    const { pool } = await testPool(app, { settings: { usernameAttributes: ["email"] } });
    await create(pool, { Username: email.Value });
    expect(app.sent[0]?.body).toContain(email.Value);
  });
});

describe("sending it again", () => {
  test("replaces the password and starts its time anew", async () => {
    const given = await testPool(app);
    const { User } = await create(given.pool, { UserAttributes: [email] });
    const first = sentPassword();
    app.clock.advance(8 * dayMs);
    const { User: again } = await create(given.pool, { MessageAction: "RESEND" });
    const second = sentPassword();
    expect(again?.Attributes).toEqual(User?.Attributes);
    expect(again?.UserStatus).toBe("FORCE_CHANGE_PASSWORD");
    expect(again?.UserLastModifiedDate?.getTime()).toBeGreaterThan(
      User?.UserLastModifiedDate?.getTime() ?? Infinity,
    );
    expect(second).not.toBe(first);
    await expect(signInByPassword(app, given, { password: first })).rejects.toMatchObject({
      message: "Incorrect username or password.",
    });
    const answer = await signInByPassword(app, given, { password: second });
    expect(answer.ChallengeName).toBe("NEW_PASSWORD_REQUIRED");
  });

  test("sets the password that the caller chose", async () => {
    const given = await testPool(app);
    await create(given.pool, { UserAttributes: [email] });
    await create(given.pool, { MessageAction: "RESEND", TemporaryPassword: temporary });
    expect(sentPassword()).toBe(temporary);
  });

  test("voids what somebody with the old password began", async () => {
    const given = await testPool(app);
    await create(given.pool, { UserAttributes: [email] });
    const { Session } = await signInByPassword(app, given, { password: sentPassword() });
    await create(given.pool, { MessageAction: "RESEND" });
    const answer = new RespondToAuthChallengeCommand({
      ClientId: given.client.id,
      ChallengeName: "NEW_PASSWORD_REQUIRED",
      Session,
      ChallengeResponses: { USERNAME: "ada", NEW_PASSWORD: password },
    });
    await expect(app.client.send(answer)).rejects.toMatchObject({ name: "NotAuthorizedException" });
    expect((await getUser(given.pool)).UserStatus).toBe("FORCE_CHANGE_PASSWORD");
  });

  test.each(["CONFIRMED", "UNCONFIRMED", "RESET_REQUIRED", "EXTERNAL_PROVIDER"] as const)(
    "is refused for a user who is %s, and the password stays",
    async (status) => {
      const given = await testPool(app);
      const user = await testUser(app, given.pool, {
        status,
        attributes: { email: "ada@example.com" },
      });
      await expect(create(given.pool, { MessageAction: "RESEND" })).rejects.toMatchObject({
        name: "UnsupportedUserStateException",
        message: `Resend not possible. ${user.id} status is not FORCE_CHANGE_PASSWORD.`,
      });
      expect(app.sent).toEqual([]);
      if (status === "CONFIRMED") await signInByPassword(app, given);
    },
  );

  test("to nobody is UserNotFoundException", async () => {
    const { pool } = await testPool(app);
    await expect(create(pool, { MessageAction: "RESEND" })).rejects.toMatchObject({
      name: "UserNotFoundException",
      message: "User does not exist.",
    });
  });
});

describe("names", () => {
  const taken = { name: "UsernameExistsException", message: "User account already exists" };

  test("an existing user is not made again, whatever the case where the pool ignores it", async () => {
    const { pool } = await testPool(app, { settings: { caseSensitive: false } });
    await create(pool);
    await expect(create(pool)).rejects.toMatchObject(taken);
    await expect(create(pool, { Username: "ADA" })).rejects.toMatchObject(taken);
  });

  test("where e-mail is the user name, the sub is stored in its place", async () => {
    const { pool } = await testPool(app, { settings: { usernameAttributes: ["email"] } });
    const { User } = await create(pool, { Username: email.Value });
    expect(User?.Attributes).toEqual([{ Name: "sub", Value: User?.Username }, email]);
    expect((await getUser(pool, email.Value)).Username).toBe(User?.Username);
    await expect(create(pool, { Username: email.Value })).rejects.toMatchObject({
      name: "UsernameExistsException",
      message: "An account with the given email already exists.",
    });
    await expect(create(pool)).rejects.toMatchObject({
      name: "InvalidParameterException",
      message: "Username should be an email.",
    });
  });

  test("a verified address is an alias that one user has, an unverified one anybody may give", async () => {
    const { pool } = await testPool(app, { settings: { aliasAttributes: ["email"] } });
    await create(pool, { UserAttributes: [email, emailVerified], MessageAction: "SUPPRESS" });
    await create(pool, { Username: "eve", UserAttributes: [email], MessageAction: "SUPPRESS" });
    const bob = { Username: "bob", UserAttributes: [email, emailVerified] };
    await expect(create(pool, bob)).rejects.toMatchObject({
      name: "UsernameExistsException",
      message: "An account with the email already exists.",
    });
    await expect(getUser(pool, "bob")).rejects.toMatchObject({ name: "UserNotFoundException" });
    expect((await getUser(pool, email.Value)).Username).toBe("ada");
  });

  test("ForceAliasCreation moves the alias, and its old holder keeps an unverified address", async () => {
    const { pool } = await testPool(app, { settings: { aliasAttributes: ["email"] } });
    const attributes: Partial<AdminCreateUserCommandInput> = {
      UserAttributes: [email, emailVerified],
      MessageAction: "SUPPRESS",
    };
    await create(pool, attributes);
    await create(pool, { ...attributes, Username: "bob", ForceAliasCreation: true });
    expect((await getUser(pool, email.Value)).Username).toBe("bob");
    expect((await getUser(pool)).UserAttributes).toContainEqual({
      Name: "email_verified",
      Value: "false",
    });
  });

  test("ForceAliasCreation takes nobody's user name", async () => {
    const { pool } = await testPool(app, { settings: { usernameAttributes: ["email"] } });
    await create(pool, { Username: email.Value });
    const again = { Username: email.Value, UserAttributes: [emailVerified] };
    await expect(create(pool, { ...again, ForceAliasCreation: true })).rejects.toMatchObject({
      name: "UsernameExistsException",
    });
  });

  test("nobody gets the sub of another as user name", async () => {
    const { pool } = await testPool(app, { settings: { caseSensitive: false } });
    const user = await testUser(app, pool);
    for (const Username of [user.id, user.id.toUpperCase()]) {
      await expect(create(pool, { Username })).rejects.toMatchObject(taken);
    }
  });

  test.each(engines)("of two that are made at once on %s one wins", async (engine) => {
    const other = await testApp({ engine: engine });
    try {
      const { pool } = await testPool(other, { settings: { aliasAttributes: ["email"] } });
      const send = (Username: string) =>
        other.client.send(
          new AdminCreateUserCommand({
            UserPoolId: pool.id,
            Username,
            UserAttributes: [email, emailVerified],
            MessageAction: "SUPPRESS",
          }),
        );
      const names = ["ada", "ada", "ada", "bob"];
      const outcomes = await Promise.allSettled(names.map(send));
      const refused = outcomes.flatMap((outcome) =>
        outcome.status === "rejected" ? [outcome.reason] : [],
      );
      expect(refused).toHaveLength(3);
      for (const error of refused) expect(error.name).toBe("UsernameExistsException");
      await expect(send("ada")).rejects.toThrow(/already exists/);
    } finally {
      await other.close();
    }
  });
});

describe("what is refused", () => {
  let given: TestPool;
  beforeEach(async () => {
    given = await testPool(app);
  });

  test.each([
    [
      [{ Name: "custom:none", Value: "x" }],
      "Attributes did not conform to the schema: custom:none: Attribute does not exist in the schema.\n",
    ],
    [[{ Name: "email", Value: "nowhere" }], "Invalid email address format."],
    [[{ Name: "phone_number", Value: "555" }], "Invalid phone number format."],
    [[emailVerified], "Email is required to verify/un-verify an email"],
    [
      [{ Name: "phone_number_verified", Value: "true" }],
      "Phone Number is required to verify/un-verify a phone number",
    ],
  ])("attributes %j", async (UserAttributes, message) => {
    await expect(create(given.pool, { UserAttributes })).rejects.toMatchObject({
      name: "InvalidParameterException",
      message,
    });
  });

  test.each(["sub", "cognito:user_status", "identities", "__proto__"])(
    "the attribute %s",
    async (Name) => {
      const UserAttributes = [{ Name, Value: "x" }];
      await expect(create(given.pool, { UserAttributes })).rejects.toThrow();
      await expect(getUser(given.pool)).rejects.toMatchObject({ name: "UserNotFoundException" });
    },
  );

  test("a temporary password outside the policy", async () => {
    const weak = { TemporaryPassword: "lowercase" };
    await expect(create(given.pool, weak)).rejects.toMatchObject({
      name: "InvalidPasswordException",
      message: "Password did not conform with policy: Password must have uppercase characters",
    });
  });

  test("a caller without a good signature", async () => {
    const stranger = sdkClient(app.app, { accessKeyId: "AKIASTRANGER", secretAccessKey: "no" });
    const command = new AdminCreateUserCommand({ UserPoolId: given.pool.id, Username: "ada" });
    await expect(stranger.send(command)).rejects.toMatchObject({
      name: "UnrecognizedClientException",
    });
  });
});

test("no temporary password gets into the trail, the log or the database", async () => {
  const { pool } = await testPool(app);
  await create(pool, { UserAttributes: [email], TemporaryPassword: temporary });
  await create(pool, { MessageAction: "RESEND" });
  const passwords = [temporary, sentPassword()];
  app.mail.broken = true;
  await expect(create(pool, { MessageAction: "RESEND" })).rejects.toThrow();
  const { db } = app.context.store;
  const rows = await Promise.all(
    (["audit_events", "users", "outbox", "codes"] as const).map((table) =>
      db.selectFrom(table).selectAll().execute(),
    ),
  );
  const kept = JSON.stringify([rows, app.logged]);
  expect(kept).toContain("AdminCreateUser");
  for (const secret of passwords) {
    expect(kept).not.toContain(secret);
    expect(kept).not.toContain(Buffer.from(secret).toString("base64url"));
  }
});
