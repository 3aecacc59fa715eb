/** USER_AUTH: the user chooses among what the pool allows and the user has. */
import { invalidParameter, invalidSession } from "../../../errors/cognito-idp.ts";
import type { Call } from "../../call.ts";
import { ask } from "../ask/ask.ts";
import { askChosen, askToChoose } from "../ask/choice.ts";
import { approach } from "../candidate.ts";
import { firstChallenges, isFirstChallenge, offeredChallenges } from "../first-factors.ts";
import { goOn } from "../go-on.ts";
import { beginProgress, withProof } from "../progress.ts";
import { type Given, namedDevice, type Outcome, type SignIn } from "../sign-in.ts";
import { takeSignUpSession } from "../sign-up-session.ts";
import { provePassword } from "./password.ts";

/** Begins with the factor that the client prefers, if the user has it, or asks for a choice. */
export async function beginByChoice(call: Call, signIn: SignIn, given: Given): Promise<Outcome> {
  const { session, parameters } = given;
  const preferred = parameters["PREFERRED_CHALLENGE"];
  if (preferred !== undefined && !isFirstChallenge(preferred)) {
    throw invalidParameter(`PREFERRED_CHALLENGE must be one of ${firstChallenges.join(", ")}.`);
  }
  const password = preferred === "PASSWORD" ? parameters["PASSWORD"] : undefined;
  const candidate = await approach(call, signIn, {
    parameters,
    ...(password ? { password } : {}),
  });
  const progress = beginProgress("USER_AUTH", {
    user: candidate.user,
    ...namedDevice(parameters),
  });
  if (session !== undefined) {
    const { user } = candidate;
    if (!user) throw invalidSession();
    await takeSignUpSession(call, signIn, { session, user });
    const proved = withProof(progress, "SIGN_UP");
    return goOn(call, signIn, { name: candidate.name, user, progress: proved });
  }
  const isOffered = preferred && offeredChallenges(signIn, candidate).includes(preferred);
  if (!isOffered) {
    const asked = askToChoose(signIn, candidate);
    return ask(call, signIn, { who: candidate, progress, asked });
  }
  if (password) {
    const proved = await provePassword(call, signIn, { candidate, password, progress });
    return goOn(call, signIn, proved);
  }
  const asked = await askChosen(call, signIn, { candidate, chosen: preferred, parameters });
  return ask(call, signIn, { who: candidate, progress, asked });
}
