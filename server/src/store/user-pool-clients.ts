import { changeOne, deleteAll, insertOne } from "./atomic.ts";
import type { Changes, Db, NewRow, Row } from "./schema.ts";
import { statement } from "./statement.ts";

export type UserPoolClientRow = Row<"user_pool_clients">;

type ClientKey = { userPoolId: string; id: string };

const find = statement<{ id: string }>()((db, { id }) =>
  db.selectFrom("user_pool_clients").selectAll().where("id", "=", id),
);

/** Adds a client; false when the id is taken. */
export async function insertUserPoolClient(
  db: Db,
  client: NewRow<"user_pool_clients">,
): Promise<boolean> {
  return await insertOne(db.insertInto("user_pool_clients").values(client));
}

/** Finds a client by its id alone, as public calls name it. */
export async function findUserPoolClient(
  db: Db,
  id: string,
): Promise<UserPoolClientRow | undefined> {
  return (await find(db, { id })).rows[0];
}

/** Sets columns of a client, if it also looks as `where` says; false when not. */
export async function updateUserPoolClient(
  db: Db,
  { userPoolId, id }: ClientKey,
  change: { set: Changes<"user_pool_clients">; where?: Partial<UserPoolClientRow> },
): Promise<boolean> {
  return await changeOne(
    db
      .updateTable("user_pool_clients")
      .set(change.set)
      .where("id", "=", id)
      .where("user_pool_id", "=", userPoolId)
      .where((eb) => eb.and(change.where ?? {})),
  );
}

/** Removes a client; false when there was none. */
export async function deleteUserPoolClient(
  db: Db,
  { userPoolId, id }: ClientKey,
): Promise<boolean> {
  const deleted = await deleteAll(
    db.deleteFrom("user_pool_clients").where("id", "=", id).where("user_pool_id", "=", userPoolId),
  );
  return deleted > 0;
}

/** The clients of a pool, by id. */
export async function pageUserPoolClients(
  db: Db,
  page: { userPoolId: string; after?: string | undefined; limit: number },
): Promise<UserPoolClientRow[]> {
  return await db
    .selectFrom("user_pool_clients")
    .selectAll()
    .where("user_pool_id", "=", page.userPoolId)
    .where("id", ">", page.after ?? "")
    .orderBy("id")
    .limit(page.limit)
    .execute();
}
