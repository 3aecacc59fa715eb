/** CUSTOM_AUTH: the pool's functions ask, with the password proved first where the client begins SRP. */
import {
  incorrectUsernameOrPassword,
  invalidParameter,
  unrecognizableLambdaOutput,
} from "../../../errors/cognito-idp.ts";
import type { Call } from "../../call.ts";
import { ask } from "../ask/ask.ts";
import { defineNext } from "../ask/custom.ts";
import { askForVerifier } from "../ask/srp.ts";
import { approach, isHardened, requireCustomStanding } from "../candidate.ts";
import { goOn } from "../go-on.ts";
import { beginProgress, withProof, withResult } from "../progress.ts";
import {
  type Given,
  namedDevice,
  type Outcome,
  type Parameters,
  requireParameter,
  type SignIn,
} from "../sign-in.ts";

export async function beginCustom(
  call: Call,
  signIn: SignIn,
  { parameters }: Given,
): Promise<Outcome> {
  const srpA = srpAOf(signIn, parameters);
  const candidate = await approach(call, signIn, { parameters });
  const begun = beginProgress("CUSTOM_AUTH", {
    user: candidate.user,
    ...namedDevice(parameters),
  });
  const progress =
    srpA === undefined
      ? begun
      : withResult(begun, { challengeName: "SRP_A", challengeResult: true });
  if (srpA === undefined && !isHardened(signIn.pool)) requireCustomStanding(candidate.user);
  const asked = await defineNext(call, signIn, { who: candidate, progress });
  if (asked === "PASSWORD_VERIFIER") {
    if (srpA === undefined) throw unrecognizableLambdaOutput();
    const verifier = askForVerifier(call, signIn, { candidate, srpA });
    return ask(call, signIn, { who: candidate, progress, asked: verifier });
  }
  if (!isHardened(signIn.pool)) requireCustomStanding(candidate.user);
  if (asked !== "TOKENS") return ask(call, signIn, { who: candidate, progress, asked });
  const { name, user } = candidate;
  if (!user) throw incorrectUsernameOrPassword();
  requireCustomStanding(user);
  return goOn(call, signIn, { name, user, progress: withProof(progress, "CUSTOM_CHALLENGE") });
}

function srpAOf({ pool }: SignIn, parameters: Parameters): string | undefined {
  const name = parameters["CHALLENGE_NAME"];
  if (name === undefined) return undefined;
  if (name !== "SRP_A") throw invalidParameter("CHALLENGE_NAME must be SRP_A.");
  if (pool.extensions.srpVerifiers === "off") throw invalidParameter("SRP is off for this pool.");
  return requireParameter(parameters, "SRP_A");
}
