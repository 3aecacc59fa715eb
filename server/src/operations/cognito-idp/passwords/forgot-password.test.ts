import {
  AdminDisableUserCommand,
  ConfirmForgotPasswordCommand,
  ForgotPasswordCommand,
} from "@aws-sdk/client-cognito-identity-provider";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { RecoveryOption } from "../../../domain/pools/pool.ts";
import type { User } from "../../../domain/users/user.ts";
import { type TestApp, testApp } from "../../../testing/app.ts";
import { deliverOutbox, lastCode } from "../../../testing/codes.ts";
import { type TestPool, testPool, testUser } from "../../../testing/pools.ts";

let app: TestApp;
beforeEach(async () => {
  app = await testApp();
});
afterEach(() => app.close());

const hiding = { client: { preventUserExistenceErrors: "ENABLED" } } as const;
const hardened = { ...hiding, extensions: { profile: "hardened" } } as const;
const email = { email: "ada@example.com", email_verified: "true" };
const phone = { phone_number: "+12065559934", phone_number_verified: "true" };
const byEmail = { AttributeName: "email", DeliveryMedium: "EMAIL", Destination: "a***@e***" };
const bySms = {
  AttributeName: "phone_number",
  DeliveryMedium: "SMS",
  Destination: "+*******9934",
};

async function forgot({ client }: TestPool, Username = "ada") {
  const input = { ClientId: client.id, Username };
  const answer = await app.client.send(new ForgotPasswordCommand(input));
  return answer.CodeDeliveryDetails;
}

function recovery(...names: RecoveryOption["name"][]) {
  return { accountRecovery: names.map((name, index) => ({ name, priority: index + 1 })) };
}

describe("the code goes", () => {
  const both = { ...email, ...phone };
  test.each([
    { to: "the phone first without a setting", settings: {}, attributes: both, details: bySms },
    { to: "the mail if there is no phone", settings: {}, attributes: email, details: byEmail },
    {
      to: "the mail if the phone is not proved",
      settings: {},
      attributes: { ...both, phone_number_verified: "false" },
      details: byEmail,
    },
    {
      to: "the mail first",
      settings: recovery("verified_email", "verified_phone_number"),
      attributes: both,
      details: byEmail,
    },
    {
      to: "the phone alone",
      settings: recovery("verified_phone_number"),
      attributes: both,
      details: bySms,
    },
  ])("to $to", async ({ settings, attributes, details }) => {
    const home = await testPool(app, { settings });
    await testUser(app, home.pool, { attributes });
    expect(await forgot(home)).toEqual(details);
    expect(app.sent).toHaveLength(1);
    expect(lastCode(app)).toMatch(/^\d{6}$/);
  });

  test("by the priority that the pool gives, in whatever order it lists them", async () => {
    const accountRecovery = [
      { name: "verified_phone_number", priority: 2 },
      { name: "verified_email", priority: 1 },
    ] as const;
    const home = await testPool(app, { settings: { accountRecovery } });
    await testUser(app, home.pool, { attributes: { ...email, ...phone } });
    expect(await forgot(home)).toEqual(byEmail);
  });

  test("to the stored address byte for byte, whatever spelling was typed", async () => {
    const settings = { aliasAttributes: ["email"], caseSensitive: false } as const;
    const home = await testPool(app, { settings });
    await testUser(app, home.pool, { attributes: { ...email, email: "Ada@Example.com" } });
    await forgot(home, "aDA@eXAMPLE.com");
    expect(app.sent).toMatchObject([{ to: "Ada@Example.com" }]);
  });

  test("to nobody in the pool where only administrators recover accounts", async () => {
    const home = await testPool(app, { ...hiding, settings: recovery("admin_only") });
    await testUser(app, home.pool, { attributes: email });
    for (const name of ["ada", "nobody"]) {
      await expect(forgot(home, name)).rejects.toMatchObject({ name: "NotAuthorizedException" });
    }
    expect(app.sent).toEqual([]);
  });
});

