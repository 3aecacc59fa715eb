import { changeOne, deleteAll, insertOne } from "./atomic.ts";
import type { Changes, Db, NewRow, Row } from "./schema.ts";

export type ResourceServerRow = Row<"resource_servers">;

type ResourceServerKey = { userPoolId: string; identifier: string };

/** Adds a resource server; false when the pool has one of that identifier. */
export async function insertResourceServer(
  db: Db,
  server: NewRow<"resource_servers">,
): Promise<boolean> {
  return await insertOne(db.insertInto("resource_servers").values(server));
}

/** Finds a resource server. */
export async function findResourceServer(
  db: Db,
  { userPoolId, identifier }: ResourceServerKey,
): Promise<ResourceServerRow | undefined> {
  return await db
    .selectFrom("resource_servers")
    .selectAll()
    .where("user_pool_id", "=", userPoolId)
    .where("identifier", "=", identifier)
    .executeTakeFirst();
}

/** Sets columns of a resource server; false when there is none. */
export async function updateResourceServer(
  db: Db,
  { userPoolId, identifier }: ResourceServerKey,
  set: Changes<"resource_servers">,
): Promise<boolean> {
  return await changeOne(
    db
      .updateTable("resource_servers")
      .set(set)
      .where("user_pool_id", "=", userPoolId)
      .where("identifier", "=", identifier),
  );
}

/** Removes a resource server, and its scopes with it; false when there is none. */
export async function deleteResourceServer(
  db: Db,
  { userPoolId, identifier }: ResourceServerKey,
): Promise<boolean> {
  const deleted = await deleteAll(
    db
      .deleteFrom("resource_servers")
      .where("user_pool_id", "=", userPoolId)
      .where("identifier", "=", identifier),
  );
  return deleted > 0;
}

/** The resource servers of a pool, by identifier. */
export async function pageResourceServers(
  db: Db,
  page: { userPoolId: string; after?: string | undefined; limit: number },
): Promise<ResourceServerRow[]> {
  return await db
    .selectFrom("resource_servers")
    .selectAll()
    .where("user_pool_id", "=", page.userPoolId)
    .where("identifier", ">", page.after ?? "")
    .orderBy("identifier")
    .limit(page.limit)
    .execute();
}
