/** A sign-in that begins with a passkey, which says by itself whose it is (WebAuthn Level 3, conditional mediation). */
import { incorrectUsernameOrPassword } from "../../../errors/cognito-idp.ts";
import type { Db } from "../../../store/schema.ts";
import type { Call } from "../../call.ts";
import { ownerOfPasskey } from "../../passkeys/authenticate.ts";
import { checkSourceAddress } from "../../risk/source-address.ts";
import { functionOf } from "../../triggers/fire.ts";
import { firePreAuthentication } from "../../triggers/pre-authentication.ts";
import { candidateOf, requireEntry } from "../candidate.ts";
import { goOn } from "../go-on.ts";
import { beginProgress, withProof } from "../progress.ts";
import { provePasskey } from "../prove-passkey.ts";
import type { Outcome, SignIn } from "../sign-in.ts";

/** Signs in whoever the passkey belongs to, if it signed the challenge that the page was given. */
export async function beginByPasskey(
  call: Call,
  signIn: SignIn,
  given: { credential: string; expectedChallenge: string; take(trx: Db): Promise<unknown> },
): Promise<Outcome> {
  const { pool, client } = signIn;
  Object.assign(call.about.more, { authFlow: "USER_AUTH", challengeName: "WEB_AUTHN" });
  checkSourceAddress(call, signIn);
  const owner = await ownerOfPasskey(call, pool, given.credential);
  if (!owner) throw incorrectUsernameOrPassword();
  const who = candidateOf(call, pool, { name: owner.username, user: owner });
  if (functionOf(pool.settings.lambdaConfig, "PreAuthentication") !== undefined) {
    await requireEntry(call, pool, who);
    const { username: userName } = owner;
    await firePreAuthentication(call, {
      ...{ pool, client, user: owner, userName },
      validationData: undefined,
    });
  }
  const { user, proof } = await provePasskey(call, signIn, { ...given, who });
  const progress = withProof(beginProgress("USER_AUTH", { user }), proof);
  return goOn(call, signIn, { name: who.name, user, progress });
}
