import {
  AdminConfirmSignUpCommand,
  ConfirmForgotPasswordCommand,
  ConfirmSignUpCommand,
  ForgotPasswordCommand,
  SignUpCommand,
} from "@aws-sdk/client-cognito-identity-provider";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type TestApp, testApp } from "../../testing/app.ts";
import { lastCode } from "../../testing/codes.ts";
import { password, storedUser, type TestPool, testPool, testUser } from "../../testing/pools.ts";
import {
  type Handler,
  handleTriggers,
  type TriggerEvent,
  triggersOf,
} from "../../testing/triggers.ts";

let app: TestApp;
let home: TestPool;
beforeEach(async () => {
  app = await testApp();
  const lambdaConfig = triggersOf("PostConfirmation");
  home = await testPool(app, { settings: { autoVerifiedAttributes: ["email"], lambdaConfig } });
});
afterEach(() => app.close());

const ClientMetadata = { from: "web" };
const failing: Handler = () => {
  throw new Error("The list is full");
};

function watch(handler: Handler = () => undefined): TriggerEvent[] {
  return handleTriggers(app, { PostConfirmation: handler });
}

async function signUp(): Promise<void> {
  await app.client.send(
    new SignUpCommand({
      ClientId: home.client.id,
      Username: "ada",
      Password: password,
      UserAttributes: [{ Name: "email", Value: "ada@example.com" }],
    }),
  );
}

function confirm(code: string) {
  return app.client.send(
    new ConfirmSignUpCommand({
      ClientId: home.client.id,
      Username: "ada",
      ConfirmationCode: code,
      ClientMetadata,
    }),
  );
}

test("hears of a confirmed sign-up, with the user as it is now", async () => {
  const events = watch();
  await signUp();
  expect(events).toEqual([]);
  await confirm(lastCode(app));
  expect(events).toMatchObject([
    {
      triggerSource: "PostConfirmation_ConfirmSignUp",
      callerContext: { clientId: home.client.id },
      request: {
        userAttributes: { "cognito:user_status": "CONFIRMED", email_verified: "true" },
        clientMetadata: ClientMetadata,
      },
      response: {},
    },
  ]);
});

test("hears nothing of a wrong code", async () => {
  const events = watch();
  await signUp();
  await expect(confirm("000000")).rejects.toThrow();
  expect(events).toEqual([]);
});

test("its failure is told, and the user stays confirmed", async () => {
  watch(failing);
  await signUp();
  await expect(confirm(lastCode(app))).rejects.toMatchObject({
    name: "UserLambdaValidationException",
    message: "PostConfirmation failed with error The list is full.",
  });
  expect(await storedUser(app, home)).toMatchObject({ status: "CONFIRMED" });
  expect((await app.auditEvents()).at(-1)).toMatchObject({
    eventName: "InvokeTrigger",
    errorCode: "UserLambdaValidationException",
  });
});

test("hears of users whom an administrator confirms", async () => {
  const events = watch();
  await testUser(app, home.pool, { status: "UNCONFIRMED" });
  await app.client.send(
    new AdminConfirmSignUpCommand({ UserPoolId: home.pool.id, Username: "ada", ClientMetadata }),
  );
  expect(events).toMatchObject([
    {
      triggerSource: "PostConfirmation_ConfirmSignUp",
      callerContext: { clientId: "CLIENT_ID_NOT_APPLICABLE" },
      request: { clientMetadata: ClientMetadata },
    },
  ]);
});

test("hears of a recovered password", async () => {
  const events = watch();
  await testUser(app, home.pool, {
    attributes: { email: "ada@example.com", email_verified: "true" },
  });
  const ClientId = home.client.id;
  await app.client.send(new ForgotPasswordCommand({ ClientId, Username: "ada" }));
  expect(events).toEqual([]);
  await app.client.send(
    new ConfirmForgotPasswordCommand({
      ClientId,
      Username: "ada",
      ConfirmationCode: lastCode(app),
      Password: "Another-Horse-9-Battery",
      ClientMetadata,
    }),
  );
  expect(events).toMatchObject([
    {
      triggerSource: "PostConfirmation_ConfirmForgotPassword",
      request: { clientMetadata: ClientMetadata },
    },
  ]);
});
