import {
  AdminDisableUserCommand,
  AdminSetUserPasswordCommand,
  InitiateAuthCommand,
  RespondToAuthChallengeCommand,
} from "@aws-sdk/client-cognito-identity-provider";
import { createSrpSession, signSrpSession } from "cognito-srp-helper";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { User } from "../../../domain/users/user.ts";
import { type TestApp, testApp } from "../../../testing/app.ts";
import { totpAt, userWithApp } from "../../../testing/mfa.ts";
import {
  otherClientOf,
  type Person,
  personAt,
  refusals,
  withTokens,
} from "../../../testing/person.ts";
import {
  password,
  type TestPool,
  type TestPoolOptions,
  testPool,
  testUser,
} from "../../../testing/pools.ts";
import { askRiddles, riddleAnswer, riddleSettings, stepsIn } from "../../../testing/riddles.ts";
import { signInByPassword } from "../../../testing/sign-in.ts";
import type { Handler } from "../../../testing/triggers.ts";

let app: TestApp;
beforeEach(async () => {
  app = await testApp();
});
afterEach(() => app.close());

const flows = [
  "ALLOW_CUSTOM_AUTH",
  "ALLOW_USER_PASSWORD_AUTH",
  "ALLOW_REFRESH_TOKEN_AUTH",
] as const;
const customClient = { explicitAuthFlows: flows, preventUserExistenceErrors: "ENABLED" } as const;
const custom = { flow: "CUSTOM_AUTH" } as const;
const right = { ANSWER: riddleAnswer };
const wrong = { ANSWER: "a coffin" };
const unrecognizable = {
  name: "InvalidLambdaResponseException",
  message: "Unrecognizable lambda output",
};

function customPool({ settings, client, ...options }: TestPoolOptions = {}): Promise<TestPool> {
  return testPool(app, {
    ...options,
    settings: { ...riddleSettings, ...settings },
    client: { ...customClient, ...client },
  });
}

async function customUser(options: TestPoolOptions = {}, given: Partial<User> = {}) {
  const home = await customPool(options);
  await testUser(app, home.pool, given);
  const ada = personAt(app, home);
  return { home, ada, begin: () => ada.begin({}, custom) };
}

/** The start of a custom flow with the password; `prove` answers PASSWORD_VERIFIER. */
async function beginWithSrp({ pool }: TestPool, person: Person, typed = password) {
  const session = createSrpSession("ada", typed, pool.id, false);
  const parameters = { CHALLENGE_NAME: "SRP_A", SRP_A: session.largeA };
  const begun = await person.begin(parameters, custom);
  const prove = () => {
    const { ChallengeParameters = {} } = begun;
    const signed = signSrpSession(session, { ChallengeParameters });
    return person.answer(begun, {
      PASSWORD_CLAIM_SECRET_BLOCK: signed.secret,
      PASSWORD_CLAIM_SIGNATURE: signed.passwordSignature,
      TIMESTAMP: signed.timestamp,
    });
  };
  return { begun, prove };
}

/** A function that always says this. */
const saying =
  (said: Record<string, unknown>): Handler =>
  ({ response }) =>
    void Object.assign(response, said);

