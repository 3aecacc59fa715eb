import { afterEach, beforeEach, expect, test } from "vitest";
import { type TestApp, testApp } from "../../testing/app.ts";
import { poolWith, testCall, testPool, testUser } from "../../testing/pools.ts";
import { triggersOf } from "../../testing/triggers.ts";
import type { FunctionOutcome } from "../functions/function-runner.ts";
import { eventAttributes, fireTrigger } from "./fire.ts";

let app: TestApp;
beforeEach(async () => {
  app = await testApp();
});
afterEach(() => app.close());

const pool = poolWith({ lambdaConfig: triggersOf("PreSignUp") });
const firing = {
  pool,
  trigger: "PreSignUp",
  source: "PreSignUp_SignUp",
  userName: "ada",
  request: { userAttributes: { email: "ada@example.com" } },
  response: { autoConfirmUser: false },
} as const;

function answer(outcome: FunctionOutcome): void {
  app.functions.answer = () => outcome;
}

test("the function gets AWS's event, in the name of the pool", async () => {
  let called: unknown;
  app.functions.answer = (invocation) => {
    called = invocation;
    return {
      kind: "returned",
      payload: { ...invocation.event, response: { autoConfirmUser: true } },
    };
  };
  const response = await fireTrigger(testCall(app), { ...firing, client: { id: "client-1" } });
  expect(response).toEqual({ autoConfirmUser: true });
  expect(called).toEqual({
    arn: "arn:aws:lambda:us-east-1:123456789012:function:PreSignUp",
    sourceArn: "arn:aws:cognito-idp:us-east-1:123456789012:userpool/us-east-1_Test00000",
    event: {
      version: "1",
      region: "us-east-1",
      userPoolId: "us-east-1_Test00000",
      userName: "ada",
      callerContext: { awsSdkVersion: "aws-sdk-unknown-unknown", clientId: "client-1" },
      triggerSource: "PreSignUp_SignUp",
      request: { userAttributes: { email: "ada@example.com" } },
      response: { autoConfirmUser: false },
    },
  });
});

test("an operation without a client says so", async () => {
  let event: object = {};
  app.functions.answer = (invocation) => {
    event = invocation.event;
    return { kind: "returned", payload: invocation.event };
  };
  await fireTrigger(testCall(app), firing);
  expect(event).toMatchObject({ callerContext: { clientId: "CLIENT_ID_NOT_APPLICABLE" } });
});

test("a pool without the trigger asks nobody", async () => {
  app.functions.answer = () => {
    throw new Error("asked");
  };
  const other = { ...firing, pool: poolWith({ lambdaConfig: triggersOf("CustomMessage") }) };
  expect(await fireTrigger(testCall(app), other)).toBeUndefined();
});

type Failure = [string, FunctionOutcome, { code: string; message: string; ended: string }];

const failures: Failure[] = [
  [
    "that refuses",
    { kind: "refused", message: "Not from here" },
    {
      code: "UserLambdaValidationException",
      message: "PreSignUp failed with error Not from here.",
      ended: "refused",
    },
  ],
  [
    "that is missing",
    { kind: "missing", message: "secret place" },
    {
      code: "UnexpectedLambdaException",
      message: "PreSignUp invocation failed due to error AccessDeniedException.",
      ended: "missing",
    },
  ],
  [
    "that hangs or crashes",
    { kind: "broken", message: "at /secret/place" },
    {
      code: "UnexpectedLambdaException",
      message: "PreSignUp invocation failed due to error ServiceException.",
      ended: "broken",
    },
  ],
  ...[null, undefined, "ok", 7, [], {}, { response: null }, { response: [] }, { response: "" }].map(
    (payload): Failure => [
      `that answers ${JSON.stringify(payload)}`,
      { kind: "returned", payload },
      {
        code: "InvalidLambdaResponseException",
        message: "Unrecognizable lambda output",
        ended: "unrecognizable",
      },
    ],
  ),
];

test.each(failures)("a function %s lets nobody on", async (_, outcome, { ended, ...error }) => {
  answer(outcome);
  const call = testCall(app);
  await expect(fireTrigger(call, firing)).rejects.toMatchObject(error);
  expect(call.about.more).toEqual({ PreSignUp_SignUp: ended });
  expect(app.logged).toMatchObject([{ message: "a trigger failed" }]);
});

test("a refusal is shown on one line, within bounds, without marks that hide or turn text", async () => {
  const shown = async (message: string) => {
    answer({ kind: "refused", message });
    return fireTrigger(testCall(app), firing).then(
      () => "",
      (error: Error) => error.message,
    );
  };
  expect(await shown("a\r\nb\u0000c\u001b[31m\u202Ed\u2028e\ud800")).toBe(
    "PreSignUp failed with error a b c [31m d e\ufffd.",
  );
  expect((await shown("é😀".repeat(1_000_000))).length).toBeLessThan(2100);
});

test("what a function says of a user is not in the log", async () => {
  answer({ kind: "refused", message: "ada@example.com is not welcome" });
  await fireTrigger(testCall(app), firing).catch(() => undefined);
  expect(JSON.stringify(app.logged)).not.toContain("ada@example.com");
});

test("where the row of the call is committed already, the trigger leaves one of its own", async () => {
  answer({ kind: "refused", message: "No" });
  const call = testCall(app);
  await call.change(async () => undefined);
  await fireTrigger(call, firing).catch(() => undefined);
  expect(await app.auditEvents()).toMatchObject([
    { eventName: "Test" },
    {
      eventName: "InvokeTrigger",
      errorCode: "UserLambdaValidationException",
      additionalEventData: { userPoolId: pool.id, PreSignUp_SignUp: "refused" },
    },
  ]);
});

test("events carry the user's attributes with sub, status and the addresses that are aliases", async () => {
  const home = await testPool(app, { settings: { aliasAttributes: ["email", "phone_number"] } });
  const user = await testUser(app, home.pool, {
    attributes: { email: "Ada@example.com", email_verified: "true", phone_number: "+12065550100" },
  });
  expect(eventAttributes(home.pool, user)).toEqual({
    sub: user.id,
    "cognito:user_status": "CONFIRMED",
    "cognito:email_alias": "Ada@example.com",
    email: "Ada@example.com",
    email_verified: "true",
    phone_number: "+12065550100",
  });
});
