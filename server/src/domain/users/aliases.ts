/** Which aliases a user's attributes give, and keeping the alias rows in step with them. */
import type { Db } from "../../store/schema.ts";
import { deleteUserAlias, findUserAlias, insertUserAlias } from "../../store/user-aliases.ts";
import { findUser, findUserByUsernameKey, updateUser } from "../../store/users.ts";
import type { AliasAttribute, UserPool } from "../pools/pool.ts";
import { foldKey } from "./fold-key.ts";
import { type User, userFromRow } from "./user.ts";

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

type AliasKey = { userPoolId: string; kind: AliasAttribute; foldKey: string };

/**
 * Moves the alias rows of a user from what one state gives to what another does. Answers the kind that another user
 * already holds, having changed nothing of that kind; the caller then gives up its transaction. With `takeOver` a proven
 * e-mail or phone alias changes its holder.
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
    const takeOver = change.takeOver === true && canBeTakenOver(pool, kind);
    const key = { userPoolId: pool.id, kind, foldKey };
    if (!(await giveAlias(trx, key, { userId, takeOver }))) return kind;
  }
  return undefined;
}

/** Gives the alias to the user; false when another has it and keeps it. */
async function giveAlias(
  trx: Db,
  key: AliasKey,
  { userId, takeOver }: { userId: string; takeOver: boolean },
): Promise<boolean> {
  const holderId = await findHolder(trx, key);
  if (holderId !== undefined && holderId !== userId) {
    if (!takeOver) return false;
    await releaseAlias(trx, key, holderId);
  }
  const { userPoolId, kind, foldKey } = key;
  return insertUserAlias(trx, {
    user_pool_id: userPoolId,
    kind,
    fold_key: foldKey,
    user_id: userId,
  });
}

/** Who is found by this alias; a preferred user name must not be another's user name either, which would win over it. */
async function findHolder(trx: Db, key: AliasKey): Promise<string | undefined> {
  const { userPoolId, kind, foldKey: usernameKey } = key;
  if (kind === "preferred_username") {
    const named = await findUserByUsernameKey(trx, { userPoolId, usernameKey });
    if (named) return named.id;
  }
  return (await findUserAlias(trx, key))?.user_id;
}

/** Only what a code can prove to be somebody's; where it is the user name itself, nobody else ever gets it. */
function canBeTakenOver(pool: UserPool, kind: AliasAttribute): boolean {
  const isUsername = pool.settings.usernameAttributes?.some((each) => each === kind) ?? false;
  return kind !== "preferred_username" && !isUsername;
}

/** Takes the alias from its holder, to whom the address no longer counts as verified. */
async function releaseAlias(trx: Db, key: AliasKey, holderId: string): Promise<void> {
  const { userPoolId, kind } = key;
  await deleteUserAlias(trx, { ...key, userId: holderId });
  const row = await findUser(trx, { userPoolId, id: holderId });
  if (!row) return;
  const attributes = { ...userFromRow(row).attributes, [`${kind}_verified`]: "false" };
  await updateUser(
    trx,
    { userPoolId, id: holderId },
    {
      // The transaction read the row itself, so nothing is lost; later, so that others notice.
      set: {
        attributes: JSON.stringify(attributes),
        modified_at_ms: row.modified_at_ms + 1,
      },
    },
  );
}
