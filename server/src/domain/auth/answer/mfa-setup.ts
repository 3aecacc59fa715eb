/**
 * MFA_SETUP: a user who must have a second factor and has none sets one up on the way in. An authenticator app by
 * AssociateSoftwareToken and VerifySoftwareToken with the Session of each step; e-mail by an address that gets a code.
 */
import { invalidParameter, invalidSession } from "../../../errors/cognito-idp.ts";
import type { Db } from "../../../store/schema.ts";
import type { Call } from "../../call.ts";
import { requireConforming, requireWritable } from "../../users/attributes.ts";
import type { User } from "../../users/user.ts";
import { ask } from "../ask/ask.ts";
import { askForCode } from "../ask/code.ts";
import { takeOpenChallenge } from "../challenge.ts";
import { goOn } from "../go-on.ts";
import { activeFactors, allowedFactors } from "../mfa-decision.ts";
import { hasProved } from "../progress.ts";
import { type Given, type Outcome, requireParameter, type SignIn } from "../sign-in.ts";
import { type Opened, openAnswer, requireStanding } from "./open-answer.ts";

/** Goes on once an app was proved, or sends a code to the address that shall be the factor. */
export async function answerMfaSetup(call: Call, signIn: SignIn, given: Given): Promise<Outcome> {
  const opened = await openAnswer(call, signIn, { name: "MFA_SETUP", given });
  const user = requireStanding(opened);
  const { progress } = opened.state;
  if (hasProved(progress, "SOFTWARE_TOKEN_MFA")) {
    await takeOpenChallenge(call.db, call, opened.challenge);
    return goOn(call, signIn, { name: opened.who.name, user, progress });
  }
  if (given.parameters["EMAIL"] === undefined) {
    throw invalidParameter(
      "Set a factor up first: AssociateSoftwareToken and VerifySoftwareToken with this Session, or EMAIL in the answer.",
    );
  }
  return setUpEmail(call, signIn, { opened, user, given });
}

async function setUpEmail(
  call: Call,
  signIn: SignIn,
  { opened, user, given }: { opened: Opened; user: User; given: Given },
): Promise<Outcome> {
  const { pool, client } = signIn;
  const email = requireParameter(given.parameters, "EMAIL");
  requireSetUp(signIn, user);
  if (!allowedFactors(pool).includes("EMAIL_OTP") || user.attributes["email"]) {
    throw invalidParameter("EMAIL is not among MFAS_CAN_SETUP.");
  }
  requireWritable(pool, client, ["email"]);
  requireConforming(pool, { email });
  const who = { name: opened.who.name, user };
  const target = { attribute: "email", destination: email } as const;
  const asked = await askForCode(call, signIn, { name: "EMAIL_OTP", role: "setup", who, target });
  return ask(call, signIn, {
    ...{ who, progress: opened.state.progress, asked },
    settle: (trx: Db) => takeOpenChallenge(trx, call, opened.challenge),
  });
}

/** Refuses to set up another factor for whoever has one: that one must be passed, not replaced. */
export function requireSetUp({ pool }: SignIn, user: User): void {
  if (activeFactors(pool, user).length > 0) throw invalidSession();
}
