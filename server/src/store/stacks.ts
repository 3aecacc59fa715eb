import { changeOne, deleteAll, insertOne } from "./atomic.ts";
import type { Changes, Db, NewRow, Row } from "./schema.ts";

export type StackRow = Row<"stacks">;
export type StackResourceRow = Row<"stack_resources">;

/** Adds a stack; false when there is one of that name. */
export async function insertStack(db: Db, stack: NewRow<"stacks">): Promise<boolean> {
  return await insertOne(db.insertInto("stacks").values(stack));
}

/** Finds a stack. */
export async function findStack(db: Db, name: string): Promise<StackRow | undefined> {
  return await db.selectFrom("stacks").selectAll().where("name", "=", name).executeTakeFirst();
}

/** Sets columns of a stack; false when there is none. */
export async function updateStack(db: Db, name: string, set: Changes<"stacks">): Promise<boolean> {
  return await changeOne(db.updateTable("stacks").set(set).where("name", "=", name));
}

/** Stores what a logical id of a stack stands for, replacing what was there. */
export async function putStackResource(db: Db, resource: NewRow<"stack_resources">): Promise<void> {
  const { stack_name, logical_id, ...rest } = resource;
  await db
    .insertInto("stack_resources")
    .values(resource)
    .onConflict((conflict) => conflict.columns(["stack_name", "logical_id"]).doUpdateSet(rest))
    .execute();
}

/** The resources of a stack, by logical id. */
export async function listStackResources(db: Db, stackName: string): Promise<StackResourceRow[]> {
  return await db
    .selectFrom("stack_resources")
    .selectAll()
    .where("stack_name", "=", stackName)
    .orderBy("logical_id")
    .execute();
}

/** Forgets a resource of a stack. */
export async function deleteStackResource(
  db: Db,
  { stackName, logicalId }: { stackName: string; logicalId: string },
): Promise<boolean> {
  const deleted = await deleteAll(
    db
      .deleteFrom("stack_resources")
      .where("stack_name", "=", stackName)
      .where("logical_id", "=", logicalId),
  );
  return deleted > 0;
}
