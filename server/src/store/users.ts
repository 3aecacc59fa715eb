import { changeOne, deleteAll, insertOne } from "./atomic.ts";
import type { Changes, Db, NewRow, Row } from "./schema.ts";
import { statement } from "./statement.ts";

export type UserRow = Row<"users">;

type UserKey = { userPoolId: string; id: string };

const find = statement<UserKey>()((db, { userPoolId, id }) =>
  db.selectFrom("users").selectAll().where("user_pool_id", "=", userPoolId).where("id", "=", id),
);

type UsernameKey = { userPoolId: string; usernameKey: string };

const findByUsernameKey = statement<UsernameKey>()((db, { userPoolId, usernameKey }) =>
  db
    .selectFrom("users")
    .selectAll()
    .where("user_pool_id", "=", userPoolId)
    .where("username_key", "=", usernameKey),
);

/** Adds a user; false when the `sub` or the user name is taken in the pool. */
export async function insertUser(db: Db, user: NewRow<"users">): Promise<boolean> {
  return await insertOne(db.insertInto("users").values(user));
}

/** Finds a user by `sub`. */
export async function findUser(db: Db, key: UserKey): Promise<UserRow | undefined> {
  return (await find(db, key)).rows[0];
}

/** Finds a user by the fold key of the user name; aliases are in user-aliases. */
export async function findUserByUsernameKey(
  db: Db,
  key: UsernameKey,
): Promise<UserRow | undefined> {
  return (await findByUsernameKey(db, key)).rows[0];
}

/** Sets columns of a user, if the row also looks as `where` says; false when not, and nothing changed. */
export async function updateUser(
  db: Db,
  { userPoolId, id }: UserKey,
  change: { set: Changes<"users">; where?: Partial<UserRow> },
): Promise<boolean> {
  return await changeOne(
    db
      .updateTable("users")
      .set(change.set)
      .where("user_pool_id", "=", userPoolId)
      .where("id", "=", id)
      .where((eb) => eb.and(change.where ?? {})),
  );
}

/** Lets no other transaction that holds this user go on at the same time; what is read after it is up to date. */
export async function holdUser(db: Db, { userPoolId, id }: UserKey): Promise<void> {
  await db
    .updateTable("users")
    .set((eb) => ({ enabled: eb.ref("enabled") }))
    .where("user_pool_id", "=", userPoolId)
    .where("id", "=", id)
    .execute();
}

/** Removes the user's own row, which frees the name; what else belongs to the user goes by deletions. */
export async function deleteUser(db: Db, { userPoolId, id }: UserKey): Promise<boolean> {
  const deleted = await deleteAll(
    db.deleteFrom("users").where("user_pool_id", "=", userPoolId).where("id", "=", id),
  );
  return deleted > 0;
}

/** The users of a pool, oldest first. */
export async function pageUsers(
  db: Db,
  page: {
    userPoolId: string;
    after?: { createdAtMs: number; id: string } | undefined;
    limit: number;
  },
): Promise<UserRow[]> {
  const { after } = page;
  return await db
    .selectFrom("users")
    .selectAll()
    .where("user_pool_id", "=", page.userPoolId)
    .$if(after !== undefined, (query) =>
      query.where((eb) =>
        eb(
          eb.refTuple("created_at_ms", "id"),
          ">",
          eb.tuple(after?.createdAtMs ?? 0, after?.id ?? ""),
        ),
      ),
    )
    .orderBy("created_at_ms")
    .orderBy("id")
    .limit(page.limit)
    .execute();
}

type PageById = { userPoolId: string; after?: string | undefined; limit: number };

/** The users of a pool that have a status, by `sub`. */
export async function pageUsersByStatus(
  db: Db,
  page: PageById & { status: string },
): Promise<UserRow[]> {
  return await usersById(db, page).where("status", "=", page.status).execute();
}

/** The enabled or the disabled users of a pool, by `sub`. */
export async function pageUsersByEnabled(
  db: Db,
  page: PageById & { enabled: boolean },
): Promise<UserRow[]> {
  return await usersById(db, page)
    .where("enabled", "=", page.enabled ? 1 : 0)
    .execute();
}

