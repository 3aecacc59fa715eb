/** The functions of a custom flow that asks riddles, for tests of what comes before, between and after. */
import type { TestApp } from "./app.ts";
import { type Handler, handleTriggers, triggersOf } from "./triggers.ts";

/** Settings of a pool with a custom flow. */
export const riddleSettings = {
  lambdaConfig: triggersOf(
    "DefineAuthChallenge",
    "CreateAuthChallenge",
    "VerifyAuthChallengeResponse",
  ),
} as const;

export type StepOfEvent = {
  readonly challengeName: string;
  readonly challengeResult: boolean;
  readonly challengeMetadata: string | null;
};

/** What an event says of the steps before it. */
export const stepsIn = (request: Record<string, unknown>) => request["session"] as StepOfEvent[];

/** What only the function that verifies may know. */
export const riddleAnswer = "an-egg-of-course";

const define: Handler = ({ request, response }) => {
  const steps = stepsIn(request);
  const last = steps.at(-1);
  const wrong = steps.filter(({ challengeResult }) => !challengeResult).length;
  response["failAuthentication"] = wrong >= 3;
  response["issueTokens"] = last?.challengeName === "CUSTOM_CHALLENGE" && last.challengeResult;
  response["challengeName"] =
    last?.challengeName === "SRP_A" ? "PASSWORD_VERIFIER" : "CUSTOM_CHALLENGE";
};

const create: Handler = ({ request, response }) => {
  response["publicChallengeParameters"] = { riddle: "A box without hinges" };
  response["privateChallengeParameters"] = { answer: riddleAnswer };
  response["challengeMetadata"] = `RIDDLE-${stepsIn(request).length}`;
};

const verify: Handler = ({ request, response }) => {
  const known = request["privateChallengeParameters"] as { answer: string };
  response["answerCorrect"] = request["challengeAnswer"] === known.answer;
};

/** Puts the functions behind the triggers, some of them another; gives the events, in turn. */
export function askRiddles(
  app: TestApp,
  others: { define?: Handler; create?: Handler; verify?: Handler } = {},
) {
  return handleTriggers(app, {
    DefineAuthChallenge: others.define ?? define,
    CreateAuthChallenge: others.create ?? create,
    VerifyAuthChallengeResponse: others.verify ?? verify,
  });
}
