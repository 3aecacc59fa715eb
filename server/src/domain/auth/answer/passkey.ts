/** The answer to WEB_AUTHN: what an authenticator signed. */
import type { Call } from "../../call.ts";
import type { PasskeyState } from "../ask/passkey.ts";
import { type BaseState, takeOpenChallenge } from "../challenge.ts";
import { goOn } from "../go-on.ts";
import { withProof } from "../progress.ts";
import { provePasskey } from "../prove-passkey.ts";
import { type Given, type Outcome, requireParameter, type SignIn } from "../sign-in.ts";
import { openAnswer } from "./open-answer.ts";

/** Takes the signature, once; a wrong one leaves the Session good, and of nobody every one is wrong. */
export async function answerPasskey(call: Call, signIn: SignIn, given: Given): Promise<Outcome> {
  const credential = requireParameter(given.parameters, "CREDENTIAL");
  const opened = await openAnswer<BaseState & PasskeyState>(call, signIn, {
    ...{ name: "WEB_AUTHN", given },
  });
  const { who, state } = opened;
  const { user, proof } = await provePasskey(call, signIn, {
    ...{ who, credential, expectedChallenge: state.expectedChallenge },
    take: (trx) => takeOpenChallenge(trx, call, opened.challenge),
  });
  return goOn(call, signIn, { name: who.name, user, progress: withProof(state.progress, proof) });
}
