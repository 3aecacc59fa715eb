import { aliasExistsAtUpdate, passkeyNotFound } from "../../errors/cognito-idp.ts";
import { deletePasskey } from "../../store/passkeys.ts";
import type { UserCall } from "../call.ts";
import type { UserFactors } from "../mfa/factors.ts";
import { readAnew, storeChange } from "../users/change.ts";
import { notify } from "../users/notify.ts";
import { requireSettled } from "../users/settled.ts";

/** Removes a passkey of the caller; from then on it signs nobody in, not even a sign-in that is under way. */
export async function removePasskey(call: UserCall, credentialId: string): Promise<void> {
  const { pool } = call;
  requireSettled(call.user);
  await call.change(async (trx) => {
    const user = await readAnew(trx, pool, call.user);
    requireSettled(user);
    const key = { userPoolId: pool.id, userId: user.id, credentialId };
    if (!(await deletePasskey(trx, key))) throw passkeyNotFound();
    const change = { factors: withOnePasskeyLess(user.factors) };
    await storeChange(trx, call, { pool, user, change, aliasTaken: aliasExistsAtUpdate });
    await notify(trx, call, { pool, user, occasion: "factor-removed" });
  });
}

/** Where the last one goes, passkeys no longer count as both factors: who asked for it did so of those they had. */
function withOnePasskeyLess(factors: UserFactors): UserFactors {
  const passkeys = Math.max(0, factors.passkeys - 1);
  return { ...factors, passkeys, webAuthnMfa: factors.webAuthnMfa && passkeys > 0 };
}
