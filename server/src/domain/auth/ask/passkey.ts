/** WEB_AUTHN: a passkey of the user's must sign a challenge on a page of the relying party. */
import type { Call } from "../../call.ts";
import { makeAuthentication } from "../../passkeys/authenticate.ts";
import type { Candidate } from "../candidate.ts";
import type { SignIn } from "../sign-in.ts";
import type { Asked } from "./ask.ts";

export type PasskeyState = { readonly expectedChallenge: string };

/** Asks for a signature by a passkey; of nobody too, where the client hides who exists. */
export async function askForPasskey(
  call: Call,
  signIn: SignIn,
  { user }: Pick<Candidate, "user">,
): Promise<Asked> {
  const challenge = call.random.bytes(32).toString("base64url");
  const options = await makeAuthentication(call, signIn, { user, challenge });
  const state: PasskeyState = { expectedChallenge: challenge };
  return {
    name: "WEB_AUTHN",
    state,
    available: ["WEB_AUTHN"],
    parameters: { CREDENTIAL_REQUEST_OPTIONS: options },
  };
}
