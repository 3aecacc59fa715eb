import { accountWithAliasExists } from "../../errors/cognito-idp.ts";
import type { Db } from "../../store/schema.ts";
import type { Call } from "../call.ts";
import type { UserPool } from "../pools/pool.ts";
import { signOutEverywhere } from "../tokens/revoke.ts";
import { readAnew, storeChange } from "./change.ts";
import type { User } from "./user.ts";

type Given = { readonly pool: UserPool; readonly user: User };

/** Lets a user sign in again, in the transaction of the call. */
export async function enableUser(trx: Db, call: Call, given: Given): Promise<void> {
  await setEnabled(trx, call, { ...given, enabled: true });
}

/** Bars a user, in the transaction of the call: every sign-in ends and no new one begins. */
export async function disableUser(trx: Db, call: Call, given: Given): Promise<void> {
  await setEnabled(trx, call, { ...given, enabled: false });
  await signOutEverywhere(trx, call, given.user);
}

async function setEnabled(
  trx: Db,
  call: Call,
  { pool, user, enabled }: Given & { enabled: boolean },
): Promise<void> {
  await storeChange(trx, call, {
    pool,
    user: await readAnew(trx, pool, user),
    change: { enabled },
    aliasTaken: accountWithAliasExists,
  });
}
