import { afterAll, describe, expect, it } from "vitest";
import { engines, testStore } from "../testing/places.ts";
import {
  deleteStack,
  deleteStackResource,
  findStack,
  insertStack,
  listStackResources,
  pageStacks,
  putStackResource,
  updateStack,
} from "./stacks.ts";

describe.each(engines)("stacks on %s", async (engine) => {
  const { db, close } = await testStore(engine);
  afterAll(close);
  const row = (name: string) => ({
    name,
    template: "template",
    parameters: "{}",
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

  it("are taken in hand by exactly one of many who saw the same status", async () => {
    await insertStack(db, { ...row("worked on"), status: "CREATE_COMPLETE" });
    const change = {
      set: { status: "UPDATE_IN_PROGRESS" },
      where: { status: "CREATE_COMPLETE" },
    };
    const taken = await Promise.all(
      Array.from({ length: 10 }, () => updateStack(db, "worked on", change)),
    );
    expect(taken.filter(Boolean)).toHaveLength(1);
    expect(await updateStack(db, "unknown", { set: { status: "x" } })).toBe(false);
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

  it("go with their resources, and with nobody else's", async () => {
    await insertStack(db, row("gone"));
    await putStackResource(db, resource("gone", "Pool"));
    await putStackResource(db, resource("stays", "Pool"));
    expect(await deleteStack(db, "gone")).toBe(true);
    expect(await deleteStack(db, "gone")).toBe(false);
    expect(await listStackResources(db, "gone")).toEqual([]);
    expect(await listStackResources(db, "stays")).toHaveLength(1);
  });

  it("are paged by name", async () => {
    await insertStack(db, row("page b"));
    await insertStack(db, row("page a"));
    const names = async (after?: string) =>
      (await pageStacks(db, { after, limit: 1 })).map((stack) => stack.name);
    expect(await names()).toEqual(["app"]);
    expect(await names("app")).toEqual(["page a"]);
    expect(await names("page a")).toEqual(["page b"]);
  });
});