describe("who cannot be reached", () => {
  const cases: [string, Partial<User>, { name: string; message: string }][] = [
    [
      "without a proved address",
      { attributes: { email: "ada@example.com", email_verified: "false" } },
      {
        name: "InvalidParameterException",
        message:
          "Cannot reset password for the user as there is no registered/verified email or phone_number",
      },
    ],
    [
      "unconfirmed, with an address that an administrator vouched for",
      { status: "UNCONFIRMED", attributes: email },
      {
        name: "NotAuthorizedException",
        message: "User password cannot be reset in the current state.",
      },
    ],
    [
      "disabled",
      { enabled: false, attributes: email },
      { name: "NotAuthorizedException", message: "User is disabled." },
    ],
  ];
  const firstPassword: (typeof cases)[number] = [
    "who never used the first password",
    { status: "FORCE_CHANGE_PASSWORD", attributes: email },
    {
      name: "NotAuthorizedException",
      message: "User password cannot be reset in the current state.",
    },
  ];

  test.each([...cases, firstPassword])("is told: a user %s", async (_, given, refusal) => {
    const home = await testPool(app);
    await testUser(app, home.pool, given);
    await expect(forgot(home)).rejects.toMatchObject(refusal);
    expect(app.sent).toEqual([]);
  });

  test.each(cases)("is hidden where the client hides who exists: a user %s", async (_, given) => {
    const home = await testPool(app, hiding);
    await testUser(app, home.pool, given);
    const [known, unknown] = [await forgot(home), await forgot(home, "nobody")];
    expect(Object.keys(known ?? {})).toEqual(Object.keys(unknown ?? {}));
    await deliverOutbox(app);
    expect(app.sent).toEqual([]);
    expect((await app.auditEvents()).at(-1)?.additionalEventData).toMatchObject({
      codeSent: false,
    });
  });

  test("waits for a first password: told by Cognito, hidden in the hardened profile", async () => {
    const [, given, refusal] = firstPassword;
    const open = await testPool(app, hiding);
    await testUser(app, open.pool, given);
    await expect(forgot(open)).rejects.toMatchObject(refusal);
    const closed = await testPool(app, hardened);
    await testUser(app, closed.pool, given);
    expect(await forgot(closed)).toEqual(byEmail);
    await deliverOutbox(app);
    expect(app.sent).toEqual([]);
  });
});

describe("a name that nobody has", () => {
  test("is told by default", async () => {
    const home = await testPool(app);
    await expect(forgot(home)).rejects.toMatchObject({
      name: "UserNotFoundException",
      message: "Username/client id combination not found.",
    });
  });

  test("is answered by its form, the same every time and in every spelling", async () => {
    const settings = {
      usernameAttributes: ["email", "phone_number"],
      caseSensitive: false,
    } as const;
    const home = await testPool(app, { ...hiding, settings });
    expect(await forgot(home, "nobody@other.org")).toEqual({
      ...byEmail,
      Destination: "n***@o***",
    });
    expect(await forgot(home, "NOBODY@other.org")).toEqual({
      ...byEmail,
      Destination: "n***@o***",
    });
    expect(await forgot(home, "+12065559934")).toEqual(bySms);
  });

  test("is answered for a plain name as by a pool of that kind, differently for different names", async () => {
    const home = await testPool(app, { ...hiding, settings: recovery("verified_email") });
    const answers = await Promise.all(
      ["una", "duo", "tres", "quattuor"].map((n) => forgot(home, n)),
    );
    for (const answer of answers) {
      expect(answer).toEqual({
        ...byEmail,
        Destination: expect.stringMatching(/^[a-z]\*{3}@[a-z]\*{3}$/),
      });
    }
    expect(new Set(answers.map((answer) => answer?.Destination)).size).toBeGreaterThan(1);
    expect(await forgot(home, "una")).toEqual(answers[0]);
  });

  test("gets as many answers in an hour as a user gets", async () => {
    const home = await testPool(app, hiding);
    await testUser(app, home.pool, { attributes: email });
    for (const name of ["ada", "nobody"]) {
      const outcomes = await Promise.allSettled(
        Array.from({ length: 8 }, () => forgot(home, name)),
      );
      expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(5);
      await expect(forgot(home, name)).rejects.toMatchObject({ name: "LimitExceededException" });
    }
  });

  test("does not show by a message that fails", async () => {
    const home = await testPool(app, hiding);
    await testUser(app, home.pool, { attributes: email });
    app.mail.broken = true;
    expect(await forgot(home)).toEqual(byEmail);
    expect(await forgot(home, "nobody")).toBeDefined();
  });
});

test("a failed message is told where existence is not hidden, and the code can be asked for again", async () => {
  const home = await testPool(app);
  await testUser(app, home.pool, { attributes: email });
  app.mail.broken = true;
  await expect(forgot(home)).rejects.toMatchObject({ name: "CodeDeliveryFailureException" });
  app.mail.broken = false;
  expect(await forgot(home)).toEqual(byEmail);
});

test("the code that a disabled user still has is worth nothing", async () => {
  const home = await testPool(app, hiding);
  await testUser(app, home.pool, { attributes: email });
  await forgot(home);
  await deliverOutbox(app);
  const disable = { UserPoolId: home.pool.id, Username: "ada" };
  await app.client.send(new AdminDisableUserCommand(disable));
  await expect(
    app.client.send(
      new ConfirmForgotPasswordCommand({
        ClientId: home.client.id,
        Username: "ada",
        ConfirmationCode: lastCode(app),
        Password: "Another-Horse-9-Battery",
      }),
    ),
  ).rejects.toMatchObject({ name: "CodeMismatchException" });
});
