/** CUSTOM_CHALLENGE: what is asked, and whether it is enough, is up to the pool's functions. */
import {
  customAuthNotConfigured,
  incorrectUsernameOrPassword,
  unrecognizableLambdaOutput,
} from "../../../errors/cognito-idp.ts";
import type { Call } from "../../call.ts";
import { fireCreateAuthChallenge } from "../../triggers/create-auth-challenge.ts";
import { fireDefineAuthChallenge, hasCustomAuth } from "../../triggers/define-auth-challenge.ts";
import { shownNameOf } from "../candidate.ts";
import type { SignIn } from "../sign-in.ts";
import type { Asked, Asking } from "./ask.ts";

export type CustomState = {
  readonly privateParameters: Readonly<Record<string, string>>;
  readonly metadata?: string;
};

/** How often a function may ask before a sign-in ends: its history travels with each challenge. */
const maxSteps = 50;

/**
 * Asks the pool's function what comes next: a challenge of its own, `PASSWORD_VERIFIER` where SRP has begun, or `TOKENS`
 * when it has seen enough. Throws when the sign-in has failed.
 */
export async function defineNext(
  call: Call,
  signIn: SignIn,
  { who, progress }: Asking,
): Promise<Asked | "PASSWORD_VERIFIER" | "TOKENS"> {
  const { pool, client, clientMetadata } = signIn;
  if (!hasCustomAuth(pool)) throw customAuthNotConfigured();
  const session = progress.custom ?? [];
  if (session.length >= maxSteps) throw incorrectUsernameOrPassword();
  const event = { pool, client, user: who.user, userName: who.name, session, clientMetadata };
  const verdict = await fireDefineAuthChallenge(call, event);
  if (verdict.kind === "failed") throw incorrectUsernameOrPassword();
  if (verdict.kind === "tokens") return "TOKENS";
  const { challengeName } = verdict;
  if (challengeName === "PASSWORD_VERIFIER") return challengeName;
  if (challengeName !== "CUSTOM_CHALLENGE") throw unrecognizableLambdaOutput();
  const created = await fireCreateAuthChallenge(call, { ...event, challengeName });
  const state: CustomState = {
    privateParameters: created.privateChallengeParameters,
    ...(created.challengeMetadata === undefined ? {} : { metadata: created.challengeMetadata }),
  };
  return {
    name: "CUSTOM_CHALLENGE",
    state,
    parameters: {
      ...created.publicChallengeParameters,
      USERNAME: shownNameOf(call, pool, { ...who, lock: undefined }),
    },
  };
}

/** The same once the password is proved, or none was asked for: nothing is left for SRP to do. */
export async function defineAfter(
  call: Call,
  signIn: SignIn,
  asking: Asking,
): Promise<Asked | "TOKENS"> {
  const asked = await defineNext(call, signIn, asking);
  if (asked === "PASSWORD_VERIFIER") throw unrecognizableLambdaOutput();
  return asked;
}
