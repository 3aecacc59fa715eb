import { changeOne, deleteAll, insertOne } from "./atomic.ts";
import type { Changes, Db, NewRow, Row } from "./schema.ts";
import { statement } from "./statement.ts";
import type { UserPoolRow } from "./user-pools.ts";

export type UserPoolClientRow = Row<"user_pool_clients">;

type ClientKey = { userPoolId: string; id: string };

const find = statement<{ id: string }>()((db, { id }) =>
  db.selectFrom("user_pool_clients").selectAll().where("id", "=", id),
);

const findWithPool = statement<{ id: string }>()((db, { id }) =>
  db
    .selectFrom("user_pool_clients as client")
    .innerJoin("user_pools as pool", "pool.id", "client.user_pool_id")
    .selectAll("client")
    .select([
      "pool.name as pool_name",
      "pool.settings as pool_settings",
      "pool.extensions as pool_extensions",
      "pool.created_at_ms as pool_created_at_ms",
      "pool.modified_at_ms as pool_modified_at_ms",
      "pool.deleted_at_ms as pool_deleted_at_ms",
    ])
    .where("client.id", "=", id),
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

/** Finds a client with its pool, be that marked deleted: what every public call begins with, in one statement. */
export async function findUserPoolClientWithPool(
  db: Db,
  id: string,
): Promise<{ client: UserPoolClientRow; pool: UserPoolRow } | undefined> {
  const [row] = (await findWithPool(db, { id })).rows;
  if (!row) return undefined;
  const {
    pool_name,
    pool_settings,
    pool_extensions,
    pool_created_at_ms,
    pool_modified_at_ms,
    pool_deleted_at_ms,
    ...client
  } = row;
  const pool = {
    id: client.user_pool_id,
    name: pool_name,
    settings: pool_settings,
    extensions: pool_extensions,
    created_at_ms: pool_created_at_ms,
    modified_at_ms: pool_modified_at_ms,
    deleted_at_ms: pool_deleted_at_ms,
  };
  return { client, pool };
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

/** What the clients of a pool have switched on beyond AWS, each combination once. */
export async function listClientExtensions(db: Db, userPoolId: string): Promise<string[]> {
  const rows = await db
    .selectFrom("user_pool_clients")
    .select("extensions")
    .distinct()
    .where("user_pool_id", "=", userPoolId)
    .where("extensions", "!=", "{}")
    .execute();
  return rows.map(({ extensions }) => extensions);
}
