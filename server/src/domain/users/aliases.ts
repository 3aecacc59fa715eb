/** Which aliases a user's attributes give, and keeping the alias rows in step with them. */
import type { Db } from "../../store/schema.ts";
import { deleteUserAlias, findUserAlias, insertUserAlias } from "../../store/user-aliases.ts";
import type { AliasAttribute, UserPool } from "../pools/pool.ts";
import { foldKey } from "./names.ts";
import type { User } from "./user.ts";

type Standing = Pick<User, "status" | "attributes">;

/**
 * The aliases that a user in this state holds, by kind. E-mail and phone number as user names hold from the first
 * moment, verified or not; as aliases only once verified, and the preferred user name only after confirmation.
 */
export function aliasesOf(pool: UserPool, user: Standing): Map<AliasAttribute, string> {
  const aliases = new Map<AliasAttribute, string>();
  for (const kind of pool.settings.usernameAttributes ?? []) {
    const value = user.attributes[kind];
    if (value) aliases.set(kind, foldKey(pool, value));
  }
  for (const kind of pool.settings.aliasAttributes ?? []) {
    const value = user.attributes[kind];
    if (value && holdsAlias(kind, user)) aliases.set(kind, foldKey(pool, value));
  }
  return aliases;
}

function holdsAlias(kind: AliasAttribute, user: Standing): boolean {
  if (kind === "preferred_username") return user.status !== "UNCONFIRMED";
  return user.attributes[`${kind}_verified`] === "true";
}

/**
 * Moves the alias rows of a user from what one state gives to what another does. Answers the kind that another user
 * already holds, having changed nothing of that kind; the caller then gives up its transaction.
 */
export async function moveAliases(
  trx: Db,
  pool: UserPool,
  change: { userId: string; from?: Standing; to: Standing; takeOver?: boolean },
): Promise<AliasAttribute | undefined> {
  const before = change.from ? aliasesOf(pool, change.from) : new Map<AliasAttribute, string>();
  const after = aliasesOf(pool, change.to);
  const { userId } = change;
  for (const [kind, foldKey] of before) {
    if (after.get(kind) !== foldKey) {
      await deleteUserAlias(trx, { userPoolId: pool.id, kind, foldKey, userId });
    }
  }
  for (const [kind, foldKey] of after) {
    if (before.get(kind) === foldKey) continue;
    const key = { userPoolId: pool.id, kind, foldKey };
    const holder = await findUserAlias(trx, key);
    if (holder && holder.user_id !== userId) {
      if (!change.takeOver) return kind;
      await deleteUserAlias(trx, { ...key, userId: holder.user_id });
    }
    const row = { user_pool_id: pool.id, kind, fold_key: foldKey, user_id: userId };
    if (!(await insertUserAlias(trx, row))) return kind;
  }
  return undefined;
}
