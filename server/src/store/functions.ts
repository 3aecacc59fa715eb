import { changeOne, deleteAll, insertOne } from "./atomic.ts";
import type { Changes, Db, NewRow, Row } from "./schema.ts";

export type FunctionRow = Row<"functions">;
export type FunctionPermissionRow = Row<"function_permissions">;

type FunctionKey = { region: string; name: string };

/** Adds a function; false when the region has one of that name. */
export async function insertFunction(db: Db, fresh: NewRow<"functions">): Promise<boolean> {
  return await insertOne(db.insertInto("functions").values(fresh));
}

/** Finds a function. */
export async function findFunction(
  db: Db,
  { region, name }: FunctionKey,
): Promise<FunctionRow | undefined> {
  return await db
    .selectFrom("functions")
    .selectAll()
    .where("region", "=", region)
    .where("name", "=", name)
    .executeTakeFirst();
}

/** Replaces a function; false when it is no longer what it was, told by its secrets: no two are sealed alike. */
export async function replaceFunction(
  db: Db,
  { region, name, secrets }: FunctionKey & Pick<FunctionRow, "secrets">,
  set: Changes<"functions">,
): Promise<boolean> {
  return await changeOne(
    db
      .updateTable("functions")
      .set(set)
      .where("region", "=", region)
      .where("name", "=", name)
      .where("secrets", "=", secrets),
  );
}

/** Removes a function; its permissions go by deleteFunctionPermissions. */
export async function deleteFunction(db: Db, { region, name }: FunctionKey): Promise<boolean> {
  const deleted = await deleteAll(
    db.deleteFrom("functions").where("region", "=", region).where("name", "=", name),
  );
  return deleted > 0;
}

/** The functions of a region, by name. */
export async function pageFunctions(
  db: Db,
  page: { region: string; after?: string | undefined; limit: number },
): Promise<FunctionRow[]> {
  return await db
    .selectFrom("functions")
    .selectAll()
    .where("region", "=", page.region)
    .where("name", ">", page.after ?? "")
    .orderBy("name")
    .limit(page.limit)
    .execute();
}

/** Adds a permission; false when the function has one with that id. */
export async function insertFunctionPermission(
  db: Db,
  permission: NewRow<"function_permissions">,
): Promise<boolean> {
  return await insertOne(db.insertInto("function_permissions").values(permission));
}

/** The permissions of a function, by id. */
export async function listFunctionPermissions(
  db: Db,
  { region, name }: FunctionKey,
): Promise<FunctionPermissionRow[]> {
  return await db
    .selectFrom("function_permissions")
    .selectAll()
    .where("region", "=", region)
    .where("function_name", "=", name)
    .orderBy("statement_id")
    .execute();
}

/** Removes one permission of a function, or all; tells how many went. */
export async function deleteFunctionPermissions(
  db: Db,
  { region, name, statementId }: FunctionKey & { statementId?: string },
): Promise<number> {
  return await deleteAll(
    db
      .deleteFrom("function_permissions")
      .where("region", "=", region)
      .where("function_name", "=", name)
      .where((eb) => eb.and(statementId === undefined ? {} : { statement_id: statementId })),
  );
}
