import { deleteAll, insertOne } from "./atomic.ts";
import type { Db, NewRow, Row } from "./schema.ts";
import { statement } from "./statement.ts";

export type UserAliasRow = Row<"user_aliases">;

type AliasKey = { userPoolId: string; kind: string; foldKey: string };

const find = statement<AliasKey>()((db, { userPoolId, kind, foldKey }) =>
  db
    .selectFrom("user_aliases")
    .selectAll()
    .where("user_pool_id", "=", userPoolId)
    .where("kind", "=", kind)
    .where("fold_key", "=", foldKey),
);

/** Gives an alias to a user; false when it is taken in the pool, be it by the same user. */
export async function insertUserAlias(db: Db, alias: NewRow<"user_aliases">): Promise<boolean> {
  return await insertOne(db.insertInto("user_aliases").values(alias));
}

/** Finds who has an alias. */
export async function findUserAlias(db: Db, key: AliasKey): Promise<UserAliasRow | undefined> {
  return (await find(db, key)).rows[0];
}

/** Takes an alias from a user; false when the user does not have it. */
export async function deleteUserAlias(
  db: Db,
  alias: AliasKey & { userId: string },
): Promise<boolean> {
  const deleted = await deleteAll(
    db
      .deleteFrom("user_aliases")
      .where("user_pool_id", "=", alias.userPoolId)
      .where("kind", "=", alias.kind)
      .where("fold_key", "=", alias.foldKey)
      .where("user_id", "=", alias.userId),
  );
  return deleted > 0;
}

/** Takes all aliases from a user; tells how many there were. */
export async function deleteUserAliases(
  db: Db,
  { userPoolId, userId }: { userPoolId: string; userId: string },
): Promise<number> {
  return await deleteAll(
    db
      .deleteFrom("user_aliases")
      .where("user_pool_id", "=", userPoolId)
      .where("user_id", "=", userId),
  );
}
