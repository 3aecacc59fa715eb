import type { List, Mapping, Scalar } from "./nodes.ts";
import type { Place } from "./template-error.ts";

/** A value of a template that may hold functions. */
export type Expression = Scalar | List<Expression> | Mapping<Expression> | Call;

/** An intrinsic function with its arguments, whichever way it was written. */
export type Call =
  | RefCall
  | GetAttCall
  | SubCall
  | JoinCall
  | SelectCall
  | SplitCall
  | FindInMapCall
  | Base64Call
  | IfCall
  | EqualsCall
  | LogicCall
  | ConditionCall;

export type CallName = Call["name"];

interface CallOf<Name extends string> {
  readonly kind: "call";
  readonly name: Name;
  readonly at: Place;
}

export interface RefCall extends CallOf<"Ref"> {
  readonly target: string;
}

export interface GetAttCall extends CallOf<"Fn::GetAtt"> {
  readonly target: string;
  readonly attribute: string;
}

/** `variables` stay apart from `parts`, so that a variable used a thousand times is evaluated once. */
export interface SubCall extends CallOf<"Fn::Sub"> {
  readonly parts: readonly SubPart[];
  readonly variables: ReadonlyMap<string, Expression>;
}

export type SubPart =
  | { readonly kind: "literal"; readonly text: string }
  | { readonly kind: "variable"; readonly name: string }
  | RefCall
  | GetAttCall;

export interface JoinCall extends CallOf<"Fn::Join"> {
  readonly delimiter: string;
  readonly values: Expression;
}

export interface SelectCall extends CallOf<"Fn::Select"> {
  readonly index: Expression;
  readonly list: Expression;
}

export interface SplitCall extends CallOf<"Fn::Split"> {
  readonly delimiter: string;
  readonly source: Expression;
}

export interface FindInMapCall extends CallOf<"Fn::FindInMap"> {
  readonly map: Expression;
  readonly topLevelKey: Expression;
  readonly secondLevelKey: Expression;
}

export interface Base64Call extends CallOf<"Fn::Base64"> {
  readonly value: Expression;
}

export interface IfCall extends CallOf<"Fn::If"> {
  readonly condition: string;
  readonly whenTrue: Expression;
  readonly whenFalse: Expression;
}

export interface EqualsCall extends CallOf<"Fn::Equals"> {
  readonly left: Expression;
  readonly right: Expression;
}

export interface LogicCall extends CallOf<"Fn::And" | "Fn::Or" | "Fn::Not"> {
  readonly conditions: readonly Expression[];
}

export interface ConditionCall extends CallOf<"Condition"> {
  readonly target: string;
}

/** Calls `visitor` with every call that evaluating `expression` may come to, outer calls first; `branchesOf` can rule branches out. */
export function visitCalls(
  expression: Expression,
  visitor: (call: Call) => void,
  branchesOf: (call: IfCall) => readonly Expression[] = bothBranches,
): void {
  if (expression.kind === "call") {
    visitor(expression);
  }
  for (const child of childrenOf(expression, branchesOf)) {
    visitCalls(child, visitor, branchesOf);
  }
}

function bothBranches(call: IfCall): readonly Expression[] {
  return [call.whenTrue, call.whenFalse];
}

function childrenOf(
  expression: Expression,
  branchesOf: (call: IfCall) => readonly Expression[],
): readonly Expression[] {
  switch (expression.kind) {
    case "scalar":
      return [];
    case "list":
      return expression.items;
    case "map":
      return [...expression.entries.values()].map(({ value }) => value);
    case "call":
      return argumentsOf(expression, branchesOf);
  }
}

function argumentsOf(
  call: Call,
  branchesOf: (call: IfCall) => readonly Expression[],
): readonly Expression[] {
  switch (call.name) {
    case "Ref":
    case "Fn::GetAtt":
    case "Condition":
      return [];
    case "Fn::Sub":
      return [...call.parts.filter(isCall), ...call.variables.values()];
    case "Fn::Join":
      return [call.values];
    case "Fn::Select":
      return [call.index, call.list];
    case "Fn::Split":
      return [call.source];
    case "Fn::FindInMap":
      return [call.map, call.topLevelKey, call.secondLevelKey];
    case "Fn::Base64":
      return [call.value];
    case "Fn::If":
      return branchesOf(call);
    case "Fn::Equals":
      return [call.left, call.right];
    case "Fn::And":
    case "Fn::Or":
    case "Fn::Not":
      return call.conditions;
  }
}

function isCall(part: SubPart): part is RefCall | GetAttCall {
  return part.kind === "call";
}
