import { setImmediate as letOthersRun } from "node:timers/promises";
import { sql } from "kysely";
import { deleteAll, insertOne } from "./atomic.ts";
import type { GroupRow } from "./groups.ts";
import type { Db, NewRow } from "./schema.ts";
import { statement } from "./statement.ts";
import type { UserRow } from "./users.ts";

/** Short statements: a group may hold every user of a pool, and SQLite has one writer. */
const BATCH_ROWS = 500;

type MemberKey = { userPoolId: string; groupName: string; userId: string };

type PageOfUser = { userPoolId: string; userId: string; after: string; limit: number };

const pageOfUser = statement<PageOfUser>()((db, { userPoolId, userId, after, limit }) =>
  db
    .selectFrom("group_members as member")
    .innerJoin("groups as group", (join) =>
      join
        .onRef("group.user_pool_id", "=", "member.user_pool_id")
        .onRef("group.name", "=", "member.group_name"),
    )
    .selectAll("group")
    .where("member.user_pool_id", "=", userPoolId)
    .where("member.user_id", "=", userId)
    .where("member.group_name", ">", after)
    .orderBy("member.group_name")
    // SQLite prepares a statement anew at every run whose limit is a parameter by itself.
    .limit(sql<number>`${limit} + 0`),
);

/** Puts a user into a group; false when the user is in it already. */
export async function insertGroupMember(db: Db, member: NewRow<"group_members">): Promise<boolean> {
  return await insertOne(db.insertInto("group_members").values(member));
}

/** Takes a user out of a group; false when the user is not in it. */
export async function deleteGroupMember(db: Db, key: MemberKey): Promise<boolean> {
  const deleted = await deleteAll(
    db
      .deleteFrom("group_members")
      .where("user_pool_id", "=", key.userPoolId)
      .where("group_name", "=", key.groupName)
      .where("user_id", "=", key.userId),
  );
  return deleted > 0;
}

/**
 * Removes the members that a deleted group left behind; those of a group that is there stay. Takes the store's own
 * `db`: each batch commits by itself, so it may be stopped at any point and run again.
 */
export async function deleteMembersOfNoGroup(
  db: Db,
  { userPoolId, groupName }: { userPoolId: string; groupName: string },
): Promise<void> {
  const group = db
    .selectFrom("groups")
    .select("name")
    .where("user_pool_id", "=", userPoolId)
    .where("name", "=", groupName);
  const leftBehind = db
    .selectFrom("group_members")
    .select("user_id")
    .where("user_pool_id", "=", userPoolId)
    .where("group_name", "=", groupName)
    .where((eb) => eb.not(eb.exists(group)));
  for (;;) {
    await deleteAll(
      db
        .deleteFrom("group_members")
        .where("user_pool_id", "=", userPoolId)
        .where("group_name", "=", groupName)
        .where("user_id", "in", leftBehind.limit(BATCH_ROWS)),
    );
    // Not told by the number of rows that went: another process may have taken this batch, not the next.
    if (!(await leftBehind.limit(1).executeTakeFirst())) return;
    await letOthersRun();
  }
}

/** The users in a group, by `sub`. */
export async function pageUsersInGroup(
  db: Db,
  page: { userPoolId: string; groupName: string; after?: string | undefined; limit: number },
): Promise<UserRow[]> {
  return await db
    .selectFrom("group_members as member")
    .innerJoin("users as user", (join) =>
      join
        .onRef("user.user_pool_id", "=", "member.user_pool_id")
        .onRef("user.id", "=", "member.user_id"),
    )
    .selectAll("user")
    .where("member.user_pool_id", "=", page.userPoolId)
    .where("member.group_name", "=", page.groupName)
    .where("member.user_id", ">", page.after ?? "")
    .orderBy("member.user_id")
    .limit(page.limit)
    .execute();
}

/** The groups that a user is in, by name. */
export async function pageGroupsOfUser(
  db: Db,
  page: { userPoolId: string; userId: string; after?: string | undefined; limit: number },
): Promise<GroupRow[]> {
  const { userPoolId, userId, after = "", limit } = page;
  return [...(await pageOfUser(db, { userPoolId, userId, after, limit })).rows];
}
