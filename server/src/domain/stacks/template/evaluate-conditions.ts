import { evaluateExpression, type Scope } from "./evaluate-expression.ts";
import type { Expression } from "./expression.ts";
import type { Data } from "./nodes.ts";
import type { Template } from "./template.ts";

// Deciding goes down the chain by recursion, so its length is bounded.
const maxChain = 32;

/** What evaluating conditions needs: everything but conditions and resources. */
export type ConditionScope = Omit<Scope, "conditions" | "resolveReference">;

/** Decides every condition of a template; one that cannot be decided is reported and left out. */
export function evaluateConditions(
  template: Template,
  scope: ConditionScope,
): ReadonlyMap<string, boolean> {
  // A condition that cannot be decided is remembered too: trying it again at every use takes exponential time.
  const settled = new Map<string, boolean | undefined>();
  const way = new Set<string>();

  const decide = (name: string): boolean | undefined => {
    const declaration = template.conditions.get(name);
    if (declaration === undefined || settled.has(name)) {
      return settled.get(name);
    }
    if (way.has(name)) {
      return scope.problems.add(`The condition ${name} depends on itself`, declaration.at);
    }
    if (way.size >= maxChain) {
      return scope.problems.add(
        `More than ${maxChain} conditions build on each other`,
        declaration.at,
      );
    }
    way.add(name);
    const holds = evaluateCondition(declaration.expression, { scope, decide });
    way.delete(name);
    settled.set(name, holds);
    return holds;
  };

  const decided = new Map<string, boolean>();
  for (const name of template.conditions.keys()) {
    const holds = decide(name);
    if (holds !== undefined) {
      decided.set(name, holds);
    }
  }
  return decided;
}

interface Decider {
  readonly scope: ConditionScope;
  readonly decide: (name: string) => boolean | undefined;
}

function evaluateCondition(expression: Expression, decider: Decider): boolean | undefined {
  const { problems } = decider.scope;
  if (expression.kind !== "call") {
    return problems.add("Expected a condition function", expression.at);
  }
  switch (expression.name) {
    case "Condition":
      return decider.decide(expression.target);
    case "Fn::Equals":
      return evaluateEquals(expression.left, expression.right, decider.scope);
    case "Fn::Not":
    case "Fn::And":
    case "Fn::Or": {
      const parts = expression.conditions.map((part) => evaluateCondition(part, decider));
      if (parts.includes(undefined)) {
        return undefined;
      }
      const holding = parts.filter((part) => part === true).length;
      return expression.name === "Fn::Not"
        ? holding === 0
        : holding >= (expression.name === "Fn::And" ? parts.length : 1);
    }
    default:
      return problems.add(`${expression.name} gives a value, not a condition`, expression.at);
  }
}

function evaluateEquals(
  left: Expression,
  right: Expression,
  conditionScope: ConditionScope,
): boolean | undefined {
  const scope: Scope = {
    ...conditionScope,
    conditions: new Map(),
    // Names that are no parameters were reported when the template's references were checked.
    resolveReference: () => undefined,
  };
  const values = [left, right].map((side) => evaluateExpression(side, scope));
  const [first, second] = values.map((value) => {
    if (value?.kind === "noValue") {
      return scope.problems.add("AWS::NoValue cannot be compared", value.at);
    }
    return value && canonical(value);
  });
  return first === undefined || second === undefined ? undefined : first === second;
}

/** Values are equal if their texts are: a parameter is a string even where it stands for true or 60. */
function canonical(data: Data): string {
  return JSON.stringify(comparable(data));
}

function comparable(data: Data): unknown {
  switch (data.kind) {
    case "scalar":
      return data.text;
    case "list":
      return data.items.map(comparable);
    case "map":
      return [...data.entries]
        .map(([key, { value }]): [string, unknown] => [key, comparable(value)])
        .sort(([left], [right]) => (left < right ? -1 : 1));
  }
}
