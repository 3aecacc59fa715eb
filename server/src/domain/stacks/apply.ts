/** Applying a template: first a list of what differs, then that and nothing else, each step kept before the next. */
import { acquireLease, releaseLease, renewLease } from "../../store/leases.ts";
import type { AdminCall } from "../call.ts";
import { type Change, decideChange, decideRemoval, keepsReplaced } from "./changes.ts";
import { asRefusal, atResource, refuseChange, refuseStack } from "./refusal.ts";
import type { Wanted } from "./resource-type.ts";
import { removalOrder, resourceTypeHandling } from "./resources.ts";
import {
  forgetStackResource,
  loadStackResources,
  type StackOutput,
  type StackResource,
  saveStack,
  saveStackResource,
} from "./stack.ts";
import {
  type EvaluatedResource,
  evaluateOutputs,
  evaluateResource,
  planTemplate,
  type TemplatePlan,
} from "./template/evaluate.ts";
import { parseTemplate } from "./template/parse.ts";
import { isResourceTypeName } from "./template/resource-types.ts";

export type ApplyRequest = {
  readonly stackName: string;
  readonly template: string;
  readonly parameters: ReadonlyMap<string, string>;
  /** Only tell. */
  readonly dryRun: boolean;
  readonly allowReplacement: boolean;
  readonly allowDeletion: boolean;
};

export type Applied = {
  readonly changes: readonly Change[];
  readonly outputs: readonly StackOutput[];
};

/** Longer than any single step; a step renews it. */
const leaseMs = 60_000;

/** One application of a template to a stack, and what is known so far. */
type Work = {
  readonly call: AdminCall;
  readonly request: ApplyRequest;
  readonly plan: TemplatePlan;
  /** By logical id; changes as the work goes on. */
  readonly resources: Map<string, StackResource>;
};

/** Tells what applying the template would do and, unless only that was asked, does it. */
export async function applyStack(call: AdminCall, request: ApplyRequest): Promise<Applied> {
  const plan = readPlan(call, request);
  const holder = call.random.uuid();
  const lease = { name: `stack/${request.stackName}`, holder };
  const term = () => ({ ...lease, nowMs: call.clock.now(), durationMs: leaseMs });
  if (!(await acquireLease(call.db, term()))) {
    throw refuseStack(
      `Stack ${request.stackName} is being changed by somebody else. Try again in a minute.`,
    );
  }
  try {
    const resources = await loadStackResources(call, request.stackName);
    const work = { call, request, plan, resources };
    const changes = await listChanges(work);
    if (request.dryRun) return { changes, outputs: [] };
    return { changes, outputs: await carryOut(work, changes, async () => renewOrStop(call, term)) };
  } finally {
    await releaseLease(call.db, lease);
  }
}

async function renewOrStop(
  call: AdminCall,
  term: () => { name: string; holder: string; nowMs: number; durationMs: number },
): Promise<void> {
  if (!(await renewLease(call.db, term())))
    throw refuseStack("Another change of the stack took over.");
}

function readPlan(call: AdminCall, request: ApplyRequest): TemplatePlan {
  const { accountId } = call.settings;
  const { region } = call.principal;
  const stack = {
    region,
    accountId,
    stackName: request.stackName,
    stackId: `arn:aws:cloudformation:${region}:${accountId}:stack/${request.stackName}/poolhouse`,
  };
  try {
    const template = parseTemplate(request.template);
    return planTemplate(template, { stack, parameters: request.parameters });
  } catch (error) {
    throw asRefusal(error);
  }
}

async function listChanges(work: Work): Promise<Change[]> {
  const { call, plan, request, resources } = work;
  const changes: Change[] = [];
  // Whatever refers to one that is replaced has to change with it.
  const staying = new Map(resources);
  for (const logicalId of plan.order) {
    const wanted = evaluate({ ...work, resources: staying }, logicalId);
    const change = await decideChange(call, wanted, resources.get(logicalId)).catch((error) => {
      throw atResource(wanted.at, error);
    });
    if (change.action === "replace" && !request.allowReplacement) {
      throw refuseChange(
        wanted.at,
        `${change.properties.join(", ")} can only be had by a new resource${
          keepsReplaced(wanted) ? "" : ", and the old one and all in it would be deleted"
        }. Allow replacement to do that.`,
      );
    }
    if (change.action === "replace") staying.delete(logicalId);
    changes.push(change);
  }
  return [...changes, ...listRemovals(work)];
}

function listRemovals({ plan, request, resources }: Work): Change[] {
  const rank = (type: string) => removalOrder.indexOf(type);
  return [...resources.values()]
    .filter(({ logicalId }) => !plan.dependencies.has(logicalId))
    .sort((one, other) => rank(one.type) - rank(other.type))
    .map((resource) => decideRemoval(resource, request.allowDeletion));
}

async function carryOut(
  work: Work,
  changes: readonly Change[],
  renew: () => Promise<void>,
): Promise<StackOutput[]> {
  const { call, request } = work;
  const { stackName: name, template } = request;
  const idle = changes.every(({ action }) => action === "none");
  if (!idle) await saveStack(call, { name, template, status: "IN_PROGRESS", outputs: [] });
  try {
    for (const change of changes) {
      if (change.action === "none") continue;
      await renew();
      await carryOutOne(work, change);
    }
    const outputs = readOutputs(work);
    await saveStack(call, { name, template, status: "COMPLETE", outputs });
    return outputs;
  } catch (error) {
    await saveStack(call, { name, template, status: "FAILED", outputs: [] });
    throw error;
  }
}

