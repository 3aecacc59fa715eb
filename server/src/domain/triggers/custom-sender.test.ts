import {
  AdminCreateUserCommand,
  ConfirmSignUpCommand,
  ForgotPasswordCommand,
  GetUserAttributeVerificationCodeCommand,
  ResendConfirmationCodeCommand,
  SignUpCommand,
  UpdateUserAttributesCommand,
} from "@aws-sdk/client-cognito-identity-provider";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type TestApp, testApp } from "../../testing/app.ts";
import { decryptCode } from "../../testing/kms.ts";
import {
  password,
  type TestPool,
  type TestPoolOptions,
  testPool,
  testUser,
} from "../../testing/pools.ts";
import { tokensOf } from "../../testing/sign-in.ts";
import { handleTriggers, senderConfig, type TriggerEvent } from "../../testing/triggers.ts";
import { stepOutbox } from "../messages/outbox.ts";

let app: TestApp;
beforeEach(async () => {
  app = await testApp();
});
afterEach(() => app.close());

const email = { email: "ada@example.com", email_verified: "true" };
const phone = { phone_number: "+12065550100", phone_number_verified: "true" };
const smsConfiguration = { snsCallerArn: "arn:aws:iam::123456789012:role/sms" };

function poolWithSenders({ settings, ...more }: TestPoolOptions = {}): Promise<TestPool> {
  return testPool(app, {
    ...more,
    settings: {
      autoVerifiedAttributes: ["email"],
      smsConfiguration,
      lambdaConfig: senderConfig,
      ...settings,
    },
  });
}

/** Functions that take what they get and answer nothing. */
function listen(): TriggerEvent[] {
  const take = () => null;
  return handleTriggers(app, { CustomEmailSender: take, CustomSMSSender: take });
}

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

const confirm = ({ client }: TestPool, ConfirmationCode: string) =>
  app.client.send(
    new ConfirmSignUpCommand({ ClientId: client.id, Username: "ada", ConfirmationCode }),
  );

test("the function gets the code encrypted under the pool's key, and nobody else sends it", async () => {
  const events = listen();
  const home = await poolWithSenders();
  expect(await signUp(home)).toMatchObject({
    CodeDeliveryDetails: { DeliveryMedium: "EMAIL", Destination: "a***@e***" },
  });
  // It is not waited for.
  expect(events).toEqual([]);
  await stepOutbox(app.context);
  expect(events).toMatchObject([
    {
      version: "1",
      triggerSource: "CustomEmailSender_SignUp",
      userName: "ada",
      callerContext: { clientId: home.client.id },
      request: {
        type: "customEmailSenderRequestV1",
        userAttributes: { email: "ada@example.com", "cognito:user_status": "UNCONFIRMED" },
        clientMetadata: { language: "fr" },
      },
    },
  ]);
  expect(app.sent).toEqual([]);
  const { text, context } = await decryptCode(app, events[0]?.request["code"]);
  expect(context).toEqual({ "userpool-id": home.pool.id });
  expect(text).toMatch(/^\d{6}$/);
  await expect(confirm(home, text)).resolves.toBeDefined();
  await stepOutbox(app.context);
  expect(events).toHaveLength(1);
});

test("the code is in the clear nowhere: not in the event, the outbox, the log or the trail", async () => {
  const events = listen();
  const home = await poolWithSenders();
  await signUp(home);
  const waiting = await app.context.store.db.selectFrom("outbox").selectAll().execute();
  await stepOutbox(app.context);
  const { text } = await decryptCode(app, events[0]?.request["code"]);
  const trail = await app.auditEvents();
  const seen = JSON.stringify([waiting, events, app.logged, trail]);
  expect(seen).not.toMatch(new RegExp(`\\b${text}\\b`));
  expect(waiting).toHaveLength(1);
  expect(JSON.stringify(waiting)).not.toContain("ada@example.com");
  expect(trail.at(-1)).toMatchObject({
    eventName: "InvokeTrigger",
    additionalEventData: { CustomEmailSender_SignUp: "returned" },
  });
});

