import { AdminInitiateAuthCommand } from "@aws-sdk/client-cognito-identity-provider";
import { createSrpSession } from "cognito-srp-helper";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type TestApp, testApp } from "../../../testing/app.ts";
import { personAt, refusals, withTokens } from "../../../testing/person.ts";
import { password, type TestPoolOptions, testPool, testUser } from "../../../testing/pools.ts";
import { askRiddles, riddleAnswer, riddleSettings } from "../../../testing/riddles.ts";
import type { Handler } from "../../../testing/triggers.ts";

let app: TestApp;
beforeEach(async () => {
  app = await testApp();
});
afterEach(() => app.close());

const flow = { flow: "CUSTOM_AUTH" } as const;
const right = { ANSWER: riddleAnswer };
const explicitAuthFlows = ["ALLOW_CUSTOM_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"] as const;
const unrecognizable = {
  name: "InvalidLambdaResponseException",
  message: "Unrecognizable lambda output",
};

const customPool = ({ settings, client, ...options }: TestPoolOptions = {}) =>
  testPool(app, {
    ...options,
    settings: { ...riddleSettings, ...settings },
    client: { explicitAuthFlows, preventUserExistenceErrors: "ENABLED", ...client },
  });

/** A function that always says this. */
const saying =
  (said: Record<string, unknown>): Handler =>
  ({ response }) =>
    void Object.assign(response, said);

describe("a name that nobody has", () => {
  test.each(["compat", "hardened"] as const)(
    "is asked like a user, and gets no tokens by a right answer (%s)",
    async (profile) => {
      const events = askRiddles(app);
      const home = await customPool({ extensions: { profile } });
      await testUser(app, home.pool);
      const nobody = personAt(app, home, "nobody");
      const real = await personAt(app, home).begin({}, flow);
      const asked = await nobody.begin({}, flow);
      expect(asked.ChallengeParameters).toEqual({
        ...real.ChallengeParameters,
        USERNAME: "nobody",
      });
      expect(Object.keys(asked)).toEqual(Object.keys(real));
      const next = await nobody.answer(asked, { ANSWER: "a coffin" });
      expect(next.ChallengeName).toBe("CUSTOM_CHALLENGE");
      await expect(nobody.answer(next, right)).rejects.toMatchObject(refusals.wrong);
      expect(events.slice(0, 2).map(({ request }) => request["userNotFound"])).toEqual([
        false,
        false,
      ]);
      expect(new Set(events.slice(2).map(({ request }) => request["userNotFound"]))).toEqual(
        new Set([true]),
      );
    },
  );

  test("has an invented name of its own, where addresses are names", async () => {
    askRiddles(app);
    const home = await customPool({
      settings: { usernameAttributes: ["email"], caseSensitive: false },
    });
    const shown = async (name: string) => {
      const { ChallengeParameters } = await personAt(app, home, name).begin({}, flow);
      return ChallengeParameters?.["USERNAME"];
    };
    const one = await shown("nobody@example.com");
    expect(one).toMatch(/^[0-9a-f]{8}-[0-9a-f-]{27}$/);
    expect(await shown("Nobody@example.com")).toBe(one);
    expect(await shown("other@example.com")).not.toBe(one);
  });

  test("gets no tokens where the function gives them at once", async () => {
    askRiddles(app, { define: saying({ issueTokens: true }) });
    const home = await customPool();
    await expect(personAt(app, home, "nobody").begin({}, flow)).rejects.toMatchObject(
      refusals.wrong,
    );
    await testUser(app, home.pool);
    expect(await personAt(app, home).begin({}, flow)).toMatchObject(withTokens);
  });

  test("is simulated where the password comes first, and fails like a wrong one", async () => {
    askRiddles(app);
    const home = await customPool();
    const nobody = personAt(app, home, "nobody");
    const { largeA: SRP_A } = createSrpSession("nobody", password, home.pool.id, false);
    const begun = await nobody.begin({ CHALLENGE_NAME: "SRP_A", SRP_A }, flow);
    expect(begun).toMatchObject({
      ChallengeName: "PASSWORD_VERIFIER",
      ChallengeParameters: { USERNAME: "nobody", SALT: expect.any(String) },
    });
    const proof = {
      PASSWORD_CLAIM_SECRET_BLOCK: begun.ChallengeParameters?.["SECRET_BLOCK"] ?? "",
      PASSWORD_CLAIM_SIGNATURE: "A".repeat(43),
      TIMESTAMP: "Wed Nov 25 13:00:00 UTC 2026",
    };
    await expect(nobody.answer(begun, proof)).rejects.toMatchObject(refusals.wrong);
  });

  test("is told where the client asks for that", async () => {
    const events = askRiddles(app);
    const home = await customPool({ client: { preventUserExistenceErrors: "LEGACY" } });
    await expect(personAt(app, home, "nobody").begin({}, flow)).rejects.toMatchObject({
      name: "UserNotFoundException",
    });
    expect(events).toEqual([]);
  });
});

