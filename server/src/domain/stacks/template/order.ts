import { type Expression, type IfCall, visitCalls } from "./expression.ts";
import type { Reference, ResourceDeclaration, Template } from "./template.ts";
import type { ProblemList } from "./template-error.ts";

const maxShownIds = 10;

/** What is made, and after what. */
export interface ResourceOrder {
  /** Logical ids, each after everything it needs, otherwise as the template has them. */
  readonly order: readonly string[];
  readonly dependencies: ReadonlyMap<string, ReadonlySet<string>>;
}

/** Orders the resources whose conditions hold; reports circles and references to resources that are not made. */
export function orderResources(
  template: Template,
  conditions: ReadonlyMap<string, boolean>,
  problems: ProblemList,
): ResourceOrder {
  const made = new Map(
    [...template.resources].filter(
      ([, { condition }]) => condition === undefined || conditions.get(condition.name) === true,
    ),
  );
  const dependencies = new Map(
    [...made].map(([logicalId, resource]) => {
      const needed = new Set<string>();
      for (const { name, at } of resourceReferences(resource, template, conditions)) {
        if (made.has(name)) {
          needed.add(name);
        } else {
          problems.add(`${name} is not made, because its condition does not hold`, at);
        }
      }
      // A DependsOn on a resource that is not made has nothing to wait for.
      for (const { name } of resource.dependsOn) {
        if (made.has(name)) {
          needed.add(name);
        }
      }
      return [logicalId, needed] as const;
    }),
  );
  return { order: sort(made, dependencies, problems), dependencies };
}

/** Names of resources that the resource's values use, in branches that are taken. */
function resourceReferences(
  resource: ResourceDeclaration,
  template: Template,
  conditions: ReadonlyMap<string, boolean>,
): readonly Reference[] {
  const expressions: Expression[] = [resource.properties];
  if (resource.poolhouse !== undefined) {
    expressions.push(resource.poolhouse);
  }
  return expressions.flatMap((expression) => referencesIn(expression, template, conditions));
}

/** The resources that evaluating `expression` asks for. */
export function referencesIn(
  expression: Expression,
  template: Template,
  conditions: ReadonlyMap<string, boolean>,
): readonly Reference[] {
  const references: Reference[] = [];
  const takenBranch = (call: IfCall) => [
    conditions.get(call.condition) === true ? call.whenTrue : call.whenFalse,
  ];
  visitCalls(
    expression,
    (call) => {
      if (
        (call.name === "Ref" || call.name === "Fn::GetAtt") &&
        template.resources.has(call.target)
      ) {
        references.push({ name: call.target, at: call.at });
      }
    },
    takenBranch,
  );
  return references;
}

/** Depth first: a resource comes after its dependencies; meeting one again on the way down is a circle. */
function sort(
  made: ReadonlyMap<string, ResourceDeclaration>,
  dependencies: ReadonlyMap<string, ReadonlySet<string>>,
  problems: ProblemList,
): readonly string[] {
  const done = new Set<string>();
  const way: string[] = [];
  const visit = (logicalId: string): void => {
    const start = way.indexOf(logicalId);
    const resource = made.get(logicalId);
    if (start !== -1 && resource !== undefined) {
      const circle = describeCircle([...way.slice(start), logicalId]);
      problems.add(`Circular dependency: ${circle}`, resource.at);
    }
    if (start !== -1 || done.has(logicalId)) {
      return;
    }
    way.push(logicalId);
    for (const needed of dependencies.get(logicalId) ?? []) {
      visit(needed);
    }
    way.pop();
    done.add(logicalId);
  };
  for (const logicalId of made.keys()) {
    visit(logicalId);
  }
  return [...done];
}

function describeCircle(logicalIds: readonly string[]): string {
  const shown =
    logicalIds.length > maxShownIds ? [...logicalIds.slice(0, maxShownIds), "…"] : logicalIds;
  return shown.join(" → ");
}
