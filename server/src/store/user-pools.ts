import { changeOne, insertOne } from "./atomic.ts";
import type { Changes, Db, NewRow, Row } from "./schema.ts";
import { statement } from "./statement.ts";

export type UserPoolRow = Row<"user_pools">;

const find = statement<{ id: string }>()((db, { id }) =>
  db.selectFrom("user_pools").selectAll().where("id", "=", id),
);

/** Adds a pool; false when the id is taken, be it by a deleted pool that is not purged yet. */
export async function insertUserPool(db: Db, pool: NewRow<"user_pools">): Promise<boolean> {
  return await insertOne(db.insertInto("user_pools").values(pool));
}

/** Finds a pool, also one that is marked deleted. */
export async function findUserPool(db: Db, id: string): Promise<UserPoolRow | undefined> {
  return (await find(db, { id })).rows[0];
}

/** Sets columns of a pool that is not deleted, if it also looks as `where` says; false when not. */
export async function updateUserPool(
  db: Db,
  id: string,
  change: { set: Changes<"user_pools">; where?: Partial<UserPoolRow> },
): Promise<boolean> {
  return await changeOne(
    db
      .updateTable("user_pools")
      .set(change.set)
      .where("id", "=", id)
      .where("deleted_at_ms", "is", null)
      .where((eb) => eb.and(change.where ?? {})),
  );
}

/**
 * Marks a pool deleted, which hides it; exactly one of several callers gets true. Given `modifiedAtMs`, only a pool that
 * was not changed since.
 */
export async function markUserPoolDeleted(
  db: Db,
  { id, nowMs, modifiedAtMs }: { id: string; nowMs: number; modifiedAtMs?: number },
): Promise<boolean> {
  return await updateUserPool(db, id, {
    set: { deleted_at_ms: nowMs, modified_at_ms: nowMs },
    ...(modifiedAtMs === undefined ? {} : { where: { modified_at_ms: modifiedAtMs } }),
  });
}

/** Pools that are not deleted, by id; of one region where it is given. */
export async function pageUserPools(
  db: Db,
  page: { region?: string; after?: string | undefined; limit: number },
): Promise<UserPoolRow[]> {
  const { region } = page;
  return await db
    .selectFrom("user_pools")
    .selectAll()
    .where("deleted_at_ms", "is", null)
    .where("id", ">", page.after ?? "")
    // After the region, ids go on with letters and digits; text is ordered by its bytes.
    .$if(region !== undefined, (query) =>
      query.where("id", ">", `${region}_`).where("id", "<", `${region}_{`),
    )
    .orderBy("id")
    .limit(page.limit)
    .execute();
}
