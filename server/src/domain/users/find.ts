/** Finding the user that a request names: by user name, by `sub`, or by an alias that the pool accepts. */

import { userNotFound } from "../../errors/cognito-idp.ts";
import type { Db } from "../../store/schema.ts";
import { findUserAlias } from "../../store/user-aliases.ts";
import { findUser as findRow, findUserByUsernameKey } from "../../store/users.ts";
import type { Call } from "../call.ts";
import type { UserPool } from "../pools/pool.ts";
import { foldKey } from "./fold-key.ts";
import { type User, userFromRow } from "./user.ts";

/** The kinds of alias by which users of this pool may be named. */
function aliasKinds(pool: UserPool): readonly string[] {
  return [...(pool.settings.usernameAttributes ?? []), ...(pool.settings.aliasAttributes ?? [])];
}

/**
 * The user of this name, `sub` or alias. A user name wins over a `sub`, and both over another's alias. It reads as often
 * for a name that nobody has as for any other, so that an answer's time does not tell them apart.
 */
export async function findUser(db: Db, pool: UserPool, name: string): Promise<User | undefined> {
  const userPoolId = pool.id;
  const usernameKey = foldKey(pool, name);
  const byName = await findUserByUsernameKey(db, { userPoolId, usernameKey });
  const bySub = await findRow(db, { userPoolId, id: name });
  let holder: string | undefined;
  for (const kind of aliasKinds(pool)) {
    const alias = await findUserAlias(db, { userPoolId, kind, foldKey: usernameKey });
    holder ??= alias?.user_id;
  }
  const byAlias = await findRow(db, { userPoolId, id: holder ?? name });
  const row = byName ?? bySub ?? byAlias;
  return row && userFromRow(row);
}

/** The user of this `sub`. */
export async function findUserBySub(
  db: Db,
  pool: UserPool,
  sub: string,
): Promise<User | undefined> {
  const row = await findRow(db, { userPoolId: pool.id, id: sub });
  return row && userFromRow(row);
}

/** The user of an administrator's call, noted for its audit row; these never hide that a user is unknown. */
export async function loadUser(call: Call, pool: UserPool, name: string): Promise<User> {
  const user = await findUser(call.db, pool, name);
  if (!user) throw userNotFound();
  call.about.sub = user.id;
  return user;
}
