/** The proof by a passkey, for whoever is known by name and for whoever the passkey itself names. */
import { incorrectUsernameOrPassword } from "../../errors/cognito-idp.ts";
import type { Db } from "../../store/schema.ts";
import type { Call } from "../call.ts";
import { recordPasskeyUse, verifyAuthentication } from "../passkeys/authenticate.ts";
import type { User } from "../users/user.ts";
import { decide } from "./answer/open-answer.ts";
import { type Candidate, requireCustomStanding, requireEntry } from "./candidate.ts";
import { canPass } from "./first-factors.ts";
import type { Proof } from "./progress.ts";
import type { SignIn } from "./sign-in.ts";

/** Takes a signature, once; of nobody every one is wrong, and a wrong one takes nothing. */
export async function provePasskey(
  call: Call,
  signIn: SignIn,
  given: {
    who: Candidate;
    expectedChallenge: string;
    credential: string;
    /** Takes the challenge, in the transaction that counts the signature. */
    take(trx: Db): Promise<unknown>;
  },
): Promise<{ user: User; proof: Proof }> {
  const { pool } = signIn;
  const { who, expectedChallenge, credential } = given;
  const { user } = who;
  await requireEntry(call, pool, who);
  const use = await verifyAuthentication(call, pool, { user, expectedChallenge, credential });
  if (!use || !user || !canPass(signIn, who, "WEB_AUTHN")) throw incorrectUsernameOrPassword();
  await decide(call, async (trx) => {
    await given.take(trx);
    const isFresh = await recordPasskeyUse(trx, call, { pool, use });
    return isFresh ? undefined : incorrectUsernameOrPassword();
  });
  requireCustomStanding(user);
  return { user, proof: use.userVerified ? "WEB_AUTHN_VERIFIED" : "WEB_AUTHN" };
}
