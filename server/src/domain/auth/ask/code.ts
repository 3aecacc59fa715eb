/**
 * A code by e-mail or SMS: as the first factor of a choice-based sign-in (EMAIL_OTP, SMS_OTP; eight digits, as AWS's are),
 * as a second one (EMAIL_OTP, SMS_MFA; six), or to set e-mail up as one. What recognises it is sealed with the challenge.
 */
import { makeDigits } from "../../../lib/ids.ts";
import type { Call } from "../../call.ts";
import { countAttempt } from "../../codes/attempt-limits.ts";
import type { CodeTarget } from "../../codes/code.ts";
import { countMessage } from "../../limits/source-limits.ts";
import { composeSignInCode } from "../../messages/compose.ts";
import { type Dispatch, prepareDispatch } from "../../messages/dispatch.ts";
import { wordingFor } from "../../triggers/custom-message.ts";
import { maskDestination } from "../../users/contacts.ts";
import { signInNameOf } from "../../users/sign-in-name.ts";
import { standInFor } from "../../users/stand-in.ts";
import type { User } from "../../users/user.ts";
import type { Candidate } from "../candidate.ts";
import type { SignIn } from "../sign-in.ts";
import type { Asked } from "./ask.ts";

export type CodeChallengeName = "EMAIL_OTP" | "SMS_OTP" | "SMS_MFA";
export type CodeRole = "first" | "second" | "setup";

export type CodeState = {
  readonly role: CodeRole;
  readonly mac: string;
  readonly target: CodeTarget;
};

type Request = {
  readonly name: CodeChallengeName;
  readonly role: CodeRole;
  readonly who: Pick<Candidate, "name" | "user">;
  /** Where it goes; absent for nobody, or for a user who only seems to get one. */
  readonly target: CodeTarget | undefined;
};

/** Draws a code and prepares its message; where there is nobody to send it to, one that nobody gets. */
export async function askForCode(call: Call, signIn: SignIn, request: Request): Promise<Asked> {
  const { pool } = signIn;
  const { name, role, who } = request;
  const { user } = who;
  const standIn = standInFor(call, pool, who.name);
  const subject = user?.id ?? standIn.id;
  await countMessage(call);
  const action = role === "first" ? "send-sign-in-code" : "send-factor-code";
  await countAttempt(call, pool, { action, subject });
  const kind = name === "EMAIL_OTP" ? "email" : "phone_number";
  const target = request.target ?? standIn.contact([kind]);
  const code = makeDigits(call.random, role === "first" ? 8 : 6);
  const state: CodeState = { role, mac: macOfCode(call, code), target };
  return {
    name,
    state,
    dispatch: user && request.target && prepareMessage(call, signIn, { user, target, code }),
    ...(role === "first" ? { available: [name] } : {}),
    parameters: {
      CODE_DELIVERY_DELIVERY_MEDIUM: kind === "email" ? "EMAIL" : "SMS",
      CODE_DELIVERY_DESTINATION: maskDestination(target.attribute, target.destination),
      ...(user && role !== "first" ? { USER_ID_FOR_SRP: user.username } : {}),
    },
  };
}

/** What recognises a code; it is kept only under seal, in the challenge that the code is for. */
export function macOfCode({ vault }: Pick<Call, "vault">, code: string): string {
  return vault.macCode({ purpose: "sign-in", user: "" }, code);
}

function prepareMessage(
  call: Call,
  { pool, client }: SignIn,
  { user, target, code }: { user: User; target: CodeTarget; code: string },
): Dispatch {
  const username = signInNameOf(pool, user);
  const channel = target.attribute === "email" ? "email" : "sms";
  return prepareDispatch(call, {
    pool,
    client,
    userId: user.id,
    message: composeSignInCode(pool, { channel, to: target.destination, code, username }),
    wording: wordingFor(call, { pool, client, user, occasion: "Authentication", username }),
  });
}
