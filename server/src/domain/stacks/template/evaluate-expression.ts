import type {
  Call,
  Expression,
  FindInMapCall,
  GetAttCall,
  IfCall,
  JoinCall,
  RefCall,
  SelectCall,
  SplitCall,
  SubCall,
} from "./expression.ts";
import type { Data, Entry, List, Mapping, Scalar } from "./nodes.ts";
import { type Place, type ProblemList, printable } from "./template-error.ts";

/** Gives the physical id of a resource, or an attribute of it; undefined as long as it does not exist. */
export type ResolveReference = (
  logicalId: string,
  attribute: string | undefined,
) => string | undefined;

/** What names mean while an expression is evaluated. */
export interface Scope {
  /** Parameters and pseudo parameters, without AWS::NoValue. */
  readonly values: ReadonlyMap<string, NamedValue>;
  readonly mappings: ReadonlyMap<string, Mapping<Data>>;
  readonly conditions: ReadonlyMap<string, boolean>;
  readonly resolveReference: ResolveReference;
  readonly budget: Budget;
  readonly problems: ProblemList;
}

export interface NamedValue {
  readonly value: string | readonly string[];
  readonly noEcho: boolean;
}

/** AWS::NoValue, which takes away the property or item that it stands for. */
export interface NoValue {
  readonly kind: "noValue";
  readonly at: Place;
}

type Evaluated = Data | NoValue;

// The longest text any Cognito member takes (StringType).
const maxTextCharacters = 131_072;
const maxWork = 2_000_000;

/** Bounds what evaluating a template may make: short functions can name each other's results again and again. */
export class Budget {
  #left = maxWork;

  spend(amount: number, at: Place, problems: ProblemList): boolean {
    if (this.#left >= 0 && this.#left < amount) {
      problems.add("Evaluating the template makes too much text and too many values", at);
    }
    this.#left = Math.max(this.#left - amount, -1);
    return this.#left >= 0;
  }
}

/** Evaluates an expression; undefined where a problem was reported. */
export function evaluateExpression(expression: Expression, scope: Scope): Evaluated | undefined {
  if (!scope.budget.spend(1, expression.at, scope.problems)) {
    return undefined;
  }
  switch (expression.kind) {
    case "scalar":
      return expression;
    case "list":
      return evaluateList(expression, scope);
    case "map":
      return evaluateMap(expression, scope);
    case "call":
      return evaluateCall(expression, scope);
  }
}

/** Evaluates the values of a mapping, leaving out those that come to AWS::NoValue. */
export function evaluateMap(map: Mapping<Expression>, scope: Scope): Mapping<Data> | undefined {
  const entries = new Map<string, Entry<Data>>();
  let isWhole = true;
  for (const [key, { keyAt, value }] of map.entries) {
    const evaluated = evaluateExpression(value, scope);
    isWhole &&= evaluated !== undefined;
    if (evaluated !== undefined && evaluated.kind !== "noValue") {
      entries.set(key, { keyAt, value: evaluated });
    }
  }
  return isWhole ? { kind: "map", entries, at: map.at } : undefined;
}

function evaluateList(list: List<Expression>, scope: Scope): List<Data> | undefined {
  const evaluated = list.items.map((item) => evaluateExpression(item, scope));
  return evaluated.some((item) => item === undefined)
    ? undefined
    : { kind: "list", items: evaluated.filter(isData), at: list.at };
}

function isData(evaluated: Evaluated | undefined): evaluated is Data {
  return evaluated !== undefined && evaluated.kind !== "noValue";
}

function evaluateCall(call: Call, scope: Scope): Evaluated | undefined {
  switch (call.name) {
    case "Ref":
      return evaluateRef(call, scope);
    case "Fn::GetAtt":
      return evaluateGetAtt(call, scope);
    case "Fn::Sub":
      return evaluateSub(call, scope);
    case "Fn::Join":
      return evaluateJoin(call, scope);
    case "Fn::Select":
      return evaluateSelect(call, scope);
    case "Fn::Split":
      return evaluateSplit(call, scope);
    case "Fn::FindInMap":
      return evaluateFindInMap(call, scope);
    case "Fn::Base64": {
      const value = evaluateText(call.value, scope);
      return (
        value &&
        makeText(Buffer.from(value.text).toString("base64"), { ...value, at: call.at }, scope)
      );
    }
    case "Fn::If":
      return evaluateIf(call, scope);
    default:
      return scope.problems.add(`${call.name} gives a condition, not a value`, call.at);
  }
}

function evaluateRef({ target, at }: RefCall, scope: Scope): Evaluated | undefined {
  if (target === "AWS::NoValue") {
    return { kind: "noValue", at };
  }
  const named = scope.values.get(target);
  if (named === undefined) {
    return resolve(target, undefined, { at, scope });
  }
  const { value, noEcho } = named;
  return typeof value === "string"
    ? makeText(value, { at, noEcho }, scope)
    : makeList(value, { at, noEcho }, scope);
}

function evaluateGetAtt({ target, attribute, at }: GetAttCall, scope: Scope): Scalar | undefined {
  return resolve(target, attribute, { at, scope });
}

function resolve(
  logicalId: string,
  attribute: string | undefined,
  { at, scope }: { readonly at: Place; readonly scope: Scope },
): Scalar | undefined {
  const text = scope.resolveReference(logicalId, attribute);
  if (text !== undefined) {
    return makeText(text, { at }, scope);
  }
  const what = attribute === undefined ? logicalId : `${logicalId}.${attribute}`;
  return scope.problems.add(`${printable(what)} does not exist yet`, at);
}

interface Origin {
  readonly at: Place;
  readonly noEcho?: boolean | undefined;
}

