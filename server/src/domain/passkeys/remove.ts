import { aliasExistsAtUpdate, passkeyNotFound } from "../../errors/cognito-idp.ts";
import { deletePasskey } from "../../store/passkeys.ts";
import type { UserCall } from "../call.ts";
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
    const { factors } = user;
    const change = { factors: { ...factors, passkeys: Math.max(0, factors.passkeys - 1) } };
    await storeChange(trx, call, { pool, user, change, aliasTaken: aliasExistsAtUpdate });
    await notify(trx, call, { pool, user, occasion: "factor-removed" });
  });
}
