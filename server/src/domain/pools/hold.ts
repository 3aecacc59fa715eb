import { userPoolNotFound } from "../../errors/cognito-idp.ts";
import type { Db } from "../../store/schema.ts";
import { updateUserPool } from "../../store/user-pools.ts";

/**
 * Makes this transaction meet every other one that holds the pool, or changes it: what is counted or compared after this
 * cannot become untrue before the commit. Throws AWS's refusal for a pool that is gone.
 */
export async function holdPool(trx: Db, id: string): Promise<void> {
  if (!(await updateUserPool(trx, id, { set: { id } }))) throw userPoolNotFound(id);
}