/** The users whose `sub` starts with a prefix, by `sub`. */
export async function pageUsersByIdPrefix(
  db: Db,
  page: PageById & { prefix: string },
): Promise<UserRow[]> {
  return await usersById(db, page)
    .where("id", ">=", page.prefix)
    .where("id", "<", afterPrefix(page.prefix))
    .execute();
}

function usersById(db: Db, page: PageById) {
  return db
    .selectFrom("users")
    .selectAll()
    .where("user_pool_id", "=", page.userPoolId)
    .where("id", ">", page.after ?? "")
    .orderBy("id")
    .limit(page.limit);
}

/** The users whose user name's fold key starts with a prefix, by that key; `after` is such a key. */
export async function pageUsersByUsernamePrefix(
  db: Db,
  page: PageById & { prefix: string },
): Promise<UserRow[]> {
  return await db
    .selectFrom("users")
    .selectAll()
    .where("user_pool_id", "=", page.userPoolId)
    .where("username_key", ">=", page.prefix)
    .where("username_key", "<", afterPrefix(page.prefix))
    .where("username_key", ">", page.after ?? "")
    .orderBy("username_key")
    .limit(page.limit)
    .execute();
}

/** The users who have an attribute with a value, or with a prefix of it, by value and then `sub`. */
export async function pageUsersByAttribute(
  db: Db,
  page: {
    userPoolId: string;
    name: string;
    match: { value: string } | { prefix: string };
    after?: { value: string; id: string } | undefined;
    limit: number;
  },
): Promise<(UserRow & { value: string })[]> {
  const { match, after } = page;
  return await db
    .selectFrom("user_attributes as attribute")
    .innerJoin("users as user", (join) =>
      join
        .onRef("user.user_pool_id", "=", "attribute.user_pool_id")
        .onRef("user.id", "=", "attribute.user_id"),
    )
    .selectAll("user")
    .select("attribute.value")
    .where("attribute.user_pool_id", "=", page.userPoolId)
    .where("attribute.name", "=", page.name)
    .where((eb) =>
      "value" in match
        ? eb("attribute.value", "=", match.value)
        : eb.and([
            eb("attribute.value", ">=", match.prefix),
            eb("attribute.value", "<", afterPrefix(match.prefix)),
          ]),
    )
    .$if(after !== undefined, (query) =>
      query.where((eb) =>
        eb(
          eb.refTuple("attribute.value", "attribute.user_id"),
          ">",
          eb.tuple(after?.value ?? "", after?.id ?? ""),
        ),
      ),
    )
    .orderBy("attribute.value")
    .orderBy("attribute.user_id")
    .limit(page.limit)
    .execute();
}

/** How many users a pool has, counting no further than `limit`. */
export async function countUsers(
  db: Db,
  { userPoolId, limit }: { userPoolId: string; limit?: number },
): Promise<number> {
  const users = db
    .selectFrom("users")
    .select("id")
    .where("user_pool_id", "=", userPoolId)
    .$if(limit !== undefined, (query) => query.limit(limit ?? 0));
  const { count } = await db
    .selectFrom(users.as("counted"))
    .select((eb) => eb.fn.countAll<number>().as("count"))
    .executeTakeFirstOrThrow();
  return count;
}

/** How many users of a pool are in each status that anybody is in. */
export async function countUsersByStatus(
  db: Db,
  userPoolId: string,
): Promise<{ status: string; count: number }[]> {
  return await db
    .selectFrom("users")
    .select((eb) => ["status", eb.fn.countAll<number>().as("count")])
    .where("user_pool_id", "=", userPoolId)
    .groupBy("status")
    .orderBy("status")
    .execute();
}

/** Text is ordered by its bytes in UTF-8, where this noncharacter is the last: no stored text holds it. */
function afterPrefix(prefix: string): string {
  return `${prefix}\u{10FFFF}`;
}
