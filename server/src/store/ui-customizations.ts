import { deleteAll } from "./atomic.ts";
import type { Db, NewRow, Row } from "./schema.ts";

/** Without the image, which only its own address needs. */
export type UiCustomizationRow = Omit<Row<"ui_customizations">, "image">;

/** `clientId` may be `ALL`. */
type Key = { userPoolId: string; clientId: string };

/** The look that was set for this client, or for all of them. */
export async function findUiCustomization(
  db: Db,
  { userPoolId, clientId }: Key,
): Promise<UiCustomizationRow | undefined> {
  return await db
    .selectFrom("ui_customizations")
    .select([
      "user_pool_id",
      "client_id",
      "css",
      "css_version",
      "image_hash",
      "created_at_ms",
      "modified_at_ms",
    ])
    .where("user_pool_id", "=", userPoolId)
    .where("client_id", "=", clientId)
    .executeTakeFirst();
}

/** The image of such a look, in Base64. */
export async function findUiCustomizationImage(
  db: Db,
  { userPoolId, clientId }: Key,
): Promise<string | undefined> {
  const row = await db
    .selectFrom("ui_customizations")
    .select("image")
    .where("user_pool_id", "=", userPoolId)
    .where("client_id", "=", clientId)
    .executeTakeFirst();
  return row?.image ?? undefined;
}

/** Stores a look in place of the one before, whose time of creation stays. */
export async function putUiCustomization(
  db: Db,
  customization: NewRow<"ui_customizations">,
): Promise<void> {
  const {
    css = null,
    css_version,
    image = null,
    image_hash = null,
    modified_at_ms,
  } = customization;
  await db
    .insertInto("ui_customizations")
    .values(customization)
    .onConflict((conflict) =>
      conflict
        .columns(["user_pool_id", "client_id"])
        .doUpdateSet({ css, css_version, image, image_hash, modified_at_ms }),
    )
    .execute();
}

/** Removes a look; false when there was none. */
export async function deleteUiCustomization(
  db: Db,
  { userPoolId, clientId }: Key,
): Promise<boolean> {
  const deleted = await deleteAll(
    db
      .deleteFrom("ui_customizations")
      .where("user_pool_id", "=", userPoolId)
      .where("client_id", "=", clientId),
  );
  return deleted > 0;
}
