import { checkFields } from "./check-properties.ts";
import {
  type Call,
  type Expression,
  type FindInMapCall,
  type GetAttCall,
  type RefCall,
  visitCalls,
} from "./expression.ts";
import { pseudoParameterNames } from "./pseudo-parameters.ts";
import { resourceTypeOf, resourceTypes } from "./resource-types.ts";
import type { Reference, ResourceDeclaration, Template } from "./template.ts";
import { type Place, type ProblemList, pathOfKey, printable } from "./template-error.ts";

/** Reports resources of unknown types, and properties that their types do not have or have otherwise. */
export function checkResources(template: Template, problems: ProblemList): void {
  const known = Object.keys(resourceTypes);
  for (const resource of template.resources.values()) {
    const { name, at } = resource.type;
    const type = resourceTypeOf(name);
    if (type === undefined) {
      const message = `The resource type ${printable(name)} is not supported; supported: ${known.join(", ")}`;
      problems.addUnknown(message, { name, known }, at);
    } else {
      const path = pathOfKey(resource.at.path, "Properties");
      checkFields(type.properties, resource.properties, { problems, at: { ...resource.at, path } });
      checkPoolhouseKeys(resource, problems);
    }
  }
}

/** `Id` and extensions only where the type has them: a setting must not be written and then ignored. */
function checkPoolhouseKeys({ type, poolhouse }: ResourceDeclaration, problems: ProblemList): void {
  const metadata = resourceTypeOf(type.name)?.metadata;
  for (const [key, { keyAt }] of poolhouse?.entries ?? []) {
    const isKnown = key === "Id" ? metadata?.id !== undefined : metadata?.extensions === true;
    if (!isKnown) {
      problems.add(`${type.name} has no Poolhouse setting ${printable(key)}`, keyAt);
    }
  }
}

/** Reports every use of a name that the template does not give a meaning to. */
export function checkReferences(template: Template, problems: ProblemList): void {
  const site: ReferenceSite = { names: namesOf(template), problems, withResources: true };
  for (const { properties, poolhouse, condition, dependsOn } of template.resources.values()) {
    checkExpression(properties, site);
    checkExpression(poolhouse, site);
    checkName("condition", condition, site);
    for (const reference of dependsOn) {
      checkName("resource", reference, site);
    }
  }
  for (const { expression } of template.conditions.values()) {
    checkExpression(expression, { ...site, withResources: false });
  }
  for (const { value, condition, exportName } of template.outputs.values()) {
    checkExpression(value, site);
    checkName("condition", condition, site);
    checkExpression(exportName, site);
  }
}

interface Names {
  readonly resource: ReadonlyMap<string, ResourceDeclaration>;
  readonly condition: ReadonlyMap<string, unknown>;
  readonly mapping: ReadonlyMap<string, unknown>;
  /** Parameters and pseudo parameters. */
  readonly value: ReadonlySet<string>;
}

interface ReferenceSite {
  readonly names: Names;
  readonly problems: ProblemList;
  /** Conditions are decided before there are resources. */
  readonly withResources: boolean;
}

function namesOf(template: Template): Names {
  return {
    resource: template.resources,
    condition: template.conditions,
    mapping: template.mappings,
    value: new Set([...template.parameters.keys(), ...pseudoParameterNames]),
  };
}

function checkExpression(expression: Expression | undefined, site: ReferenceSite): void {
  if (expression !== undefined) {
    visitCalls(expression, (call) => {
      checkCall(call, site);
    });
  }
}

function checkName(
  kind: "resource" | "condition" | "mapping",
  reference: Reference | undefined,
  { names, problems }: ReferenceSite,
): void {
  if (reference !== undefined && !names[kind].has(reference.name)) {
    const { name, at } = reference;
    problems.addUnknown(
      `Unknown ${kind} ${printable(name)}`,
      { name, known: names[kind].keys() },
      at,
    );
  }
}

function checkCall(call: Call, site: ReferenceSite): void {
  switch (call.name) {
    case "Ref":
      checkRef(call, site);
      return;
    case "Fn::GetAtt":
      checkGetAtt(call, site);
      return;
    case "Fn::If":
      checkName("condition", { name: call.condition, at: call.at }, site);
      return;
    case "Condition":
      checkName("condition", { name: call.target, at: call.at }, site);
      return;
    case "Fn::FindInMap":
      checkMappingName(call, site);
      return;
    default:
  }
}

function checkMappingName({ map, at }: FindInMapCall, site: ReferenceSite): void {
  if (map.kind === "scalar") {
    checkName("mapping", { name: map.text, at }, site);
  }
}

function checkRef({ target, at }: RefCall, site: ReferenceSite): void {
  const { names, problems, withResources } = site;
  if (names.value.has(target)) {
    return;
  }
  if (!names.resource.has(target)) {
    const known = withResources ? [...names.value, ...names.resource.keys()] : names.value;
    problems.addUnknown(
      `Ref to the unknown name ${printable(target)}`,
      { name: target, known },
      at,
    );
  } else if (!withResources) {
    refuseResource(target, at, problems);
  }
}

function refuseResource(logicalId: string, at: Place, problems: ProblemList): void {
  problems.add(`A condition cannot refer to the resource ${logicalId}`, at);
}

function checkGetAtt({ target, attribute, at }: GetAttCall, site: ReferenceSite): void {
  const { names, problems, withResources } = site;
  const resource = names.resource.get(target);
  if (resource === undefined) {
    checkName("resource", { name: target, at }, site);
    return;
  }
  if (!withResources) {
    refuseResource(target, at, problems);
    return;
  }
  const type = resourceTypeOf(resource.type.name);
  if (type === undefined || type.attributes.includes(attribute)) {
    return;
  }
  if (Object.hasOwn(type.withheldAttributes, attribute)) {
    problems.add(`${resource.type.name}: ${type.withheldAttributes[attribute]}`, at);
    return;
  }
  const message = `${resource.type.name} has no attribute ${printable(attribute)}`;
  problems.addUnknown(message, { name: attribute, known: type.attributes }, at);
}
