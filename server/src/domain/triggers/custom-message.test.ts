import {
  AdminCreateUserCommand,
  AdminResetUserPasswordCommand,
  ConfirmForgotPasswordCommand,
  ForgotPasswordCommand,
  GetUserAttributeVerificationCodeCommand,
  ResendConfirmationCodeCommand,
  SignUpCommand,
  UpdateUserAttributesCommand,
} from "@aws-sdk/client-cognito-identity-provider";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type TestApp, testApp } from "../../testing/app.ts";
import {
  password,
  storedUser,
  type TestPool,
  type TestPoolOptions,
  testPool,
  testUser,
} from "../../testing/pools.ts";
import { tokensOf } from "../../testing/sign-in.ts";
import { type Handler, handleTriggers, triggersOf } from "../../testing/triggers.ts";
import { stepOutbox } from "../messages/outbox.ts";

let app: TestApp;
beforeEach(async () => {
  app = await testApp();
});
afterEach(() => app.close());

const email = { email: "ada@example.com", email_verified: "true" };

function poolWithFunction(options: TestPoolOptions = {}): Promise<TestPool> {
  return testPool(app, {
    ...options,
    settings: {
      autoVerifiedAttributes: ["email"],
      emailConfiguration: { emailSendingAccount: "DEVELOPER" },
      lambdaConfig: triggersOf("CustomMessage"),
      ...options.settings,
    },
  });
}

const words: Handler = ({ request, response }) => {
  const { codeParameter, usernameParameter } = request;
  const name = usernameParameter === null ? "" : ` for ${usernameParameter}`;
  response["emailSubject"] = "Welcome";
  response["emailMessage"] = `<b>${codeParameter}</b>${name}`;
};

function signUp({ client }: TestPool, Username = "ada") {
  return app.client.send(
    new SignUpCommand({
      ClientId: client.id,
      Username,
      Password: password,
      UserAttributes: [{ Name: "email", Value: "ada@example.com" }],
      ClientMetadata: { language: "fr" },
    }),
  );
}

test("the message goes out in the function's words, with the code in its place", async () => {
  const events = handleTriggers(app, { CustomMessage: words });
  const home = await poolWithFunction();
  await signUp(home);
  expect(events).toMatchObject([
    {
      triggerSource: "CustomMessage_SignUp",
      userName: "ada",
      callerContext: { clientId: home.client.id },
      request: {
        userAttributes: { email: "ada@example.com", "cognito:user_status": "UNCONFIRMED" },
        codeParameter: "{####}",
        usernameParameter: null,
        clientMetadata: { language: "fr" },
      },
      response: { smsMessage: null, emailMessage: null, emailSubject: null },
    },
  ]);
  const [message] = app.sent;
  expect(message?.code).toMatch(/^\d{6}$/);
  expect(message).toMatchObject({ subject: "Welcome", body: `<b>${message?.code}</b>` });
  expect(JSON.stringify(events)).not.toContain(message?.code);
});

test("every occasion has its name", async () => {
  const events = handleTriggers(app, { CustomMessage: words });
  const home = await poolWithFunction();
  const ClientId = home.client.id;
  await signUp(home, "eve");
  await app.client.send(new ResendConfirmationCodeCommand({ ClientId, Username: "eve" }));
  await testUser(app, home.pool, { attributes: email });
  const { access: AccessToken } = await tokensOf(app, home);
  await app.client.send(
    new GetUserAttributeVerificationCodeCommand({ AccessToken, AttributeName: "email" }),
  );
  await app.client.send(
    new UpdateUserAttributesCommand({
      AccessToken,
      UserAttributes: [{ Name: "email", Value: "ada@example.org" }],
    }),
  );
  await testUser(app, home.pool, { username: "grace", attributes: email });
  await app.client.send(new ForgotPasswordCommand({ ClientId, Username: "grace" }));
  const UserPoolId = home.pool.id;
  await app.client.send(new AdminResetUserPasswordCommand({ UserPoolId, Username: "grace" }));
  expect(events.map(({ triggerSource }) => triggerSource.split("_")[1])).toEqual([
    "SignUp",
    "ResendCode",
    "VerifyUserAttribute",
    "UpdateUserAttribute",
    "ForgotPassword",
    "ForgotPassword",
  ]);
});

test("an invitation has the name and the temporary password in their places, escaped", async () => {
  const events = handleTriggers(app, { CustomMessage: words });
  const home = await poolWithFunction();
  await app.client.send(
    new AdminCreateUserCommand({
      UserPoolId: home.pool.id,
      Username: "a<d>a",
      TemporaryPassword: "Tempo-rary<9>{username}",
      UserAttributes: [{ Name: "email", Value: "ada@example.com" }],
    }),
  );
  expect(events).toMatchObject([
    {
      triggerSource: "CustomMessage_AdminCreateUser",
      callerContext: { clientId: "CLIENT_ID_NOT_APPLICABLE" },
      request: { usernameParameter: "{username}" },
    },
  ]);
  expect(app.sent).toMatchObject([
    { body: "<b>Tempo-rary&lt;9&gt;{username}</b> for a&lt;d&gt;a" },
  ]);
});

