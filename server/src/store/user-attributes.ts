import { deleteAll } from "./atomic.ts";
import type { Db } from "./schema.ts";

type UserKey = { userPoolId: string; userId: string };

/** Sets what a user can be found by; a value of null removes it. Other names stay as they are. */
export async function putUserAttributes(
  db: Db,
  { userPoolId, userId }: UserKey,
  values: Readonly<Record<string, string | null>>,
): Promise<void> {
  for (const [name, value] of Object.entries(values)) {
    if (value === null) {
      await deleteAll(
        db
          .deleteFrom("user_attributes")
          .where("user_pool_id", "=", userPoolId)
          .where("name", "=", name)
          .where("user_id", "=", userId),
      );
    } else {
      await db
        .insertInto("user_attributes")
        .values({ user_pool_id: userPoolId, name, user_id: userId, value })
        .onConflict((conflict) =>
          conflict.columns(["user_pool_id", "name", "user_id"]).doUpdateSet({ value }),
        )
        .execute();
    }
  }
}
