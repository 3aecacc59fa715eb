import {
  AdminCreateUserCommand,
  SignUpCommand,
  type SignUpCommandInput,
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
import { handleTriggers, triggersOf } from "../../testing/triggers.ts";

let app: TestApp;
beforeEach(async () => {
  app = await testApp();
});
afterEach(() => app.close());

function home(settings: TestPoolOptions["settings"] = {}): Promise<TestPool> {
  const lambdaConfig = triggersOf("PreSignUp", "PostConfirmation");
  return testPool(app, {
    settings: { autoVerifiedAttributes: ["email"], lambdaConfig, ...settings },
  });
}

function signUp({ client }: TestPool, given: Partial<SignUpCommandInput> = {}) {
  return app.client.send(
    new SignUpCommand({
      ClientId: client.id,
      Username: "ada",
      Password: password,
      UserAttributes: [{ Name: "email", Value: "ada@example.com" }],
      ...given,
    }),
  );
}

test("the function sees who signs up and what the app passes along", async () => {
  const events = handleTriggers(app, { PreSignUp: () => undefined });
  const pool = await home();
  await signUp(pool, {
    ValidationData: [{ Name: "invite", Value: "1234" }],
    ClientMetadata: { from: "web" },
  });
  expect(events).toMatchObject([
    {
      triggerSource: "PreSignUp_SignUp",
      userName: "ada",
      callerContext: { clientId: pool.client.id },
      request: {
        userAttributes: { email: "ada@example.com" },
        validationData: { invite: "1234" },
        clientMetadata: { from: "web" },
      },
      response: { autoConfirmUser: false, autoVerifyEmail: false, autoVerifyPhone: false },
    },
  ]);
  expect(JSON.stringify(events)).not.toContain(password);
  expect(await storedUser(app, pool)).toMatchObject({ status: "UNCONFIRMED" });
  expect(app.sent).toHaveLength(1);
});

test("who is refused is not made", async () => {
  handleTriggers(app, {
    PreSignUp: () => {
      throw new Error("Only by invitation");
    },
  });
  const pool = await home();
  await expect(signUp(pool)).rejects.toMatchObject({
    name: "UserLambdaValidationException",
    message: "PreSignUp failed with error Only by invitation.",
  });
  expect(await storedUser(app, pool)).toBeUndefined();
  expect(app.sent).toEqual([]);
});

test("nobody is asked about a password that the pool would not take", async () => {
  const events = handleTriggers(app, { PreSignUp: () => undefined });
  await expect(signUp(await home(), { Password: "short" })).rejects.toMatchObject({
    name: "InvalidPasswordException",
  });
  expect(events).toEqual([]);
});

test("who is confirmed at once gets no code, signs in, and the function behind confirmation hears of it", async () => {
  const events = handleTriggers(app, {
    PreSignUp: ({ response }) => {
      Object.assign(response, { autoConfirmUser: true, autoVerifyEmail: true });
    },
    PostConfirmation: () => undefined,
  });
  const pool = await home();
  const answer = await signUp(pool, { ClientMetadata: { from: "web" } });
  expect(answer).toMatchObject({ UserConfirmed: true });
  expect(answer.CodeDeliveryDetails).toBeUndefined();
  expect(app.sent).toEqual([]);
  expect((await storedUser(app, pool))?.attributes).toMatchObject({ email_verified: "true" });
  expect(events[1]).toMatchObject({
    triggerSource: "PostConfirmation_ConfirmSignUp",
    request: {
      userAttributes: { sub: answer.UserSub, "cognito:user_status": "CONFIRMED" },
      clientMetadata: { from: "web" },
    },
  });
  await expect(tokensOf(app, pool)).resolves.toBeDefined();
});

test("an address that is not there cannot be verified", async () => {
  handleTriggers(app, {
    PreSignUp: ({ response }) => {
      response["autoVerifyPhone"] = true;
    },
  });
  const pool = await home();
  await expect(signUp(pool)).rejects.toMatchObject({ name: "InvalidParameterException" });
  expect(await storedUser(app, pool)).toBeUndefined();
});

test("a verified address moves from who had it as an alias, and one that is not verified does not", async () => {
  const settings = { aliasAttributes: ["email"] } as const;
  const pool = await home(settings);
  await testUser(app, pool.pool, {
    username: "eve",
    attributes: { email: "ada@example.com", email_verified: "true" },
  });
  handleTriggers(app, { PreSignUp: () => undefined, PostConfirmation: () => undefined });
  await signUp(pool, { Username: "grace" });
  expect((await storedUser(app, pool, "ada@example.com"))?.username).toBe("eve");
  handleTriggers(app, {
    PreSignUp: ({ response }) => {
      Object.assign(response, { autoConfirmUser: true, autoVerifyEmail: true });
    },
    PostConfirmation: () => undefined,
  });
  await signUp(pool);
  expect((await storedUser(app, pool, "ada@example.com"))?.username).toBe("ada");
  expect((await storedUser(app, pool, "eve"))?.attributes).toMatchObject({
    email_verified: "false",
  });
});

test.each(["true", 1, {}, []])("a flag of %j is no flag, and nobody is made", async (flag) => {
  handleTriggers(app, {
    PreSignUp: ({ response }) => {
      response["autoConfirmUser"] = flag;
    },
  });
  const pool = await home();
  await expect(signUp(pool)).rejects.toMatchObject({ name: "InvalidLambdaResponseException" });
  expect(await storedUser(app, pool)).toBeUndefined();
});

test("administrators ask too, and what the function says beside no is ignored", async () => {
  const events = handleTriggers(app, {
    PreSignUp: ({ response }) => {
      Object.assign(response, { autoConfirmUser: true, autoVerifyEmail: true });
    },
  });
  const pool = await home();
  const create = () =>
    app.client.send(
      new AdminCreateUserCommand({
        UserPoolId: pool.pool.id,
        Username: "ada",
        UserAttributes: [{ Name: "email", Value: "ada@example.com" }],
        ValidationData: [{ Name: "invite", Value: "1234" }],
        ClientMetadata: { from: "desk" },
      }),
    );
  await create();
  expect(events).toMatchObject([
    {
      triggerSource: "PreSignUp_AdminCreateUser",
      callerContext: { clientId: "CLIENT_ID_NOT_APPLICABLE" },
      request: { validationData: { invite: "1234" }, clientMetadata: { from: "desk" } },
    },
  ]);
  const stored = await storedUser(app, pool);
  expect(stored?.status).toBe("FORCE_CHANGE_PASSWORD");
  expect(stored?.attributes["email_verified"]).toBeUndefined();
  expect(events.some(({ triggerSource }) => triggerSource.startsWith("PostConfirmation"))).toBe(
    false,
  );
});

test("administrators are refused like others", async () => {
  handleTriggers(app, {
    PreSignUp: () => {
      throw new Error("No");
    },
  });
  const pool = await home();
  const created = app.client.send(
    new AdminCreateUserCommand({ UserPoolId: pool.pool.id, Username: "ada" }),
  );
  await expect(created).rejects.toMatchObject({ name: "UserLambdaValidationException" });
  expect(await storedUser(app, pool)).toBeUndefined();
});
