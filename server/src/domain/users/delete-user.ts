import { userNotFound } from "../../errors/cognito-idp.ts";
import { insertDeletion } from "../../store/deletions.ts";
import type { Db } from "../../store/schema.ts";
import { deleteUserAliases } from "../../store/user-aliases.ts";
import { deleteUser as deleteRow } from "../../store/users.ts";
import type { Call } from "../call.ts";
import { signOutEverywhere } from "../tokens/revoke.ts";
import type { User } from "./user.ts";

/**
 * Deletes a user in the transaction of the call: the names are free and every token is dead at once; the purge removes
 * what else is stored of the user. Of several at once one deletes, the others learn that there is no such user.
 */
export async function deleteUser(trx: Db, call: Call, user: User): Promise<void> {
  const { userPoolId, id } = user;
  await signOutEverywhere(trx, call, user);
  await deleteUserAliases(trx, { userPoolId, userId: id });
  if (!(await deleteRow(trx, { userPoolId, id }))) throw userNotFound();
  await insertDeletion(trx, {
    id: call.random.uuid(),
    user_pool_id: userPoolId,
    user_id: id,
    created_at_ms: call.clock.now(),
  });
}
