import type { Fields } from "./property-types.ts";

/** What a template may say of a resource type, after its page in the CloudFormation Template Reference. */
export interface ResourceType {
  readonly properties: Fields;
  /** What Fn::GetAtt can ask for. */
  readonly attributes: readonly string[];
  /** Attributes that AWS has and Poolhouse withholds, with the reason. */
  readonly withheldAttributes: Readonly<Record<string, string>>;
  readonly metadata: PoolhouseMetadata;
}

/** What `Metadata.Poolhouse` of a resource may hold. */
export interface PoolhouseMetadata {
  /** The form of the physical id that `Id` may fix, where it may. */
  readonly id: RegExp | undefined;
  /** Whether its other keys are an extensions document. */
  readonly extensions: boolean;
}

export const noMetadata: PoolhouseMetadata = { id: undefined, extensions: false };