describe("a flow without a password", () => {
  test("asks what the functions ask, and gives tokens when they are content", async () => {
    const events = askRiddles(app);
    const { begin, ada } = await customUser();
    const asked = await begin();
    expect(asked).toMatchObject({ ChallengeName: "CUSTOM_CHALLENGE" });
    expect(asked.ChallengeParameters).toEqual({ USERNAME: "ada", riddle: "A box without hinges" });
    expect(await ada.answer(asked, right)).toMatchObject(withTokens);
    const sources = events.map(({ triggerSource }) => triggerSource.replace("_Authentication", ""));
    expect(sources).toEqual([
      "DefineAuthChallenge",
      "CreateAuthChallenge",
      "VerifyAuthChallengeResponse",
      "DefineAuthChallenge",
    ]);
  });

  test("goes on for as many rounds as they want, and tells them of each", async () => {
    const events = askRiddles(app);
    const { begin, ada } = await customUser();
    const first = await begin();
    const second = await ada.answer(first, wrong);
    expect(second.ChallengeName).toBe("CUSTOM_CHALLENGE");
    expect(second.Session).not.toBe(first.Session);
    expect(await ada.answer(second, right)).toMatchObject(withTokens);
    const challengeName = "CUSTOM_CHALLENGE";
    expect(stepsIn(events.at(-1)?.request ?? {})).toEqual([
      { challengeName, challengeResult: false, challengeMetadata: "RIDDLE-0" },
      { challengeName, challengeResult: true, challengeMetadata: "RIDDLE-1" },
    ]);
  });

  test("ends when they say so, and is never locked", async () => {
    askRiddles(app);
    const { home, begin, ada } = await customUser();
    for (let times = 0; times < 3; times += 1) {
      const second = await ada.answer(await begin(), wrong);
      const third = await ada.answer(second, wrong);
      await expect(ada.answer(third, wrong)).rejects.toMatchObject(refusals.wrong);
    }
    expect(await ada.answer(await begin(), right)).toMatchObject(withTokens);
    expect(await signInByPassword(app, home)).toMatchObject(withTokens);
  });

  test("ends after fifty steps, whatever they say", async () => {
    askRiddles(app, { define: saying({ challengeName: "CUSTOM_CHALLENGE" }) });
    const { begin, ada } = await customUser();
    let asked = await begin();
    for (let steps = 1; steps < 50; steps += 1) asked = await ada.answer(asked, wrong);
    await expect(ada.answer(asked, wrong)).rejects.toMatchObject(refusals.wrong);
  });

  test("keeps their private parameters from the wire and the trail", async () => {
    askRiddles(app);
    const { begin, ada } = await customUser();
    const asked = await begin();
    const next = await ada.answer(asked, wrong);
    const rows = await app.context.store.db.selectFrom("challenges").selectAll().execute();
    const told = JSON.stringify([asked, next, rows, await app.auditEvents(), app.logged]);
    expect(told).not.toContain(riddleAnswer);
    await ada.answer(next, right);
    const after = JSON.stringify([await app.auditEvents(), app.logged]);
    expect(after).not.toContain(riddleAnswer);
  });

  test("tells them the ClientMetadata of answers, and not that of the beginning", async () => {
    const events = askRiddles(app);
    const { home } = await customUser();
    const ClientId = home.client.id;
    const { ChallengeName, Session } = await app.client.send(
      new InitiateAuthCommand({
        ...{ ClientId, AuthFlow: "CUSTOM_AUTH", AuthParameters: { USERNAME: "ada" } },
        ClientMetadata: { from: "the beginning" },
      }),
    );
    await app.client.send(
      new RespondToAuthChallengeCommand({
        ...{ ClientId, ChallengeName, Session },
        ChallengeResponses: { USERNAME: "ada", ...right },
        ClientMetadata: { from: "the answer" },
      }),
    );
    expect(events.map(({ request }) => request["clientMetadata"])).toEqual([
      undefined,
      undefined,
      { from: "the answer" },
      { from: "the answer" },
    ]);
  });
});

describe("an answer", () => {
  test("is judged once, of ten at once", async () => {
    const events = askRiddles(app);
    const { begin, ada } = await customUser();
    const asked = await begin();
    const outcomes = await Promise.allSettled(
      Array.from({ length: 10 }, () => ada.answer(asked, right)),
    );
    expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    const judged = events.filter(({ triggerSource }) => triggerSource.startsWith("Verify"));
    expect(judged).toHaveLength(1);
    await expect(ada.answer(asked, right)).rejects.toMatchObject(refusals.session);
  });

  test("is bound to user, client and time", async () => {
    askRiddles(app);
    const { home, begin, ada } = await customUser();
    await testUser(app, home.pool, { username: "eve" });
    const asked = await begin();
    const elsewhere = personAt(app, await otherClientOf(app, home));
    for (const person of [personAt(app, home, "eve"), personAt(app, home, "nobody"), elsewhere]) {
      await expect(person.answer(asked, right)).rejects.toMatchObject(refusals.session);
    }
    await expect(ada.answer(asked)).rejects.toMatchObject({
      message: "Missing required parameter ANSWER",
    });
    app.clock.advance(3 * 60_000);
    await expect(ada.answer(asked, right)).rejects.toMatchObject(refusals.sessionExpired);
  });

  test("is void once the password is another, and once the user is disabled", async () => {
    askRiddles(app);
    const { home, begin, ada } = await customUser();
    const named = { UserPoolId: home.pool.id, Username: "ada" };
    const first = await begin();
    const Password = "Another-Horse-7-Saddle";
    await app.client.send(new AdminSetUserPasswordCommand({ ...named, Password, Permanent: true }));
    await expect(ada.answer(first, right)).rejects.toMatchObject(refusals.session);
    const second = await begin();
    await app.client.send(new AdminDisableUserCommand(named));
    await expect(ada.answer(second, right)).rejects.toMatchObject({
      name: "NotAuthorizedException",
    });
  });
});

