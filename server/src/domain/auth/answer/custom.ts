/** The answer to CUSTOM_CHALLENGE, which the pool's function checks. */
import { incorrectUsernameOrPassword } from "../../../errors/cognito-idp.ts";
import type { Call } from "../../call.ts";
import { fireVerifyAuthChallenge } from "../../triggers/verify-auth-challenge.ts";
import { ask } from "../ask/ask.ts";
import { type CustomState, defineAfter } from "../ask/custom.ts";
import { isHardened, requireCustomStanding, requireEnabled } from "../candidate.ts";
import { type BaseState, takeOpenChallenge } from "../challenge.ts";
import { goOn } from "../go-on.ts";
import { type Progress, withProof, withResult } from "../progress.ts";
import { type Given, type Outcome, requireParameter, type SignIn } from "../sign-in.ts";
import { type Opened, openAnswer, requireSame } from "./open-answer.ts";

type State = BaseState & CustomState;

/** Right or wrong, the challenge is used up: whether there is another try is up to the function that defines the next. */
export async function answerCustom(call: Call, signIn: SignIn, given: Given): Promise<Outcome> {
  const challengeAnswer = requireParameter(given.parameters, "ANSWER");
  const opened = await openAnswer<State>(call, signIn, { name: "CUSTOM_CHALLENGE", given });
  if (opened.challenge.userId !== undefined) {
    const user = requireSame(opened);
    if (!isHardened(signIn.pool)) requireEnabled(user);
  }
  // Taken first: of many answers at once the function judges one.
  await takeOpenChallenge(call.db, call, opened.challenge);
  const progress = await judge(call, signIn, { opened, challengeAnswer });
  const { who } = opened;
  const asked = await defineAfter(call, signIn, { who, progress });
  if (asked !== "TOKENS") return ask(call, signIn, { who, progress, asked });
  const { user, name } = who;
  if (!user) throw incorrectUsernameOrPassword();
  requireCustomStanding(user);
  return goOn(call, signIn, { name, user, progress: withProof(progress, "CUSTOM_CHALLENGE") });
}

async function judge(
  call: Call,
  { pool, client, clientMetadata }: SignIn,
  { opened, challengeAnswer }: { opened: Opened<State>; challengeAnswer: string },
): Promise<Progress> {
  const { who, state } = opened;
  const challengeResult = await fireVerifyAuthChallenge(call, {
    ...{ pool, client, user: who.user, userName: who.name, challengeAnswer, clientMetadata },
    privateChallengeParameters: state.privateParameters,
  });
  return withResult(state.progress, {
    challengeName: "CUSTOM_CHALLENGE",
    challengeResult,
    ...(state.metadata === undefined ? {} : { challengeMetadata: state.metadata }),
  });
}
