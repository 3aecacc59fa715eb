import { changeOne, deleteAll, insertOne } from "./atomic.ts";
import type { Changes, Db, NewRow, Row } from "./schema.ts";

export type GroupRow = Row<"groups">;

type GroupKey = { userPoolId: string; name: string };

/** Adds a group; false when the pool has one of that name. */
export async function insertGroup(db: Db, group: NewRow<"groups">): Promise<boolean> {
  return await insertOne(db.insertInto("groups").values(group));
}

/** Finds a group. */
export async function findGroup(
  db: Db,
  { userPoolId, name }: GroupKey,
): Promise<GroupRow | undefined> {
  return await db
    .selectFrom("groups")
    .selectAll()
    .where("user_pool_id", "=", userPoolId)
    .where("name", "=", name)
    .executeTakeFirst();
}

/** Sets columns of a group; false when there is none. */
export async function updateGroup(
  db: Db,
  { userPoolId, name }: GroupKey,
  set: Changes<"groups">,
): Promise<boolean> {
  return await changeOne(
    db
      .updateTable("groups")
      .set(set)
      .where("user_pool_id", "=", userPoolId)
      .where("name", "=", name),
  );
}

/** Removes the group's own row; its members go by deleteMembersOfNoGroup. */
export async function deleteGroup(db: Db, { userPoolId, name }: GroupKey): Promise<boolean> {
  const deleted = await deleteAll(
    db.deleteFrom("groups").where("user_pool_id", "=", userPoolId).where("name", "=", name),
  );
  return deleted > 0;
}

/** The groups of a pool, by name. */
export async function pageGroups(
  db: Db,
  page: { userPoolId: string; after?: string | undefined; limit: number },
): Promise<GroupRow[]> {
  return await db
    .selectFrom("groups")
    .selectAll()
    .where("user_pool_id", "=", page.userPoolId)
    .where("name", ">", page.after ?? "")
    .orderBy("name")
    .limit(page.limit)
    .execute();
}

/** How many groups a pool has. */
export async function countGroups(db: Db, userPoolId: string): Promise<number> {
  const { count } = await db
    .selectFrom("groups")
    .select((eb) => eb.fn.countAll<number>().as("count"))
    .where("user_pool_id", "=", userPoolId)
    .executeTakeFirstOrThrow();
  return count;
}