test("what the function leaves open stays as the pool has it", async () => {
  handleTriggers(app, { CustomMessage: () => undefined });
  await signUp(await poolWithFunction());
  expect(app.sent).toMatchObject([
    {
      subject: "Your verification code",
      body: expect.stringContaining("Your confirmation code is"),
    },
  ]);
});

const wrongAnswers: [string, Record<string, unknown>][] = [
  ["no place for the code", { emailMessage: "Welcome" }],
  ["an e-mail that is too long", { emailMessage: `{####}${"x".repeat(20_000)}` }],
  ["a subject that is too long", { emailSubject: "x".repeat(141) }],
  ["a text message that is too long", { smsMessage: `{####}${"x".repeat(140)}` }],
  ["no text", { emailMessage: 7 }],
];

test.each(wrongAnswers)("an answer with %s is refused; the user is there", async (_, response) => {
  handleTriggers(app, { CustomMessage: (event) => ({ ...event, response }) });
  const home = await poolWithFunction();
  await expect(signUp(home)).rejects.toMatchObject({ name: "InvalidLambdaResponseException" });
  expect(app.sent).toEqual([]);
  expect(await storedUser(app, home)).toMatchObject({ status: "UNCONFIRMED" });
});

test("words for e-mail are refused where the pool sends none of its own", async () => {
  handleTriggers(app, { CustomMessage: words });
  const emailConfiguration = { emailSendingAccount: "COGNITO_DEFAULT" } as const;
  await expect(
    signUp(await poolWithFunction({ settings: { emailConfiguration } })),
  ).rejects.toMatchObject({ name: "InvalidLambdaResponseException" });
});

test("a subject stays one line", async () => {
  handleTriggers(app, {
    CustomMessage: ({ response }) => {
      response["emailSubject"] = "Hello\r\nBcc: eve@example.com";
    },
  });
  await signUp(await poolWithFunction());
  expect(app.sent[0]?.subject).toBe("Hello Bcc: eve@example.com");
});

test("an invitation without the place of the name is refused", async () => {
  handleTriggers(app, {
    CustomMessage: ({ response }) => {
      response["emailMessage"] = "{####}";
    },
  });
  const home = await poolWithFunction();
  const created = app.client.send(
    new AdminCreateUserCommand({
      UserPoolId: home.pool.id,
      Username: "ada",
      UserAttributes: [{ Name: "email", Value: "ada@example.com" }],
    }),
  );
  await expect(created).rejects.toMatchObject({ name: "InvalidLambdaResponseException" });
});

test("where the client hides who exists, the function is asked after the answer, and its failure shows nobody", async () => {
  const client = { preventUserExistenceErrors: "ENABLED" } as const;
  const home = await poolWithFunction({ client });
  await testUser(app, home.pool, { attributes: email });
  const events = handleTriggers(app, { CustomMessage: words });
  const forgot = (Username: string) =>
    app.client.send(
      new ForgotPasswordCommand({
        ClientId: home.client.id,
        Username,
        ClientMetadata: { language: "fr" },
      }),
    );
  await forgot("ada");
  await forgot("nobody");
  expect(events).toEqual([]);
  await stepOutbox(app.context);
  expect(events).toMatchObject([
    {
      triggerSource: "CustomMessage_ForgotPassword",
      userName: "ada",
      request: { clientMetadata: { language: "fr" } },
    },
  ]);
  const code = app.sent[0]?.code ?? "";
  expect(app.sent).toMatchObject([{ body: `<b>${code}</b>`, to: "ada@example.com" }]);
  expect((await app.auditEvents()).at(-1)).toMatchObject({
    eventName: "InvokeTrigger",
    additionalEventData: { CustomMessage_ForgotPassword: "returned" },
  });
  await expect(
    app.client.send(
      new ConfirmForgotPasswordCommand({
        ClientId: home.client.id,
        Username: "ada",
        ConfirmationCode: code,
        Password: "Another-Horse-9-Battery",
      }),
    ),
  ).resolves.toBeDefined();
});

test("a function that fails behind the outbox is asked again later", async () => {
  const client = { preventUserExistenceErrors: "ENABLED" } as const;
  const home = await poolWithFunction({ client });
  await testUser(app, home.pool, { attributes: email });
  handleTriggers(app, {
    CustomMessage: () => {
      throw new Error("Not now");
    },
  });
  await app.client.send(new ForgotPasswordCommand({ ClientId: home.client.id, Username: "ada" }));
  await stepOutbox(app.context);
  expect(app.sent).toEqual([]);
  handleTriggers(app, { CustomMessage: words });
  app.clock.advance(10_000);
  await stepOutbox(app.context);
  expect(app.sent).toMatchObject([{ subject: "Welcome" }]);
});
