/** Finding the user that a request names: by user name, by `sub`, or by an alias that the pool accepts. */

import { userNotFound } from "../../errors/cognito-idp.ts";
import type { Db } from "../../store/schema.ts";
import { findUserAlias } from "../../store/user-aliases.ts";
import { findUser as findRow, findUserByUsernameKey } from "../../store/users.ts";
import type { Call } from "../call.ts";
import type { UserPool } from "../pools/pool.ts";
import { foldKey } from "./names.ts";
import { type User, userFromRow } from "./user.ts";

/** The kinds of alias by which users of this pool may be named. */
function aliasKinds(pool: UserPool): readonly string[] {
  return [...(pool.settings.usernameAttributes ?? []), ...(pool.settings.aliasAttributes ?? [])];
}

/** The user of this name, `sub` or alias. A user name wins over a `sub`, and both over another's alias. */
export async function findUser(db: Db, pool: UserPool, name: string): Promise<User | undefined> {
  const userPoolId = pool.id;
  const usernameKey = foldKey(pool, name);
  const named =
    (await findUserByUsernameKey(db, { userPoolId, usernameKey })) ??
    (await findRow(db, { userPoolId, id: name }));
  if (named) return userFromRow(named);
  for (const kind of aliasKinds(pool)) {
    const alias = await findUserAlias(db, { userPoolId, kind, foldKey: usernameKey });
    const row = alias && (await findRow(db, { userPoolId, id: alias.user_id }));
    if (row) return userFromRow(row);
  }
  return undefined;
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
