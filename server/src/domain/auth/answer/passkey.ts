/** The answer to WEB_AUTHN: what an authenticator signed. */
import { incorrectUsernameOrPassword } from "../../../errors/cognito-idp.ts";
import type { Call } from "../../call.ts";
import { recordPasskeyUse, verifyAuthentication } from "../../passkeys/authenticate.ts";
import type { PasskeyState } from "../ask/passkey.ts";
import { requireCustomStanding, requireEntry } from "../candidate.ts";
import { type BaseState, takeOpenChallenge } from "../challenge.ts";
import { canPass } from "../first-factors.ts";
import { goOn } from "../go-on.ts";
import { withProof } from "../progress.ts";
import { type Given, type Outcome, requireParameter, type SignIn } from "../sign-in.ts";
import { decide, openAnswer } from "./open-answer.ts";

/** Takes the signature, once; a wrong one leaves the Session good, and of nobody every one is wrong. */
export async function answerPasskey(call: Call, signIn: SignIn, given: Given): Promise<Outcome> {
  const { pool } = signIn;
  const credential = requireParameter(given.parameters, "CREDENTIAL");
  const opened = await openAnswer<BaseState & PasskeyState>(call, signIn, {
    ...{ name: "WEB_AUTHN", given },
  });
  const { who, state } = opened;
  const { user } = who;
  await requireEntry(call, pool, who);
  const { expectedChallenge } = state;
  const use = await verifyAuthentication(call, pool, { user, expectedChallenge, credential });
  if (!use || !user || !canPass(signIn, who, "WEB_AUTHN")) throw incorrectUsernameOrPassword();
  await decide(call, async (trx) => {
    await takeOpenChallenge(trx, call, opened.challenge);
    const isFresh = await recordPasskeyUse(trx, call, { pool, use });
    return isFresh ? undefined : incorrectUsernameOrPassword();
  });
  requireCustomStanding(user);
  const proof = use.userVerified ? "WEB_AUTHN_VERIFIED" : "WEB_AUTHN";
  return goOn(call, signIn, { name: who.name, user, progress: withProof(state.progress, proof) });
}
