/**
 * Stacks: what a template has made here, by logical id, so that applying it again changes only what differs. A resource
 * is noted before it is made, with the id it will have; whoever finds such a note after a crash goes on from it.
 */
import {
  deleteStackResource,
  findStack,
  insertStack,
  listStackResources,
  putStackResource,
  type StackRow,
  updateStack,
} from "../../store/stacks.ts";
import type { Call } from "../call.ts";
import type { DeletionPolicy } from "./template/template.ts";

export type StackStatus = "IN_PROGRESS" | "COMPLETE" | "FAILED";

export type StackOutput = {
  readonly name: string;
  readonly value: string;
  readonly description?: string;
};

/** A resource as it was last made or changed. */
export type StackResource = {
  readonly logicalId: string;
  readonly type: string;
  readonly physicalId: string;
  /** `making` until the call that makes it has answered. */
  readonly state: "making" | "made";
  readonly given: GivenResource;
};

/** What the template said of it then. */
export type GivenResource = {
  readonly properties: Readonly<Record<string, unknown>>;
  readonly extensions: Readonly<Record<string, unknown>>;
  readonly deletionPolicy: DeletionPolicy;
};

/** The resources of a stack, by logical id. */
export async function loadStackResources(
  call: Pick<Call, "db" | "vault">,
  stackName: string,
): Promise<Map<string, StackResource>> {
  const rows = await listStackResources(call.db, stackName);
  return new Map(
    rows.map((row) => [
      row.logical_id,
      {
        logicalId: row.logical_id,
        type: row.type,
        physicalId: row.physical_id,
        // Both were written by saveStackResource.
        state: row.state as StackResource["state"],
        given: JSON.parse(
          call.vault.open(placeOf(stackName, row.logical_id), row.properties).toString("utf8"),
        ) as GivenResource,
      },
    ]),
  );
}

/** Keeps what a logical id stands for. Properties are sealed: a NoEcho parameter may be among them. */
export async function saveStackResource(
  call: Call,
  stackName: string,
  resource: StackResource,
): Promise<void> {
  const { logicalId, type, physicalId, state, given } = resource;
  await putStackResource(call.db, {
    stack_name: stackName,
    logical_id: logicalId,
    type,
    physical_id: physicalId,
    properties: call.vault.seal(placeOf(stackName, logicalId), JSON.stringify(given)),
    state,
  });
}

/** Forgets a resource, whether or not it still exists. */
export async function forgetStackResource(
  call: Call,
  stackName: string,
  logicalId: string,
): Promise<void> {
  await deleteStackResource(call.db, { stackName, logicalId });
}

export type Stack = {
  readonly name: string;
  readonly status: StackStatus;
  readonly template: string;
  readonly outputs: readonly StackOutput[];
  readonly createdAtMs: number;
  readonly modifiedAtMs: number;
};

/** The stack of this name. */
export async function loadStack(call: Call, name: string): Promise<Stack | undefined> {
  const row = await findStack(call.db, name);
  return row && stackFromRow(row);
}

function stackFromRow(row: StackRow): Stack {
  return {
    name: row.name,
    // Both were written by saveStack.
    status: row.status as StackStatus,
    outputs: JSON.parse(row.outputs) as StackOutput[],
    template: row.template,
    createdAtMs: row.created_at_ms,
    modifiedAtMs: row.modified_at_ms,
  };
}

/** Keeps the stack itself; its resources are kept one by one. */
export async function saveStack(
  call: Call,
  stack: Pick<Stack, "name" | "status" | "template" | "outputs">,
): Promise<void> {
  const nowMs = call.clock.now();
  const columns = {
    template: stack.template,
    status: stack.status,
    outputs: JSON.stringify(stack.outputs),
    modified_at_ms: nowMs,
  };
  const fresh = { ...columns, name: stack.name, created_at_ms: nowMs };
  if (await insertStack(call.db, fresh)) return;
  await updateStack(call.db, stack.name, columns);
}

function placeOf(stackName: string, logicalId: string) {
  return { table: "stack_resources", column: "properties", row: `${stackName}/${logicalId}` };
}