describe("a flow with the password", () => {
  test("proves it first, and tells the functions", async () => {
    const events = askRiddles(app);
    const { home, ada } = await customUser();
    const { begun, prove } = await beginWithSrp(home, ada);
    expect(begun.ChallengeName).toBe("PASSWORD_VERIFIER");
    const asked = await prove();
    expect(asked.ChallengeName).toBe("CUSTOM_CHALLENGE");
    expect(asked).not.toHaveProperty("AuthenticationResult");
    expect(await ada.answer(asked, right)).toMatchObject(withTokens);
    const names = stepsIn(events.at(-1)?.request ?? {}).map((step) => step.challengeName);
    expect(names).toEqual(["SRP_A", "PASSWORD_VERIFIER", "CUSTOM_CHALLENGE"]);
  });

  test("ends with a wrong one, of which the functions hear nothing, and which counts", async () => {
    const events = askRiddles(app);
    const { home, ada } = await customUser();
    for (let tries = 0; tries < 5; tries += 1) {
      const { prove } = await beginWithSrp(home, ada, "Wrong-1-Password");
      await expect(prove()).rejects.toMatchObject(refusals.wrong);
    }
    expect(events).toHaveLength(5);
    const { prove } = await beginWithSrp(home, ada);
    await expect(prove()).rejects.toMatchObject(refusals.locked);
  });

  test("is no answer to the function's challenge before it", async () => {
    askRiddles(app);
    const { home, ada } = await customUser();
    const { begun } = await beginWithSrp(home, ada);
    const asked = { ChallengeName: "CUSTOM_CHALLENGE", Session: begun.Session } as const;
    await expect(ada.answer(asked, right)).rejects.toMatchObject(refusals.session);
  });

  test("is not had by functions alone", async () => {
    askRiddles(app, { define: saying({ challengeName: "PASSWORD_VERIFIER" }) });
    const { home, begin, ada } = await customUser();
    await expect(begin()).rejects.toMatchObject(unrecognizable);
    const { prove } = await beginWithSrp(home, ada);
    await expect(prove()).rejects.toMatchObject(unrecognizable);
  });

  test("asks for a new one in place of a temporary one before all else", async () => {
    askRiddles(app);
    const temporary = { temporaryPasswordExpiresAtMs: app.clock.now() + 60_000 };
    const { home, ada } = await customUser({}, { status: "FORCE_CHANGE_PASSWORD", ...temporary });
    const { prove } = await beginWithSrp(home, ada);
    const asked = await prove();
    expect(asked.ChallengeName).toBe("NEW_PASSWORD_REQUIRED");
    const next = await ada.answer(asked, { NEW_PASSWORD: "Another-Horse-7-Saddle" });
    expect(next.ChallengeName).toBe("CUSTOM_CHALLENGE");
    expect(await ada.answer(next, right)).toMatchObject(withTokens);
  });
});

describe("a second factor that is due", () => {
  const withRiddles = () => userWithApp(app, { settings: riddleSettings, client: customClient });

  test("is asked for at the end where no password was proved", async () => {
    askRiddles(app);
    const { ada, secret } = await withRiddles();
    const asked = await ada.answer(await ada.begin({}, custom), right);
    expect(asked.ChallengeName).toBe("SOFTWARE_TOKEN_MFA");
    expect(asked).not.toHaveProperty("AuthenticationResult");
    const code = { SOFTWARE_TOKEN_MFA_CODE: totpAt(app, secret) };
    expect(await ada.answer(asked, code)).toMatchObject(withTokens);
  });

  test("is asked for right after a password, and the functions hear of it", async () => {
    const events = askRiddles(app);
    const { home, ada, secret } = await withRiddles();
    const { prove } = await beginWithSrp(home, ada);
    const asked = await prove();
    expect(asked.ChallengeName).toBe("SOFTWARE_TOKEN_MFA");
    const next = await ada.answer(asked, { SOFTWARE_TOKEN_MFA_CODE: totpAt(app, secret) });
    expect(next.ChallengeName).toBe("CUSTOM_CHALLENGE");
    expect(await ada.answer(next, right)).toMatchObject(withTokens);
    const names = stepsIn(events.at(-1)?.request ?? {}).map((step) => step.challengeName);
    expect(names).toEqual(["SRP_A", "PASSWORD_VERIFIER", "SOFTWARE_TOKEN_MFA", "CUSTOM_CHALLENGE"]);
  });

  test("is passed by no function that gives tokens at once", async () => {
    askRiddles(app, { define: saying({ issueTokens: true }) });
    const { home, ada } = await withRiddles();
    expect((await ada.begin({}, custom)).ChallengeName).toBe("SOFTWARE_TOKEN_MFA");
    const { begun } = await beginWithSrp(home, ada);
    expect(begun.ChallengeName).toBe("SOFTWARE_TOKEN_MFA");
    expect(begun).not.toHaveProperty("AuthenticationResult");
  });
});
