import type { Expression } from "./expression.ts";
import type { Data, Mapping } from "./nodes.ts";
import type { Place } from "./template-error.ts";

/** A template as it was written: read, every name and function recognised, nothing evaluated. */
export interface Template {
  readonly parameters: ReadonlyMap<string, ParameterDeclaration>;
  readonly mappings: ReadonlyMap<string, Mapping<Data>>;
  readonly conditions: ReadonlyMap<string, ConditionDeclaration>;
  readonly resources: ReadonlyMap<string, ResourceDeclaration>;
  readonly outputs: ReadonlyMap<string, OutputDeclaration>;
}

export const parameterTypes = ["String", "Number", "List<Number>", "CommaDelimitedList"] as const;
export type ParameterType = (typeof parameterTypes)[number];

export interface ParameterDeclaration {
  readonly name: string;
  readonly type: ParameterType;
  readonly at: Place;
  readonly noEcho: boolean;
  readonly description: string | undefined;
  readonly default: string | undefined;
  readonly allowedValues: readonly string[] | undefined;
  readonly allowedPattern: string | undefined;
  readonly constraintDescription: string | undefined;
  readonly minLength: number | undefined;
  readonly maxLength: number | undefined;
  readonly minValue: number | undefined;
  readonly maxValue: number | undefined;
}

export interface ConditionDeclaration {
  readonly name: string;
  readonly at: Place;
  readonly expression: Expression;
}

/** A name that one part of a template uses for another. */
export interface Reference {
  readonly name: string;
  readonly at: Place;
}

export const deletionPolicies = ["Delete", "Retain", "RetainExceptOnCreate"] as const;
export type DeletionPolicy = (typeof deletionPolicies)[number];
export const updateReplacePolicies = ["Delete", "Retain"] as const;
export type UpdateReplacePolicy = (typeof updateReplacePolicies)[number];

export interface ResourceDeclaration {
  readonly logicalId: string;
  readonly at: Place;
  readonly type: Reference;
  readonly properties: Mapping<Expression>;
  /** `Metadata.Poolhouse`: what AWS has no field for. */
  readonly poolhouse: Mapping<Expression> | undefined;
  readonly condition: Reference | undefined;
  readonly dependsOn: readonly Reference[];
  readonly deletionPolicy: DeletionPolicy;
  readonly updateReplacePolicy: UpdateReplacePolicy;
}

export interface OutputDeclaration {
  readonly name: string;
  readonly at: Place;
  readonly value: Expression;
  readonly description: string | undefined;
  readonly condition: Reference | undefined;
  readonly exportName: Expression | undefined;
}