test("every occasion has its name", async () => {
  const events = listen();
  const home = await poolWithSenders({ client: { preventUserExistenceErrors: "LEGACY" } });
  const ClientId = home.client.id;
  const sendNext = async (sent: Promise<unknown>) => {
    await sent;
    await stepOutbox(app.context);
  };
  await sendNext(signUp(home, "eve"));
  await sendNext(app.client.send(new ResendConfirmationCodeCommand({ ClientId, Username: "eve" })));
  await testUser(app, home.pool, { attributes: { ...email, ...phone } });
  const { access: AccessToken } = await tokensOf(app, home);
  for (const AttributeName of ["email", "phone_number"]) {
    const command = new GetUserAttributeVerificationCodeCommand({ AccessToken, AttributeName });
    await sendNext(app.client.send(command));
  }
  const UserAttributes = [{ Name: "email", Value: "ada@example.org" }];
  await sendNext(app.client.send(new UpdateUserAttributesCommand({ AccessToken, UserAttributes })));
  await sendNext(app.client.send(new ForgotPasswordCommand({ ClientId, Username: "ada" })));
  expect(events.map(({ triggerSource }) => triggerSource)).toEqual([
    "CustomEmailSender_SignUp",
    "CustomEmailSender_ResendCode",
    "CustomEmailSender_VerifyUserAttribute",
    "CustomSMSSender_VerifyUserAttribute",
    "CustomEmailSender_UpdateUserAttribute",
    "CustomSMSSender_ForgotPassword",
  ]);
  expect(events[3]?.request).toMatchObject({
    type: "customSMSSenderRequestV1",
    userAttributes: phone,
  });
  expect(app.sent).toEqual([]);
});

test("the code of a sign-in goes the same way", async () => {
  const events = listen();
  const home = await poolWithSenders({
    settings: { mfaConfiguration: "ON", mfa: { sms: true, softwareToken: false } },
  });
  await testUser(app, home.pool, { attributes: phone });
  await tokensOf(app, home).catch(() => undefined);
  await stepOutbox(app.context);
  expect(events).toMatchObject([{ triggerSource: "CustomSMSSender_Authentication" }]);
  const { text } = await decryptCode(app, events[0]?.request["code"]);
  expect(text).toMatch(/^\d{6}$/);
});

test("an address that is yet to be proved is the one that the function reads", async () => {
  const events = listen();
  const home = await poolWithSenders({ settings: { verificationBeforeUpdate: ["email"] } });
  await testUser(app, home.pool, { attributes: email });
  const { access: AccessToken } = await tokensOf(app, home);
  const UserAttributes = [{ Name: "email", Value: "ada@example.org" }];
  await app.client.send(new UpdateUserAttributesCommand({ AccessToken, UserAttributes }));
  await stepOutbox(app.context);
  expect(events[0]?.request["userAttributes"]).toMatchObject({
    email: "ada@example.org",
    email_verified: "false",
  });
});

describe("an invitation", () => {
  const invite = ({ pool }: TestPool, TemporaryPassword?: string) =>
    app.client.send(
      new AdminCreateUserCommand({
        UserPoolId: pool.id,
        Username: "ada",
        TemporaryPassword,
        UserAttributes: [{ Name: "email", Value: "ada@example.com" }],
      }),
    );

  test("has the temporary password for its code", async () => {
    const events = listen();
    await invite(await poolWithSenders(), "Tempo-rary-9 <ü>");
    await stepOutbox(app.context);
    expect(events).toMatchObject([
      {
        triggerSource: "CustomEmailSender_AdminCreateUser",
        callerContext: { clientId: "CLIENT_ID_NOT_APPLICABLE" },
      },
    ]);
    const { text } = await decryptCode(app, events[0]?.request["code"]);
    expect(text).toBe("Tempo-rary-9 <ü>");
    expect(app.sent).toEqual([]);
  });

  const withoutPasswords = {
    allowedFirstAuthFactors: ["PASSWORD", "EMAIL_OTP"],
    inviteTemplate: { emailMessage: "Welcome {username}" },
  } as const;

  test("goes out whatever the pool's own words are", async () => {
    const events = listen();
    await invite(await poolWithSenders({ settings: withoutPasswords }), "Tempo-rary-9");
    await stepOutbox(app.context);
    expect((await decryptCode(app, events[0]?.request["code"])).text).toBe("Tempo-rary-9");
  });

  test("without a password has no code", async () => {
    const events = listen();
    await invite(await poolWithSenders({ settings: withoutPasswords }));
    await stepOutbox(app.context);
    expect(events).toMatchObject([
      { triggerSource: "CustomEmailSender_AdminCreateUser", request: { code: null } },
    ]);
    expect(app.sent).toEqual([]);
  });
});

