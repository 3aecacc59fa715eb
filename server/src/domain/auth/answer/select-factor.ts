/** The answer to SELECT_MFA_TYPE: which of several factors it should be. */
import { invalidParameter } from "../../../errors/cognito-idp.ts";
import type { Call } from "../../call.ts";
import { ask } from "../ask/ask.ts";
import { askForFactor } from "../ask/second-factor.ts";
import { takeOpenChallenge } from "../challenge.ts";
import { activeFactors } from "../mfa-decision.ts";
import { type Given, type Outcome, requireParameter, type SignIn } from "../sign-in.ts";
import { openAnswer, requireStanding } from "./open-answer.ts";

/** Asks for a code of the factor that was chosen, if the user has it still. */
export async function answerSelectFactor(
  call: Call,
  signIn: SignIn,
  given: Given,
): Promise<Outcome> {
  const chosen = requireParameter(given.parameters, "ANSWER");
  const opened = await openAnswer(call, signIn, { name: "SELECT_MFA_TYPE", given });
  const user = requireStanding(opened);
  const factor = activeFactors(signIn.pool, user).find((each) => each === chosen);
  if (!factor) throw invalidParameter("ANSWER must be one of MFAS_CAN_CHOOSE.");
  const who = { name: opened.who.name, user };
  return ask(call, signIn, {
    ...{ who, progress: opened.state.progress },
    asked: await askForFactor(call, signIn, { who, factor }),
    settle: (trx) => takeOpenChallenge(trx, call, opened.challenge),
  });
}