describe("an account that is not open", () => {
  const states = [
    [{ status: "UNCONFIRMED" }, "UserNotConfirmedException"],
    [{ status: "RESET_REQUIRED" }, "PasswordResetRequiredException"],
    [{ enabled: false }, "NotAuthorizedException"],
  ] as const;

  test.each(states)("%j is told before anything is asked (compat)", async (state, name) => {
    const events = askRiddles(app);
    const home = await customPool();
    await testUser(app, home.pool, state);
    await expect(personAt(app, home).begin({}, flow)).rejects.toMatchObject({ name });
    expect(events).toEqual([]);
  });

  test.each(states)("%j is told after the right answer alone (hardened)", async (state, name) => {
    askRiddles(app);
    const home = await customPool({ extensions: { profile: "hardened" } });
    await testUser(app, home.pool, state);
    const ada = personAt(app, home);
    const asked = await ada.begin({}, flow);
    expect(asked.ChallengeName).toBe("CUSTOM_CHALLENGE");
    const next = await ada.answer(asked, { ANSWER: "a coffin" });
    expect(next.ChallengeName).toBe("CUSTOM_CHALLENGE");
    await expect(ada.answer(next, right)).rejects.toMatchObject({ name });
  });
});

describe("functions that lie", () => {
  test.each([
    {},
    { challengeName: "SMS_MFA" },
    { challengeName: "NEW_PASSWORD_REQUIRED" },
    { challengeName: "SRP_A" },
    { challengeName: 7 },
    { issueTokens: "true" },
    { failAuthentication: 1 },
  ])("are refused in what they define: %j", async (said) => {
    askRiddles(app, { define: saying(said) });
    const home = await customPool();
    await testUser(app, home.pool);
    await expect(personAt(app, home).begin({}, flow)).rejects.toMatchObject(unrecognizable);
  });

  test("fail whoever they both fail and give tokens", async () => {
    const both = { issueTokens: true, failAuthentication: true };
    askRiddles(app, { define: saying({ ...both, challengeName: "CUSTOM_CHALLENGE" }) });
    const home = await customPool();
    await testUser(app, home.pool);
    await expect(personAt(app, home).begin({}, flow)).rejects.toMatchObject(refusals.wrong);
  });

  test.each([
    { publicChallengeParameters: "x" },
    { publicChallengeParameters: { riddle: { deep: true } } },
    { privateChallengeParameters: ["x"] },
    { challengeMetadata: {} },
    { publicChallengeParameters: { riddle: "x".repeat(20_000) } },
  ])("are refused in what they create", async (said) => {
    askRiddles(app, { create: saying(said) });
    const home = await customPool();
    await testUser(app, home.pool);
    await expect(personAt(app, home).begin({}, flow)).rejects.toMatchObject(unrecognizable);
  });

  test("name nobody else in what they create", async () => {
    askRiddles(app, {
      create: saying({ publicChallengeParameters: { USERNAME: "eve", __proto__: "x" } }),
    });
    const home = await customPool();
    await testUser(app, home.pool);
    const { ChallengeParameters } = await personAt(app, home).begin({}, flow);
    expect(ChallengeParameters?.["USERNAME"]).toBe("ada");
  });

  test.each([{ answerCorrect: "true" }, { answerCorrect: 1 }, { answerCorrect: {} }])(
    "are refused in what they verify: %j",
    async (said) => {
      askRiddles(app, { verify: saying(said) });
      const home = await customPool();
      await testUser(app, home.pool);
      const ada = personAt(app, home);
      const asked = await ada.begin({}, flow);
      await expect(ada.answer(asked, right)).rejects.toMatchObject(unrecognizable);
      // Used up: no second try at a function that fell over.
      await expect(ada.answer(asked, right)).rejects.toMatchObject(refusals.session);
    },
  );

  test("that say nothing of an answer mean no", async () => {
    askRiddles(app, { verify: () => undefined });
    const home = await customPool();
    await testUser(app, home.pool);
    const ada = personAt(app, home);
    const next = await ada.answer(await ada.begin({}, flow), right);
    expect(next.ChallengeName).toBe("CUSTOM_CHALLENGE");
  });

  test("refuse in their own words, and their absence is told", async () => {
    const home = await customPool();
    await testUser(app, home.pool);
    const ada = personAt(app, home);
    askRiddles(app, {
      define() {
        throw new Error("not on Sundays");
      },
    });
    await expect(ada.begin({}, flow)).rejects.toMatchObject({
      name: "UserLambdaValidationException",
      message: expect.stringContaining("not on Sundays"),
    });
    app.functions.answer = () => ({ kind: "missing", message: "gone" });
    await expect(ada.begin({}, flow)).rejects.toMatchObject({ name: "UnexpectedLambdaException" });
  });
});

