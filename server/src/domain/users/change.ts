/** Changing a user from what the transaction itself read, so that no change made meanwhile is lost. */
import { concurrentModification, userNotFound } from "../../errors/cognito-idp.ts";
import type { ServiceError } from "../../errors/service-error.ts";
import type { Db } from "../../store/schema.ts";
import type { Call } from "../call.ts";
import type { AliasAttribute, UserPool } from "../pools/pool.ts";
import { findUserBySub } from "./find.ts";
import type { User } from "./user.ts";
import { changeUser, type UserChange } from "./write.ts";

/** The user as the transaction sees it; throws when it was deleted meanwhile. */
export async function readAnew(trx: Db, pool: UserPool, user: Pick<User, "id">): Promise<User> {
  const current = await findUserBySub(trx, pool, user.id);
  if (!current) throw userNotFound();
  return current;
}

/**
 * Stores a change of a user that this transaction read; throws `aliasTaken` where another user holds an alias that it
 * would give. On PostgreSQL a change that slipped in between runs the transaction again, on SQLite none can.
 */
export async function storeChange(
  trx: Db,
  call: Call,
  given: {
    pool: UserPool;
    user: User;
    change: UserChange;
    takeOverAliases?: boolean;
    aliasTaken: (kind: AliasAttribute) => ServiceError;
  },
): Promise<void> {
  const { pool, user, change, takeOverAliases = false } = given;
  const nowMs = call.clock.now();
  const conflict = await changeUser(trx, pool, { user, change, nowMs, takeOverAliases });
  if (conflict === "changed") throw concurrentModification();
  if (conflict) throw given.aliasTaken(conflict);
}
