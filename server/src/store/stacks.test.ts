import { afterAll, describe, expect, it } from "vitest";
import { engines, testStore } from "../testing/places.ts";
import {
  deleteStackResource,
  findStack,
  insertStack,
  listStackResources,
  putStackResource,
  updateStack,
} from "./stacks.ts";

describe.each(engines)("stacks on %s", async (engine) => {
  const { db, close } = await testStore(engine);
  afterAll(close);
  const row = (name: string) => ({
    name,
    template: "template",
    status: "CREATE_IN_PROGRESS",
    outputs: "{}",
    created_at_ms: 1_000,
    modified_at_ms: 1_000,
  });
  const resource = (stackName: string, logicalId: string) => ({
    stack_name: stackName,
    logical_id: logicalId,
    type: "AWS::Cognito::UserPool",
    physical_id: "us-east-1_Made",
    properties: "{}",
    state: "made",
  });

  it("have a name of their own", async () => {
    const made = await Promise.all(Array.from({ length: 10 }, () => insertStack(db, row("app"))));
    expect(made.filter(Boolean)).toHaveLength(1);
    expect(await findStack(db, "app")).toEqual(row("app"));
    expect(await findStack(db, "App")).toBeUndefined();
  });

  it("change where there is one of that name", async () => {
    await insertStack(db, row("changed"));
    const set = { status: "COMPLETE", modified_at_ms: 2_000 };
    expect(await updateStack(db, "changed", set)).toBe(true);
    expect(await updateStack(db, "unknown", set)).toBe(false);
    expect(await findStack(db, "changed")).toEqual({ ...row("changed"), ...set });
  });

  it("list their resources by logical id, the last one put standing", async () => {
    for (const logicalId of ["Pool", "Client", "client"]) {
      await putStackResource(db, resource("listed", logicalId));
    }
    const replaced = { ...resource("listed", "Pool"), physical_id: "us-east-1_New", state: "new" };
    await putStackResource(db, replaced);
    await putStackResource(db, resource("another", "Pool"));
    expect(await listStackResources(db, "listed")).toEqual([
      resource("listed", "Client"),
      replaced,
      resource("listed", "client"),
    ]);
  });

  it("forget one resource, once", async () => {
    await putStackResource(db, resource("forgetful", "Pool"));
    const key = { stackName: "forgetful", logicalId: "Pool" };
    expect(await deleteStackResource(db, { ...key, logicalId: "pool" })).toBe(false);
    expect(await deleteStackResource(db, key)).toBe(true);
    expect(await deleteStackResource(db, key)).toBe(false);
    expect(await listStackResources(db, "forgetful")).toEqual([]);
  });
});