describe("what a flow needs", () => {
  test("functions, and a client that allows it", async () => {
    const bare = await customPool({ settings: { lambdaConfig: {} } });
    await testUser(app, bare.pool);
    await expect(personAt(app, bare).begin({}, flow)).rejects.toMatchObject({
      name: "InvalidParameterException",
      message: "Custom auth lambda trigger is not configured for the user pool.",
    });
    const closed = await customPool({ client: { explicitAuthFlows: ["ALLOW_USER_SRP_AUTH"] } });
    await expect(personAt(app, closed).begin({}, flow)).rejects.toMatchObject({
      name: "InvalidParameterException",
      message: "CUSTOM_AUTH is not enabled for the client.",
    });
  });

  test("SRP_A with CHALLENGE_NAME, and a pool that keeps verifiers", async () => {
    askRiddles(app);
    const home = await customPool();
    await testUser(app, home.pool);
    const ada = personAt(app, home);
    for (const parameters of [
      { CHALLENGE_NAME: "PASSWORD_VERIFIER", SRP_A: "1f" },
      { CHALLENGE_NAME: "SRP_A" },
      { CHALLENGE_NAME: "SRP_A", SRP_A: "0" },
    ]) {
      await expect(ada.begin(parameters, flow)).rejects.toMatchObject({
        name: "InvalidParameterException",
      });
    }
    const without = await customPool({ extensions: { srpVerifiers: "off" } });
    await testUser(app, without.pool);
    await expect(
      personAt(app, without).begin({ CHALLENGE_NAME: "SRP_A", SRP_A: "1f" }, flow),
    ).rejects.toMatchObject({ name: "InvalidParameterException" });
  });

  test("the same of a server by the admin operation", async () => {
    askRiddles(app);
    const home = await customPool();
    await testUser(app, home.pool);
    const asked = await app.client.send(
      new AdminInitiateAuthCommand({
        ...{ UserPoolId: home.pool.id, ClientId: home.client.id },
        ...{ AuthFlow: "CUSTOM_AUTH", AuthParameters: { USERNAME: "ada" } },
      }),
    );
    expect(await personAt(app, home).answer(asked, right)).toMatchObject(withTokens);
  });
});
