import { afterEach, beforeEach, expect, test } from "vitest";
import { type TestApp, testApp } from "../../testing/app.ts";
import { type TestPool, testCall, testPool, testUser } from "../../testing/pools.ts";
import { handleTriggers, triggersOf } from "../../testing/triggers.ts";
import { firePostAuthentication } from "./post-authentication.ts";
import { firePreAuthentication } from "./pre-authentication.ts";

let app: TestApp;
let home: TestPool;
beforeEach(async () => {
  app = await testApp();
  const lambdaConfig = triggersOf("PreAuthentication", "PostAuthentication");
  home = await testPool(app, { settings: { lambdaConfig } });
});
afterEach(() => app.close());

test("the first sees who wants to sign in", async () => {
  const events = handleTriggers(app, { PreAuthentication: () => undefined });
  const user = await testUser(app, home.pool);
  await firePreAuthentication(testCall(app), {
    ...home,
    user,
    userName: "ADA",
    validationData: { from: "web" },
  });
  expect(events).toMatchObject([
    {
      triggerSource: "PreAuthentication_Authentication",
      userName: "ada",
      request: {
        userAttributes: { sub: user.id, "cognito:user_status": "CONFIRMED" },
        validationData: { from: "web" },
        userNotFound: false,
      },
    },
  ]);
});

test("the first is told where there is no user", async () => {
  const events = handleTriggers(app, { PreAuthentication: () => undefined });
  const unknown = { user: undefined, userName: "nobody", validationData: undefined };
  await firePreAuthentication(testCall(app), { ...home, ...unknown });
  expect(events).toMatchObject([
    { userName: "nobody", request: { userAttributes: {}, userNotFound: true } },
  ]);
});

test("the second hears of a sign-in and its device", async () => {
  const events = handleTriggers(app, { PostAuthentication: () => undefined });
  const user = await testUser(app, home.pool);
  const clientMetadata = { from: "web" };
  const given = { ...home, user, newDeviceUsed: true, clientMetadata };
  await firePostAuthentication(testCall(app), given);
  expect(events).toMatchObject([
    {
      triggerSource: "PostAuthentication_Authentication",
      request: { newDeviceUsed: true, clientMetadata, userAttributes: { sub: user.id } },
    },
  ]);
});

test("each refuses by failing", async () => {
  handleTriggers(app, {
    PreAuthentication: () => {
      throw new Error("Not now");
    },
  });
  const user = await testUser(app, home.pool);
  const before = { ...home, user, userName: "ada", validationData: undefined };
  await expect(firePreAuthentication(testCall(app), before)).rejects.toMatchObject({
    message: "PreAuthentication failed with error Not now.",
  });
  const after = { ...home, user, newDeviceUsed: false, clientMetadata: undefined };
  await expect(firePostAuthentication(testCall(app), after)).rejects.toMatchObject({
    code: "UnexpectedLambdaException",
  });
});
