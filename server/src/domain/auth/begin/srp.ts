/** USER_SRP_AUTH: begins with A, and never sees the password. */
import type { Call } from "../../call.ts";
import { ask } from "../ask/ask.ts";
import { askForVerifier } from "../ask/srp.ts";
import { approach } from "../candidate.ts";
import { beginProgress } from "../progress.ts";
import {
  type Given,
  namedDevice,
  type Outcome,
  requireParameter,
  requireUsername,
  type SignIn,
} from "../sign-in.ts";

export async function beginBySrp(
  call: Call,
  signIn: SignIn,
  { parameters }: Given,
): Promise<Outcome> {
  requireUsername(parameters);
  const srpA = requireParameter(parameters, "SRP_A");
  const candidate = await approach(call, signIn, { parameters });
  const progress = beginProgress("USER_SRP_AUTH", {
    user: candidate.user,
    ...namedDevice(parameters),
  });
  const asked = askForVerifier(call, signIn, { candidate, srpA });
  return ask(call, signIn, { who: candidate, progress, asked });
}
