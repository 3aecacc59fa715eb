import { checkFields } from "./check-properties.ts";
import { coerceFields } from "./coerce.ts";
import { evaluateConditions } from "./evaluate-conditions.ts";
import {
  Budget,
  evaluateExpression,
  evaluateMap,
  type NamedValue,
  type ResolveReference,
  type Scope,
} from "./evaluate-expression.ts";
import type { Expression } from "./expression.ts";
import { type Data, type Mapping, plainValue, type Scalar, visitScalars } from "./nodes.ts";
import { orderResources, type ResourceOrder, referencesIn } from "./order.ts";
import { pseudoParameters, type StackIdentity } from "./pseudo-parameters.ts";
import { resolveParameters } from "./resolve-parameters.ts";
import {
  isResourceTypeName,
  type PropertiesOf,
  type ResourceTypeName,
  resourceTypes,
} from "./resource-types.ts";
import type {
  DeletionPolicy,
  OutputDeclaration,
  ResourceDeclaration,
  Template,
  UpdateReplacePolicy,
} from "./template.ts";
import { type Place, ProblemList, pathOfKey } from "./template-error.ts";

/** A template with its parameters and conditions settled: what is made, in which order, and with what. */
export interface TemplatePlan extends ResourceOrder {
  readonly template: Template;
  readonly conditions: ReadonlyMap<string, boolean>;
  /** Parameters and pseudo parameters by name. */
  readonly values: ReadonlyMap<string, NamedValue>;
}

export interface PlanInputs {
  readonly stack: StackIdentity;
  /** Values by parameter name; lists with commas, as CloudFormation's API takes them. */
  readonly parameters: ReadonlyMap<string, string>;
}

/** A resource as it is to be: its properties evaluated, checked and typed. */
export type EvaluatedResource = {
  [T in ResourceTypeName]: EvaluatedResourceOf<T>;
}[ResourceTypeName];

export interface EvaluatedResourceOf<T extends ResourceTypeName> {
  readonly logicalId: string;
  readonly type: T;
  readonly at: Place;
  readonly properties: PropertiesOf<T>;
  readonly poolhouse: PoolhouseSettings;
  readonly deletionPolicy: DeletionPolicy;
  readonly updateReplacePolicy: UpdateReplacePolicy;
}

/** `Metadata.Poolhouse` of a resource. */
export interface PoolhouseSettings {
  /** The physical id that the resource is to have. */
  readonly id: string | undefined;
  /** Everything else: the extensions document of the resource, as it was written. */
  readonly extensions: Readonly<Record<string, unknown>>;
}

export interface EvaluatedOutput {
  readonly name: string;
  readonly value: string;
  readonly description: string | undefined;
  /** Whether a NoEcho parameter's value is in it: it is then not to be shown. */
  readonly noEcho: boolean;
}

/** Settles parameters and conditions and orders the resources; throws a TemplateError. */
export function planTemplate(template: Template, inputs: PlanInputs): TemplatePlan {
  const problems = new ProblemList();
  const parameters = resolveParameters(template, inputs.parameters, problems);
  // Conditions on parameters without a value would only repeat the complaint.
  problems.throwIfAny();
  const values = new Map([
    ...parameters.map(({ name, value, noEcho }) => [name, { value, noEcho }] as const),
    ...pseudoParameters(inputs.stack),
  ]);
  const scope = { values, mappings: template.mappings, budget: new Budget(), problems };
  const conditions = evaluateConditions(template, scope);
  const order = orderResources(template, conditions, problems);
  problems.throwIfAny();
  return { template, conditions, values, ...order };
}

/** Evaluates one resource of the plan, once everything it depends on exists; throws a TemplateError. */
export function evaluateResource(
  plan: TemplatePlan,
  logicalId: string,
  resolveReference: ResolveReference,
): EvaluatedResource {
  const problems = new ProblemList();
  const resource = plan.template.resources.get(logicalId);
  if (resource === undefined || !plan.dependencies.has(logicalId)) {
    problems.add(`The stack has no resource ${logicalId}`, {
      line: 1,
      column: 1,
      path: "Resources",
    });
    throw problems.toError();
  }
  const scope = scopeOf(plan, resolveReference, problems);
  const properties = evaluateMap(resource.properties, scope);
  const poolhouse = resource.poolhouse && evaluateMap(resource.poolhouse, scope);
  const settings = readSettings(resource, poolhouse, problems);
  const typed = properties && typeProperties(resource, properties, problems);
  problems.throwIfAny();
  if (typed === undefined || properties === undefined) {
    throw problems.toError();
  }
  const { at, deletionPolicy, updateReplacePolicy } = resource;
  return {
    logicalId,
    at,
    deletionPolicy,
    updateReplacePolicy,
    poolhouse: settings,
    ...typed,
  };
}