function makeText(text: string, { at, noEcho }: Origin, scope: Scope): Scalar | undefined {
  if (text.length > maxTextCharacters) {
    return scope.problems.add(`The text has more than ${maxTextCharacters} characters`, at);
  }
  if (!scope.budget.spend(text.length, at, scope.problems)) {
    return undefined;
  }
  const made = { kind: "scalar", value: text, text, at, computed: true } as const;
  return noEcho === true ? { ...made, noEcho } : made;
}

function makeList(texts: readonly string[], origin: Origin, scope: Scope): List<Data> | undefined {
  if (!scope.budget.spend(texts.length, origin.at, scope.problems)) {
    return undefined;
  }
  const items = texts.map((text) => makeText(text, origin, scope));
  return items.some((item) => item === undefined)
    ? undefined
    : { kind: "list", items: items.filter((item) => item !== undefined), at: origin.at };
}

/** Evaluates what has to come to a single value. */
function evaluateText(expression: Expression, scope: Scope): Scalar | undefined {
  const evaluated = evaluateExpression(expression, scope);
  return evaluated && asScalar(evaluated, scope);
}

function asScalar(evaluated: Evaluated, scope: Scope): Scalar | undefined {
  return evaluated.kind === "scalar"
    ? evaluated
    : scope.problems.add(`Expected a string, found ${nameOfKind(evaluated)}`, evaluated.at);
}

/** Evaluates what has to come to a list. */
function evaluateToList(expression: Expression, scope: Scope): List<Data> | undefined {
  const evaluated = evaluateExpression(expression, scope);
  if (evaluated === undefined || evaluated.kind === "list") {
    return evaluated;
  }
  return scope.problems.add(`Expected a list, found ${nameOfKind(evaluated)}`, evaluated.at);
}

function nameOfKind({ kind }: Evaluated): string {
  const names = { scalar: "a string", list: "a list", map: "a mapping", noValue: "AWS::NoValue" };
  return names[kind];
}

function evaluateSub(call: SubCall, scope: Scope): Scalar | undefined {
  const variables = new Map<string, Scalar | undefined>();
  for (const [name, expression] of call.variables) {
    variables.set(name, evaluateText(expression, scope));
  }
  const pieces = call.parts.map((part) => {
    if (part.kind === "literal") {
      return { text: part.text };
    }
    return part.kind === "variable" ? variables.get(part.name) : evaluateText(part, scope);
  });
  return join(pieces, { at: call.at, delimiter: "" }, scope);
}

function evaluateJoin(call: JoinCall, scope: Scope): Scalar | undefined {
  const list = evaluateToList(call.values, scope);
  return (
    list &&
    join(
      list.items.map((item) => asScalar(item, scope)),
      call,
      scope,
    )
  );
}

type Piece = Pick<Scalar, "text" | "noEcho">;

/** Joins pieces into one text, whose length is known and bounded before it is made. */
function join(
  pieces: readonly (Piece | undefined)[],
  { at, delimiter }: { readonly at: Place; readonly delimiter: string },
  scope: Scope,
): Scalar | undefined {
  const whole = pieces.filter((piece) => piece !== undefined);
  if (whole.length < pieces.length) {
    return undefined;
  }
  const delimiters = delimiter.length * Math.max(whole.length - 1, 0);
  const length = whole.reduce((sum, { text }) => sum + text.length, delimiters);
  if (length > maxTextCharacters) {
    return scope.problems.add(`The text has more than ${maxTextCharacters} characters`, at);
  }
  const noEcho = whole.some((piece) => piece.noEcho === true);
  return makeText(whole.map(({ text }) => text).join(delimiter), { at, noEcho }, scope);
}

function evaluateSelect(call: SelectCall, scope: Scope): Data | undefined {
  const index = evaluateText(call.index, scope);
  const list = evaluateToList(call.list, scope);
  if (index === undefined || list === undefined) {
    return undefined;
  }
  const item = /^\d{1,9}$/.test(index.text) ? list.items[Number(index.text)] : undefined;
  return (
    item ??
    scope.problems.add(`Fn::Select takes an index from 0 to ${list.items.length - 1}`, call.at)
  );
}

function evaluateSplit(call: SplitCall, scope: Scope): List<Data> | undefined {
  const source = evaluateText(call.source, scope);
  return (
    source &&
    makeList(source.text.split(call.delimiter), { at: call.at, noEcho: source.noEcho }, scope)
  );
}

function evaluateFindInMap(call: FindInMapCall, scope: Scope): Data | undefined {
  const names = [call.map, call.topLevelKey, call.secondLevelKey].map((part) =>
    evaluateText(part, scope),
  );
  const [map, topLevelKey, secondLevelKey] = names;
  if (map === undefined || topLevelKey === undefined || secondLevelKey === undefined) {
    return undefined;
  }
  const top = scope.mappings.get(map.text)?.entries.get(topLevelKey.text)?.value;
  const found = top?.kind === "map" ? top.entries.get(secondLevelKey.text)?.value : undefined;
  if (found === undefined) {
    const way = names
      .map((name) => (name?.computed ? "…" : printable(name?.text ?? "")))
      .join(", ");
    return scope.problems.add(`The mappings hold nothing under ${way}`, call.at);
  }
  const size = found.kind === "list" ? found.items.length : 1;
  return scope.budget.spend(size, call.at, scope.problems) ? { ...found, at: call.at } : undefined;
}

function evaluateIf(call: IfCall, scope: Scope): Evaluated | undefined {
  const holds = scope.conditions.get(call.condition);
  return holds === undefined
    ? scope.problems.add(`Unknown condition ${printable(call.condition)}`, call.at)
    : evaluateExpression(holds ? call.whenTrue : call.whenFalse, scope);
}
