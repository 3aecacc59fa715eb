/** The three functions of custom authentication: what each is told, and which answers are taken. */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type TestApp, testApp } from "../../testing/app.ts";
import { poolWith, type TestPool, testCall, testPool, testUser } from "../../testing/pools.ts";
import { type Handler, handleTriggers, triggersOf } from "../../testing/triggers.ts";
import type { ChallengeResult } from "../auth/progress.ts";
import type { TriggerName } from "../pools/pool.ts";
import type { User } from "../users/user.ts";
import { fireCreateAuthChallenge } from "./create-auth-challenge.ts";
import { fireDefineAuthChallenge, hasCustomAuth } from "./define-auth-challenge.ts";
import { fireVerifyAuthChallenge } from "./verify-auth-challenge.ts";

const unrecognizable = { code: "InvalidLambdaResponseException" };
const notConfigured = {
  code: "InvalidParameterException",
  message: "Custom auth lambda trigger is not configured for the user pool.",
};
const session: readonly ChallengeResult[] = [
  { challengeName: "SRP_A", challengeResult: true },
  { challengeName: "CUSTOM_CHALLENGE", challengeResult: false, challengeMetadata: "riddle" },
];

let app: TestApp;
let home: TestPool;
let user: User;
beforeEach(async () => {
  app = await testApp();
  const names = ["DefineAuthChallenge", "CreateAuthChallenge", "VerifyAuthChallengeResponse"];
  home = await testPool(app, {
    settings: { lambdaConfig: triggersOf(...(names as TriggerName[])) },
  });
  user = await testUser(app, home.pool);
});
afterEach(() => app.close());

/** A handler that answers these members. */
const saying =
  (members: Record<string, unknown>): Handler =>
  (event) => {
    Object.assign(event.response, members);
  };
const throwing: Handler = () => {
  throw new Error("Not now");
};

type Asker = { user?: User | undefined; home?: TestPool };

function asker(given: Asker) {
  const who = "user" in given ? { user: given.user } : { user };
  return { ...(given.home ?? home), ...who, userName: "ADA" };
}

function define(handler: Handler, given: Asker = {}) {
  const events = handleTriggers(app, { DefineAuthChallenge: handler });
  const asked = { ...asker(given), session };
  return { events, step: fireDefineAuthChallenge(testCall(app), asked) };
}

function create(handler: Handler, given: Asker = {}) {
  const events = handleTriggers(app, { CreateAuthChallenge: handler });
  const asked = { ...asker(given), session, challengeName: "CUSTOM_CHALLENGE" };
  return { events, challenge: fireCreateAuthChallenge(testCall(app), asked) };
}

function verify(handler: Handler, given: Asker = {}) {
  const events = handleTriggers(app, { VerifyAuthChallengeResponse: handler });
  const asked = {
    ...asker(given),
    challengeAnswer: "42",
    privateChallengeParameters: { answer: "42" },
    clientMetadata: { from: "web" },
  };
  return { events, isRight: fireVerifyAuthChallenge(testCall(app), asked) };
}

describe("DefineAuthChallenge", () => {
  test("sees the user, and the steps so far with their metadata", async () => {
    const { events, step } = define(saying({ challengeName: "CUSTOM_CHALLENGE" }));
    expect(await step).toEqual({ kind: "challenge", challengeName: "CUSTOM_CHALLENGE" });
    expect(events).toEqual([
      expect.objectContaining({
        triggerSource: "DefineAuthChallenge_Authentication",
        userName: "ada",
        request: {
          userAttributes: { sub: user.id, "cognito:user_status": "CONFIRMED" },
          session: [
            { challengeName: "SRP_A", challengeResult: true, challengeMetadata: null },
            session[1],
          ],
          userNotFound: false,
        },
        response: { challengeName: null, issueTokens: null, failAuthentication: null },
      }),
    ]);
  });

  test.each([
    [{ issueTokens: true }, "tokens"],
    [{ issueTokens: true, failAuthentication: false, challengeName: "CUSTOM_CHALLENGE" }, "tokens"],
    [{ failAuthentication: true }, "failed"],
    [{ failAuthentication: true, issueTokens: true }, "failed"],
    [{ failAuthentication: true, challengeName: "CUSTOM_CHALLENGE" }, "failed"],
    [{ challengeName: "PASSWORD_VERIFIER", issueTokens: false }, "challenge"],
  ])("%o is %s", async (members, kind) => {
    expect((await define(saying(members)).step).kind).toBe(kind);
  });

  test.each([
    {},
    { issueTokens: false, failAuthentication: false },
    { challengeName: "" },
    { challengeName: "SRP_A" },
    { challengeName: "NEW_PASSWORD_REQUIRED" },
    { challengeName: "constructor" },
    { challengeName: 1 },
    { issueTokens: "true" },
    { issueTokens: 1 },
    { failAuthentication: "yes", challengeName: "CUSTOM_CHALLENGE" },
  ])("%o is refused", async (members) => {
    await expect(define(saying(members)).step).rejects.toMatchObject(unrecognizable);
  });

  test("nobody who is not in the pool gets tokens", async () => {
    const { events, step } = define(saying({ issueTokens: true }), { user: undefined });
    expect(await step).toEqual({ kind: "failed" });
    expect(events).toMatchObject([
      { userName: "ADA", request: { userAttributes: {}, userNotFound: true } },
    ]);
  });
});

