/** What applying a template would do, resource by resource. */
import { isDeepStrictEqual } from "node:util";
import type { AdminCall } from "../call.ts";
import { refuseChange } from "./refusal.ts";
import { resourceTypeHandling } from "./resources.ts";
import type { StackResource } from "./stack.ts";
import { compareProperties } from "./template/compare-properties.ts";
import type { EvaluatedResource } from "./template/evaluate.ts";
import type { PropertiesOf, ResourceTypeName } from "./template/resource-types.ts";

export type Action = "make" | "change" | "replace" | "remove" | "keep" | "none";

export type Change = {
  readonly action: Action;
  readonly logicalId: string;
  readonly type: string;
  readonly physicalId?: string;
  /** The properties that ask for it. */
  readonly properties: readonly string[];
  /** What a reader of the list would wonder about. */
  readonly note?: string;
};

/** Decides what is to be done about one resource of the template. */
export async function decideChange(
  call: AdminCall,
  wanted: EvaluatedResource,
  current: StackResource | undefined,
): Promise<Change> {
  const { logicalId, type } = wanted;
  const about = { logicalId, type, properties: [] };
  if (!current) return { ...about, action: "make" };
  const { physicalId } = current;
  if (current.state === "making") return { ...about, action: "make", note: "begun before" };
  if (current.type !== type) {
    return { ...about, ...replacement(wanted), physicalId, properties: ["Type"] };
  }
  if (!(await exists(call, type, current))) {
    return { ...about, action: "make", note: "it is no longer there" };
  }
  return { ...about, physicalId, ...compare(wanted, current) };
}

function exists(
  call: AdminCall,
  type: ResourceTypeName,
  { physicalId, given }: StackResource,
): Promise<boolean> {
  const properties = given.properties as never;
  return resourceTypeHandling(type).exists(call, { physicalId, properties });
}

function compare(
  wanted: EvaluatedResource,
  { physicalId, given }: StackResource,
): Pick<Change, "action" | "properties" | "note"> {
  // Kept by saveStackResource for this very type.
  const before = given.properties as PropertiesOf<typeof wanted.type>;
  const { changed, replacing, refused } = compareProperties(
    wanted.type,
    before as never,
    wanted.properties as never,
  );
  if (refused.length > 0) {
    throw refuseChange(wanted.at, `cannot be changed once it is made: ${refused.join(", ")}`);
  }
  const { id } = wanted.poolhouse;
  const otherId = id !== undefined && id !== physicalId;
  if (otherId || replacing.length > 0) {
    return {
      ...replacement(wanted),
      properties: otherId ? ["Metadata.Poolhouse.Id", ...replacing] : replacing,
    };
  }
  const isExtended = !isDeepStrictEqual(given.extensions, wanted.poolhouse.extensions);
  const properties = isExtended ? [...changed, "Metadata.Poolhouse"] : changed;
  return { action: properties.length > 0 ? "change" : "none", properties };
}

function replacement(wanted: EvaluatedResource): Pick<Change, "action" | "note"> {
  return {
    action: "replace",
    ...(keepsReplaced(wanted) ? { note: "its UpdateReplacePolicy keeps the old one" } : {}),
  };
}

/** Whether the resource that this one replaces stays, outside of the stack. */
export function keepsReplaced({ updateReplacePolicy }: EvaluatedResource): boolean {
  return updateReplacePolicy === "Retain";
}

/** What is to be done about a resource that the template no longer has. */
export function decideRemoval(current: StackResource, allowDeletion: boolean): Change {
  const { logicalId, type, physicalId, given } = current;
  const about = { logicalId, type, physicalId, properties: [] };
  if (given.deletionPolicy !== "Delete") {
    return { ...about, action: "keep", note: "its DeletionPolicy keeps it; the stack forgets it" };
  }
  return allowDeletion
    ? { ...about, action: "remove" }
    : { ...about, action: "keep", note: "no longer in the template; deletion was not allowed" };
}
