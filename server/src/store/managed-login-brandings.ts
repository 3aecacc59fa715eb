import { changeOne, deleteAll, insertOne } from "./atomic.ts";
import type { Changes, Db, NewRow, Row } from "./schema.ts";
import { statement } from "./statement.ts";

export type ManagedLoginBrandingRow = Row<"managed_login_brandings">;

type Key = { userPoolId: string; clientId: string };

const find = statement<Key>()((db, { userPoolId, clientId }) =>
  db
    .selectFrom("managed_login_brandings")
    .selectAll()
    .where("user_pool_id", "=", userPoolId)
    .where("client_id", "=", clientId),
);

/** Adds the style of a client; false when it has one. */
export async function insertManagedLoginBranding(
  db: Db,
  branding: NewRow<"managed_login_brandings">,
): Promise<boolean> {
  return await insertOne(db.insertInto("managed_login_brandings").values(branding));
}

/** The style of a client. */
export async function findManagedLoginBranding(
  db: Db,
  key: Key,
): Promise<ManagedLoginBrandingRow | undefined> {
  return (await find(db, key)).rows[0];
}

/** The style of a pool that has this id. */
export async function findManagedLoginBrandingById(
  db: Db,
  { userPoolId, id }: { userPoolId: string; id: string },
): Promise<ManagedLoginBrandingRow | undefined> {
  return await db
    .selectFrom("managed_login_brandings")
    .selectAll()
    .where("user_pool_id", "=", userPoolId)
    .where("id", "=", id)
    .executeTakeFirst();
}

/** Sets columns of the style with this id; false when there is none. */
export async function updateManagedLoginBranding(
  db: Db,
  { userPoolId, id }: { userPoolId: string; id: string },
  set: Changes<"managed_login_brandings">,
): Promise<boolean> {
  return await changeOne(
    db
      .updateTable("managed_login_brandings")
      .set(set)
      .where("user_pool_id", "=", userPoolId)
      .where("id", "=", id),
  );
}

/** Removes the style with this id, though not its images; false when there is none. */
export async function deleteManagedLoginBranding(
  db: Db,
  { userPoolId, id }: { userPoolId: string; id: string },
): Promise<boolean> {
  const deleted = await deleteAll(
    db
      .deleteFrom("managed_login_brandings")
      .where("user_pool_id", "=", userPoolId)
      .where("id", "=", id),
  );
  return deleted > 0;
}