describe("CreateAuthChallenge", () => {
  test("sees which challenge is wanted and gives its two halves", async () => {
    const members = {
      publicChallengeParameters: { question: "6 times 7?", left: null },
      privateChallengeParameters: { answer: "42" },
      challengeMetadata: "riddle",
    };
    const { events, challenge } = create(saying(members));
    expect(await challenge).toEqual({
      publicChallengeParameters: { question: "6 times 7?" },
      privateChallengeParameters: { answer: "42" },
      challengeMetadata: "riddle",
    });
    expect(events).toMatchObject([
      {
        triggerSource: "CreateAuthChallenge_Authentication",
        request: { challengeName: "CUSTOM_CHALLENGE", session, userNotFound: false },
      },
    ]);
  });

  test("may leave everything out", async () => {
    const { challenge } = create(saying({ challengeMetadata: null }));
    expect(await challenge).toEqual({
      publicChallengeParameters: {},
      privateChallengeParameters: {},
    });
  });

  const many = (length: number, value = "") =>
    Object.fromEntries(Array.from({ length }, (_, at) => [`p${at}`, value]));

  test.each(["publicChallengeParameters", "privateChallengeParameters"])(
    "%s are texts within bounds",
    async (member) => {
      const taken = [many(20), { p: "x".repeat(4096) }, { ["n".repeat(128)]: "" }];
      for (const parameters of taken) {
        const { challenge } = create(saying({ [member]: parameters }));
        await expect(challenge).resolves.toMatchObject({ [member]: parameters });
      }
      const refused = [
        many(21),
        many(5, "x".repeat(4096)),
        { p: "x".repeat(4097) },
        { ["n".repeat(129)]: "" },
        { p: 1 },
        { p: true },
        { p: { q: "r" } },
        { p: "\ud800" },
        { "\ud800": "p" },
        ["p"],
        "p",
      ];
      for (const parameters of refused) {
        const { challenge } = create(saying({ [member]: parameters }));
        await expect(challenge).rejects.toMatchObject(unrecognizable);
      }
    },
  );

  test.each([1, {}, "x".repeat(1025)])("metadata is a short text", async (challengeMetadata) => {
    const { challenge } = create(saying({ challengeMetadata }));
    await expect(challenge).rejects.toMatchObject(unrecognizable);
  });

  test("is told where there is no user", async () => {
    const { events, challenge } = create(() => undefined, { user: undefined });
    await challenge;
    expect(events).toMatchObject([
      { userName: "ADA", request: { userAttributes: {}, userNotFound: true } },
    ]);
  });
});

describe("VerifyAuthChallengeResponse", () => {
  test("sees the answer beside what was put aside for it", async () => {
    const { events, isRight } = verify(saying({ answerCorrect: true }));
    expect(await isRight).toBe(true);
    expect(events).toEqual([
      expect.objectContaining({
        triggerSource: "VerifyAuthChallengeResponse_Authentication",
        request: {
          userAttributes: { sub: user.id, "cognito:user_status": "CONFIRMED" },
          privateChallengeParameters: { answer: "42" },
          challengeAnswer: "42",
          clientMetadata: { from: "web" },
          userNotFound: false,
        },
        response: { answerCorrect: null },
      }),
    ]);
  });

  test.each([{}, { answerCorrect: false }, { answerCorrect: null }])("%o is a no", async (said) => {
    expect(await verify(saying(said)).isRight).toBe(false);
  });

  test.each(["true", 1, [], {}])("%o is no answer at all", async (answerCorrect) => {
    await expect(verify(saying({ answerCorrect })).isRight).rejects.toMatchObject(unrecognizable);
  });

  test("leaves no answer in the audit trail", async () => {
    handleTriggers(app, { VerifyAuthChallengeResponse: saying({ answerCorrect: true }) });
    const call = testCall(app);
    const privateChallengeParameters = { answer: "the-secret" };
    const asked = { ...asker({}), challengeAnswer: "the-secret", privateChallengeParameters };
    await fireVerifyAuthChallenge(call, asked);
    expect(call.about.more).toEqual({ VerifyAuthChallengeResponse_Authentication: "returned" });
  });
});

describe("each of the three", () => {
  test("ends the flow by failing", async () => {
    const failed = (name: string) => ({
      code: "UserLambdaValidationException",
      message: `${name} failed with error Not now.`,
    });
    await expect(define(throwing).step).rejects.toMatchObject(failed("DefineAuthChallenge"));
    await expect(create(throwing).challenge).rejects.toMatchObject(failed("CreateAuthChallenge"));
    await expect(verify(throwing).isRight).rejects.toMatchObject(
      failed("VerifyAuthChallengeResponse"),
    );
  });

  test("ends the flow where the pool does not have it", async () => {
    const bare = await testPool(app, {});
    const given = { home: bare, user: await testUser(app, bare.pool) };
    const yes = saying({ issueTokens: true, answerCorrect: true });
    await expect(define(yes, given).step).rejects.toMatchObject(notConfigured);
    await expect(create(yes, given).challenge).rejects.toMatchObject(notConfigured);
    await expect(verify(yes, given).isRight).rejects.toMatchObject(notConfigured);
  });
});

test("a pool has the custom flow by the function that defines it", () => {
  const having = (...names: TriggerName[]) => poolWith({ lambdaConfig: triggersOf(...names) });
  expect(hasCustomAuth(having("DefineAuthChallenge"))).toBe(true);
  expect(hasCustomAuth(having("CreateAuthChallenge", "VerifyAuthChallengeResponse"))).toBe(false);
});
