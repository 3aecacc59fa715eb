import { deleteAll } from "./atomic.ts";
import type { Db, NewRow, Row } from "./schema.ts";

export type ManagedLoginAssetRow = Row<"managed_login_assets">;

type Key = { userPoolId: string; clientId: string };

/** Stores an image in place of the one of that name. */
export async function putManagedLoginAsset(
  db: Db,
  asset: NewRow<"managed_login_assets">,
): Promise<void> {
  const { bytes } = asset;
  await db
    .insertInto("managed_login_assets")
    .values(asset)
    .onConflict((conflict) =>
      conflict.columns(["user_pool_id", "client_id", "name"]).doUpdateSet({ bytes }),
    )
    .execute();
}

/** One image of a client's style. */
export async function findManagedLoginAsset(
  db: Db,
  { userPoolId, clientId, name }: Key & { name: string },
): Promise<ManagedLoginAssetRow | undefined> {
  return await db
    .selectFrom("managed_login_assets")
    .selectAll()
    .where("user_pool_id", "=", userPoolId)
    .where("client_id", "=", clientId)
    .where("name", "=", name)
    .executeTakeFirst();
}

/** All images of a client's style. */
export async function listManagedLoginAssets(
  db: Db,
  { userPoolId, clientId }: Key,
): Promise<ManagedLoginAssetRow[]> {
  return await db
    .selectFrom("managed_login_assets")
    .selectAll()
    .where("user_pool_id", "=", userPoolId)
    .where("client_id", "=", clientId)
    .orderBy("name")
    .execute();
}

/** Removes the images of a client's style; tells how many. */
export async function deleteManagedLoginAssets(
  db: Db,
  { userPoolId, clientId }: Key,
): Promise<number> {
  return await deleteAll(
    db
      .deleteFrom("managed_login_assets")
      .where("user_pool_id", "=", userPoolId)
      .where("client_id", "=", clientId),
  );
}