async function carryOutOne(work: Work, change: Change): Promise<void> {
  const { logicalId } = change;
  const current = work.resources.get(logicalId);
  if (!work.plan.dependencies.has(logicalId)) {
    if (current) await letGo(work, change, current);
    return;
  }
  // Evaluated again: what it refers to has its real id by now.
  const wanted = evaluate(work, logicalId);
  try {
    const isReplaced = change.action === "replace" && !keepsReplaced(wanted);
    if (isReplaced && current) await removeWithDomains(work, current);
    if (change.action === "change" && current) await changeOne(work, wanted, current);
    else await make(work, wanted);
  } catch (error) {
    throw atResource(wanted.at, error);
  }
}

/** Removes what the template no longer has, or only forgets it, or leaves it for a time when deletion is allowed. */
async function letGo(work: Work, change: Change, current: StackResource): Promise<void> {
  const isKept = change.action === "keep" && current.given.deletionPolicy === "Delete";
  if (isKept) return;
  if (change.action === "remove") await remove(work, current);
  await forgetStackResource(work.call, work.request.stackName, current.logicalId);
  work.resources.delete(current.logicalId);
}

async function remove({ call }: Work, { type, physicalId, given }: StackResource): Promise<void> {
  if (!isResourceTypeName(type)) throw refuseStack(`${type} cannot be removed by this version.`);
  const properties = given.properties as never;
  await resourceTypeHandling(type).remove(call, { physicalId, properties });
}

/** Removes a pool after the stack's domains of it, which are made anew when their turn comes: no pool goes before its domains. */
async function removeWithDomains(work: Work, current: StackResource): Promise<void> {
  const domains = [...work.resources.values()].filter(
    ({ type, given }) =>
      type === "AWS::Cognito::UserPoolDomain" &&
      given.deletionPolicy === "Delete" &&
      given.properties["UserPoolId"] === current.physicalId,
  );
  for (const domain of domains) await remove(work, domain);
  await remove(work, current);
}

async function make(work: Work, wanted: EvaluatedResource): Promise<void> {
  const { call } = work;
  const handling = resourceTypeHandling(wanted.type);
  const begun = work.resources.get(wanted.logicalId);
  const isBegun = begun?.state === "making" && begun.type === wanted.type;
  const given = describeWanted(work, wanted);
  const chosenId =
    wanted.poolhouse.id ?? (isBegun ? begun.physicalId : handling.chooseId(call, given));
  if (isBegun) {
    const properties = wanted.properties as never;
    // Made, and then the server stopped before it could note that.
    if (await handling.exists(call, { physicalId: chosenId, properties })) {
      return keep(work, wanted, { physicalId: chosenId, state: "made" });
    }
  }
  await keep(work, wanted, { physicalId: chosenId, state: "making" });
  try {
    const physicalId = await handling.make(call, given, chosenId);
    await keep(work, wanted, { physicalId, state: "made" });
  } catch (error) {
    await forgetStackResource(call, work.request.stackName, wanted.logicalId);
    throw error;
  }
}

async function changeOne(
  work: Work,
  wanted: EvaluatedResource,
  { physicalId, given }: StackResource,
): Promise<void> {
  const handling = resourceTypeHandling(wanted.type);
  const existing = { physicalId, properties: given.properties as never };
  await handling.change?.(work.call, existing, describeWanted(work, wanted));
  await keep(work, wanted, { physicalId, state: "made" });
}

function describeWanted({ request }: Work, wanted: EvaluatedResource): Wanted<never> {
  return {
    properties: wanted.properties as never,
    extensions: wanted.poolhouse.extensions,
    defaultName: `${request.stackName}-${wanted.logicalId}`,
    at: wanted.at,
  };
}

async function keep(
  { call, request, resources }: Work,
  wanted: EvaluatedResource,
  about: Pick<StackResource, "physicalId" | "state">,
): Promise<void> {
  const { logicalId, type, properties, poolhouse, deletionPolicy } = wanted;
  const given = { properties: { ...properties }, extensions: poolhouse.extensions, deletionPolicy };
  const resource = { logicalId, type, given, ...about };
  await saveStackResource(call, request.stackName, resource);
  resources.set(logicalId, resource);
}

function evaluate(work: Work, logicalId: string): EvaluatedResource {
  try {
    return evaluateResource(work.plan, logicalId, referenceOf(work));
  } catch (error) {
    throw asRefusal(error);
  }
}

function readOutputs(work: Work): StackOutput[] {
  try {
    return evaluateOutputs(work.plan, referenceOf(work)).map(
      ({ name, value, description, noEcho }) => ({
        name,
        value: noEcho ? "****" : value,
        ...(description === undefined ? {} : { description }),
      }),
    );
  } catch (error) {
    throw asRefusal(error);
  }
}

/** What Ref and Fn::GetAtt give: of a resource that is not made yet the id that it will have, or a sign that it has none. */
function referenceOf({ plan, resources, call }: Work) {
  return (logicalId: string, attribute: string | undefined): string | undefined => {
    if (!plan.dependencies.has(logicalId)) return undefined;
    const physicalId = resources.get(logicalId)?.physicalId || unmade(plan, logicalId);
    if (attribute === undefined) return physicalId;
    const type = plan.template.resources.get(logicalId)?.type.name ?? "";
    if (!isResourceTypeName(type)) return undefined;
    return resourceTypeHandling(type).attributes?.(call, physicalId)[attribute];
  };
}

function unmade(plan: TemplatePlan, logicalId: string): string {
  try {
    const { poolhouse } = evaluateResource(plan, logicalId, (name) => `(${name})`);
    return poolhouse.id ?? `(${logicalId})`;
  } catch {
    // Told with its line when this resource's own turn comes.
    return `(${logicalId})`;
  }
}
