import { afterAll, describe, expect, it } from "vitest";
import { engines, testStore } from "../testing/places.ts";
import type { FunctionPermissionRow, FunctionRow } from "./functions.ts";
import {
  deleteFunction,
  deleteFunctionPermissions,
  findFunction,
  insertFunction,
  insertFunctionPermission,
  listFunctionPermissions,
  pageFunctions,
  replaceFunction,
} from "./functions.ts";

function functionRow(given: Partial<FunctionRow> & { name: string }): FunctionRow {
  return {
    region: "us-east-1",
    kind: "local",
    target: "a.js",
    handler: "handler",
    secrets: "sealed 1",
    created_at_ms: 1_000,
    modified_at_ms: 1_000,
    ...given,
  };
}

function permissionRow(
  given: Partial<FunctionPermissionRow> & { function_name: string; statement_id: string },
): FunctionPermissionRow {
  return {
    region: "us-east-1",
    principal: "cognito-idp.amazonaws.com",
    source_arn: null,
    source_account: null,
    ...given,
  };
}

describe.each(engines)("functions on %s", async (engine) => {
  const { db, close } = await testStore(engine);
  afterAll(close);
  const region = "us-east-1";

  it("are one of a name in a region, by exactly one of many at once", async () => {
    const row = functionRow({ name: "once" });
    const made = await Promise.all(Array.from({ length: 8 }, () => insertFunction(db, row)));
    expect(made.filter(Boolean)).toHaveLength(1);
    expect(await insertFunction(db, { ...row, region: "eu-west-1" })).toBe(true);
    expect(await findFunction(db, { region, name: "once" })).toEqual(row);
    expect(await findFunction(db, { region: "us-west-2", name: "once" })).toBeUndefined();
  });

  it("are changed and deleted by region and name alone", async () => {
    await insertFunction(db, functionRow({ name: "changed" }));
    await insertFunction(db, functionRow({ name: "changed", region: "eu-west-1" }));
    const changed = { region, name: "changed", secrets: "sealed 1" };
    const set = { target: "b.js", secrets: "sealed 2" };
    const done = await Promise.all([1, 2, 3].map(() => replaceFunction(db, changed, set)));
    expect(done.filter(Boolean)).toHaveLength(1);
    expect(await replaceFunction(db, { ...changed, name: "absent" }, set)).toBe(false);
    expect((await findFunction(db, { region, name: "changed" }))?.target).toBe("b.js");
    const other = { region: "eu-west-1", name: "changed" };
    expect((await findFunction(db, other))?.target).toBe("a.js");
    expect(await deleteFunction(db, other)).toBe(true);
    expect(await deleteFunction(db, other)).toBe(false);
    expect(await findFunction(db, { region, name: "changed" })).toBeDefined();
  });

  it("are listed by name, of one region", async () => {
    for (const name of ["c", "a", "b"]) {
      await insertFunction(db, functionRow({ name, region: "ap-south-1" }));
    }
    const page = (after?: string) => pageFunctions(db, { region: "ap-south-1", after, limit: 2 });
    expect((await page()).map(({ name }) => name)).toEqual(["a", "b"]);
    expect((await page("b")).map(({ name }) => name)).toEqual(["c"]);
  });

  it("have permissions of their own, each id once", async () => {
    const one = permissionRow({ function_name: "guarded", statement_id: "one" });
    const two = permissionRow({ function_name: "guarded", statement_id: "two", source_arn: "arn" });
    const made = await Promise.all(
      Array.from({ length: 8 }, () => insertFunctionPermission(db, one)),
    );
    expect(made.filter(Boolean)).toHaveLength(1);
    await insertFunctionPermission(db, two);
    await insertFunctionPermission(db, { ...one, function_name: "other" });
    await insertFunctionPermission(db, { ...one, region: "eu-west-1" });
    expect(await listFunctionPermissions(db, { region, name: "guarded" })).toEqual([one, two]);
    const key = { region, name: "guarded" };
    expect(await deleteFunctionPermissions(db, { ...key, statementId: "one" })).toBe(1);
    expect(await listFunctionPermissions(db, key)).toEqual([two]);
    expect(await deleteFunctionPermissions(db, key)).toBe(1);
    expect(await listFunctionPermissions(db, { region, name: "other" })).toHaveLength(1);
    expect(await listFunctionPermissions(db, { region: "eu-west-1", name: "guarded" })).toEqual([
      { ...one, region: "eu-west-1" },
    ]);
  });
});
