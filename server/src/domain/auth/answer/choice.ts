/** The answers to SELECT_CHALLENGE, PASSWORD and PASSWORD_SRP: what the user chose to begin with, or the password asked for. */
import { invalidParameter } from "../../../errors/cognito-idp.ts";
import type { Call } from "../../call.ts";
import { ask } from "../ask/ask.ts";
import { askChosen } from "../ask/choice.ts";
import { askForVerifier } from "../ask/srp.ts";
import { provePassword } from "../begin/password.ts";
import { takeOpenChallenge } from "../challenge.ts";
import { isFirstChallenge, offeredChallenges } from "../first-factors.ts";
import { goOn } from "../go-on.ts";
import type { Progress } from "../progress.ts";
import {
  type Given,
  namedDevice,
  type Outcome,
  type Parameters,
  requireParameter,
  type SignIn,
} from "../sign-in.ts";
import { type Opened, openAnswer } from "./open-answer.ts";

/** Takes the choice; a wrong password leaves the Session good for another one. */
export async function answerChoice(call: Call, signIn: SignIn, given: Given): Promise<Outcome> {
  const { parameters } = given;
  const chosen = requireParameter(parameters, "ANSWER");
  const opened = await openAnswer(call, signIn, { name: "SELECT_CHALLENGE", given });
  const { who } = opened;
  if (!isFirstChallenge(chosen) || !offeredChallenges(signIn, who).includes(chosen)) {
    throw invalidParameter("ANSWER must be one of the available challenges.");
  }
  if (chosen === "PASSWORD" && parameters["PASSWORD"]) {
    return takePassword(call, signIn, { opened, parameters });
  }
  const asked = await askChosen(call, signIn, { candidate: who, chosen, parameters });
  return ask(call, signIn, {
    ...{ who, progress: progressOf(opened, parameters), asked },
    settle: (trx) => takeOpenChallenge(trx, call, opened.challenge),
  });
}

/** Takes the password that was asked for. */
export async function answerPassword(call: Call, signIn: SignIn, given: Given): Promise<Outcome> {
  const { parameters } = given;
  requireParameter(parameters, "PASSWORD");
  const opened = await openAnswer(call, signIn, { name: "PASSWORD", given });
  return takePassword(call, signIn, { opened, parameters });
}

/** Begins the SRP that was asked for. */
export async function answerPasswordSrp(
  call: Call,
  signIn: SignIn,
  given: Given,
): Promise<Outcome> {
  const { parameters } = given;
  const srpA = requireParameter(parameters, "SRP_A");
  const opened = await openAnswer(call, signIn, { name: "PASSWORD_SRP", given });
  const { who } = opened;
  return ask(call, signIn, {
    ...{ who, progress: progressOf(opened, parameters) },
    asked: askForVerifier(call, signIn, { candidate: who, srpA }),
    settle: (trx) => takeOpenChallenge(trx, call, opened.challenge),
  });
}

async function takePassword(
  call: Call,
  signIn: SignIn,
  { opened, parameters }: { opened: Opened; parameters: Parameters },
): Promise<Outcome> {
  const proved = await provePassword(call, signIn, {
    candidate: opened.who,
    password: requireParameter(parameters, "PASSWORD"),
    progress: progressOf(opened, parameters),
  });
  await takeOpenChallenge(call.db, call, opened.challenge);
  return goOn(call, signIn, proved);
}

function progressOf({ state }: Opened, parameters: Parameters): Progress {
  return { ...state.progress, ...namedDevice(parameters) };
}
