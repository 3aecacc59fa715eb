/** The challenges with which a choice-based sign-in begins. */
import { incorrectUsernameOrPassword } from "../../../errors/cognito-idp.ts";
import type { Call } from "../../call.ts";
import { targetOf } from "../../users/contacts.ts";
import { type Candidate, requireEntry } from "../candidate.ts";
import { canPass, type FirstChallenge, offeredChallenges } from "../first-factors.ts";
import type { Parameters, SignIn } from "../sign-in.ts";
import type { Asked } from "./ask.ts";
import { askForCode } from "./code.ts";
import { askForPasskey } from "./passkey.ts";
import { askForVerifier } from "./srp.ts";

/** Asks for a choice; a user who has none to make cannot sign in this way. */
export function askToChoose(signIn: SignIn, candidate: Candidate): Asked {
  const available = offeredChallenges(signIn, candidate);
  if (available.length === 0) throw incorrectUsernameOrPassword();
  return { name: "SELECT_CHALLENGE", parameters: {}, available };
}

/** Asks what was chosen: for a password that did not come along, or the start of SRP, or what the factor itself asks. */
export async function askChosen(
  call: Call,
  signIn: SignIn,
  given: { candidate: Candidate; chosen: FirstChallenge; parameters: Parameters },
): Promise<Asked> {
  const { candidate, chosen, parameters } = given;
  const srpA = parameters["SRP_A"];
  if (chosen === "PASSWORD" || (chosen === "PASSWORD_SRP" && !srpA)) {
    return { name: chosen, parameters: {}, available: [chosen] };
  }
  if (chosen === "PASSWORD_SRP") {
    return askForVerifier(call, signIn, { candidate, srpA: srpA ?? "" });
  }
  await requireEntry(call, signIn.pool, candidate);
  if (chosen === "WEB_AUTHN") return askForPasskey(call, signIn, candidate);
  const kind = chosen === "EMAIL_OTP" ? "email" : "phone_number";
  const attributes = canPass(signIn, candidate, chosen) ? candidate.user?.attributes : undefined;
  return askForCode(call, signIn, {
    name: chosen,
    role: "first",
    who: candidate,
    target: attributes && targetOf(attributes, kind),
  });
}