test("the other channel stays with the server, and CustomMessage is asked for it alone", async () => {
  const { CustomEmailSender, ...lambdaConfig } = senderConfig;
  const CustomMessage = "arn:aws:lambda:us-east-1:123456789012:function:CustomMessage";
  const events = handleTriggers(app, {
    CustomMessage: ({ response }) => {
      response["emailSubject"] = "Welcome";
    },
    CustomSMSSender: () => null,
  });
  const emailConfiguration = { emailSendingAccount: "DEVELOPER" } as const;
  const settings = { emailConfiguration, lambdaConfig: { ...lambdaConfig, CustomMessage } };
  const home = await poolWithSenders({
    settings,
    client: { preventUserExistenceErrors: "LEGACY" },
  });
  await signUp(home);
  expect(app.sent).toMatchObject([{ subject: "Welcome" }]);
  await testUser(app, home.pool, { username: "grace", attributes: phone });
  await app.client.send(new ForgotPasswordCommand({ ClientId: home.client.id, Username: "grace" }));
  await stepOutbox(app.context);
  expect(events.map(({ triggerSource }) => triggerSource)).toEqual([
    "CustomMessage_SignUp",
    "CustomSMSSender_ForgotPassword",
  ]);
  expect(app.sent).toHaveLength(1);
});

test("a function that fails is asked again, and neither its failure nor its answer reaches the user", async () => {
  const home = await poolWithSenders();
  handleTriggers(app, {
    CustomEmailSender: () => {
      throw new Error("Not now");
    },
  });
  await expect(signUp(home)).resolves.toBeDefined();
  await stepOutbox(app.context);
  const events = listen();
  app.clock.advance(10_000);
  await stepOutbox(app.context);
  expect(events).toHaveLength(1);
  await stepOutbox(app.context);
  expect(events).toHaveLength(1);
  expect(app.sent).toEqual([]);
});

test.each([
  "arn:aws:kms:us-east-1:999999999999:key/codes",
  "arn:aws:kms:eu-west-1:123456789012:key/codes",
  "arn:aws:kms:us-east-1:123456789012:alias/codes",
])("under the key %s nothing is sent, and the log says why", async (KMSKeyID) => {
  const events = listen();
  await signUp(
    await poolWithSenders({ settings: { lambdaConfig: { ...senderConfig, KMSKeyID } } }),
  );
  await stepOutbox(app.context);
  app.clock.advance(600_000);
  await stepOutbox(app.context);
  expect(events).toEqual([]);
  expect(app.sent).toEqual([]);
  const why = `KMSKeyID ${KMSKeyID} is no key of account 123456789012 in us-east-1, so no code is sent`;
  expect(app.logged.map(({ about }) => (about as { err?: Error }).err?.message)).toContain(why);
  expect((await app.auditEvents()).at(-1)).toMatchObject({
    eventName: "DeliverMessage",
    errorCode: "CodeDeliveryFailureException",
  });
});

test("a name that nobody has calls no function", async () => {
  const events = listen();
  const home = await poolWithSenders({ client: { preventUserExistenceErrors: "ENABLED" } });
  await app.client.send(
    new ForgotPasswordCommand({ ClientId: home.client.id, Username: "nobody" }),
  );
  expect(await stepOutbox(app.context)).toBe(0);
  expect(events).toEqual([]);
});
