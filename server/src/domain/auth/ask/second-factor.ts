/** Asking for a second factor: which one, a code of it, or to set one up. */
import type { Call } from "../../call.ts";
import type { MfaFactor } from "../../mfa/factors.ts";
import { friendlyNameOf } from "../../mfa/software-token.ts";
import { targetOf } from "../../users/contacts.ts";
import type { User } from "../../users/user.ts";
import type { SignIn } from "../sign-in.ts";
import type { Asked, Asking } from "./ask.ts";
import { askForCode } from "./code.ts";

/** Whom a second factor is asked of: somebody who proved the first. */
export type Passing = Asking & { readonly who: { readonly name: string; readonly user: User } };

/** Asks for a code of this factor. */
export async function askForFactor(
  call: Call,
  signIn: SignIn,
  { who, factor }: Pick<Passing, "who"> & { factor: MfaFactor },
): Promise<Asked> {
  if (factor === "SOFTWARE_TOKEN_MFA") return askForTotp(call, signIn, who.user);
  const target = targetOf(who.user.attributes, factor === "SMS_MFA" ? "phone_number" : "email");
  return askForCode(call, signIn, { name: factor, role: "second", who, target });
}

async function askForTotp(call: Call, { pool }: SignIn, user: User): Promise<Asked> {
  const friendlyName = await friendlyNameOf(call.db, { pool, user });
  return {
    name: "SOFTWARE_TOKEN_MFA",
    parameters: {
      USER_ID_FOR_SRP: user.username,
      ...(friendlyName === undefined ? {} : { FRIENDLY_DEVICE_NAME: friendlyName }),
    },
  };
}

/** Asks which of several factors it should be. */
export function askWhichFactor(user: User, factors: readonly MfaFactor[]): Asked {
  return {
    name: "SELECT_MFA_TYPE",
    parameters: { USER_ID_FOR_SRP: user.username, MFAS_CAN_CHOOSE: JSON.stringify(factors) },
  };
}

/** Asks a user without any factor to set one up. */
export function askToSetUp(user: User, factors: readonly MfaFactor[]): Asked {
  return {
    name: "MFA_SETUP",
    parameters: { USER_ID_FOR_SRP: user.username, MFAS_CAN_SETUP: JSON.stringify(factors) },
  };
}
