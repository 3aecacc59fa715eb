import { changeOne, deleteAll, insertOne } from "./atomic.ts";
import type { Changes, Db, NewRow, Row } from "./schema.ts";

export type TermsRow = Row<"terms">;

type Key = { userPoolId: string; id: string };
type Client = { userPoolId: string; clientId: string };

/** Adds a document; false when the client has one of that name. */
export async function insertTerms(db: Db, terms: NewRow<"terms">): Promise<boolean> {
  return await insertOne(db.insertInto("terms").values(terms));
}

/** Finds a document by its id. */
export async function findTerms(db: Db, { userPoolId, id }: Key): Promise<TermsRow | undefined> {
  return await db
    .selectFrom("terms")
    .selectAll()
    .where("user_pool_id", "=", userPoolId)
    .where("id", "=", id)
    .executeTakeFirst();
}

/** The documents of a client, by name. */
export async function listTermsOfClient(
  db: Db,
  { userPoolId, clientId }: Client,
): Promise<TermsRow[]> {
  return await db
    .selectFrom("terms")
    .selectAll()
    .where("user_pool_id", "=", userPoolId)
    .where("client_id", "=", clientId)
    .orderBy("name")
    .execute();
}

/** The documents of a pool, by id. */
export async function pageTerms(
  db: Db,
  page: { userPoolId: string; after?: string | undefined; limit: number },
): Promise<TermsRow[]> {
  return await db
    .selectFrom("terms")
    .selectAll()
    .where("user_pool_id", "=", page.userPoolId)
    .where("id", ">", page.after ?? "")
    .orderBy("id")
    .limit(page.limit)
    .execute();
}

/** Sets columns of a document; false when there is none. A name that the client has is the caller's to look for first. */
export async function updateTerms(
  db: Db,
  { userPoolId, id }: Key,
  set: Changes<"terms">,
): Promise<boolean> {
  return await changeOne(
    db.updateTable("terms").set(set).where("user_pool_id", "=", userPoolId).where("id", "=", id),
  );
}

/** Removes a document; false when there was none. */
export async function deleteTerms(db: Db, { userPoolId, id }: Key): Promise<boolean> {
  const deleted = await deleteAll(
    db.deleteFrom("terms").where("user_pool_id", "=", userPoolId).where("id", "=", id),
  );
  return deleted > 0;
}