/** Evaluates the outputs whose conditions hold, once all resources exist; throws a TemplateError. */
export function evaluateOutputs(
  plan: TemplatePlan,
  resolveReference: ResolveReference,
): readonly EvaluatedOutput[] {
  const problems = new ProblemList();
  const scope = scopeOf(plan, resolveReference, problems);
  const outputs = [...plan.template.outputs.values()]
    .filter(
      ({ condition }) => condition === undefined || plan.conditions.get(condition.name) === true,
    )
    .map((output) => evaluateOutput(output, plan, scope));
  problems.throwIfAny();
  return outputs.filter((output) => output !== undefined);
}

function scopeOf(
  plan: TemplatePlan,
  resolveReference: ResolveReference,
  problems: ProblemList,
): Scope {
  const { values, conditions, template } = plan;
  return {
    values,
    conditions,
    mappings: template.mappings,
    resolveReference,
    budget: new Budget(),
    problems,
  };
}

function evaluateOutput(
  output: OutputDeclaration,
  plan: TemplatePlan,
  scope: Scope,
): EvaluatedOutput | undefined {
  const value = evaluateOutputText(output.value, plan, scope);
  return (
    value && {
      name: output.name,
      value: value.text,
      description: output.description,
      noEcho: value.noEcho === true,
    }
  );
}

function evaluateOutputText(
  expression: Expression,
  plan: TemplatePlan,
  scope: Scope,
): Scalar | undefined {
  const { template, conditions, dependencies } = plan;
  for (const { name, at } of referencesIn(expression, template, conditions)) {
    if (!dependencies.has(name)) {
      return scope.problems.add(`${name} is not made, because its condition does not hold`, at);
    }
  }
  const evaluated = evaluateExpression(expression, scope);
  if (evaluated === undefined) {
    return undefined;
  }
  if (evaluated.kind !== "scalar") {
    return scope.problems.add("The value of an output has to be a string", evaluated.at);
  }
  refuseDynamicReferences(evaluated, scope.problems);
  return evaluated;
}

type TypedProperties = {
  [T in ResourceTypeName]: { readonly type: T; readonly properties: PropertiesOf<T> };
}[ResourceTypeName];

function typeProperties(
  resource: ResourceDeclaration,
  properties: Mapping<Data>,
  problems: ProblemList,
): TypedProperties | undefined {
  const { name: type, at } = resource.type;
  if (!isResourceTypeName(type)) {
    return problems.add("The resource type is not supported", at);
  }
  const { properties: fields } = resourceTypes[type];
  const path = pathOfKey(resource.at.path, "Properties");
  checkFields(fields, properties, { problems, at: { ...resource.at, path } });
  refuseDynamicReferences(properties, problems);
  if (!problems.isEmpty) {
    return undefined;
  }
  // The fields were just checked against the table that PropertiesOf is computed from.
  return { type, properties: coerceFields(fields, properties) } as TypedProperties;
}

function readSettings(
  resource: ResourceDeclaration,
  poolhouse: Mapping<Data> | undefined,
  problems: ProblemList,
): PoolhouseSettings {
  const { Id: id, ...extensions } = Object.fromEntries(poolhouse?.entries ?? []);
  const pattern = isResourceTypeName(resource.type.name)
    ? resourceTypes[resource.type.name].metadata.id
    : undefined;
  const text = id?.value.kind === "scalar" ? id.value.text : undefined;
  if (id !== undefined && (text === undefined || pattern?.test(text) !== true)) {
    problems.add(`The Id does not have the form of an id of ${resource.type.name}`, id.keyAt);
  }
  if (poolhouse !== undefined) {
    refuseDynamicReferences(poolhouse, problems);
  }
  return {
    id: text,
    extensions: Object.fromEntries(
      Object.entries(extensions).map(([key, { value }]) => [key, plainValue(value)]),
    ),
  };
}

/** AWS fills these in from its own stores; kept as they stand they would be taken for the value itself. */
function refuseDynamicReferences(data: Data, problems: ProblemList): void {
  visitScalars(data, (scalar) => {
    if (scalar.text.includes("{{resolve:")) {
      problems.add("Dynamic references ({{resolve:…}}) are not supported", scalar.at);
    }
  });
}
