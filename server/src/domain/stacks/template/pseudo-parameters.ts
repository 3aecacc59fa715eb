import type { NamedValue } from "./evaluate-expression.ts";

/** The stack that a template is evaluated for. */
export interface StackIdentity {
  readonly region: string;
  readonly accountId: string;
  readonly stackName: string;
  readonly stackId: string;
}

export const pseudoParameterNames = [
  "AWS::AccountId",
  "AWS::NoValue",
  "AWS::Partition",
  "AWS::Region",
  "AWS::StackId",
  "AWS::StackName",
  "AWS::URLSuffix",
] as const;

/** The values of the pseudo parameters; AWS::NoValue is no value and not among them. */
export function pseudoParameters(stack: StackIdentity): ReadonlyMap<string, NamedValue> {
  const { partition, urlSuffix } = partitionOf(stack.region);
  const values: Readonly<
    Record<Exclude<(typeof pseudoParameterNames)[number], "AWS::NoValue">, string>
  > = {
    "AWS::AccountId": stack.accountId,
    "AWS::Partition": partition,
    "AWS::Region": stack.region,
    "AWS::StackId": stack.stackId,
    "AWS::StackName": stack.stackName,
    "AWS::URLSuffix": urlSuffix,
  };
  return new Map(Object.entries(values).map(([name, value]) => [name, { value, noEcho: false }]));
}

function partitionOf(region: string): { readonly partition: string; readonly urlSuffix: string } {
  if (region.startsWith("cn-")) {
    return { partition: "aws-cn", urlSuffix: "amazonaws.com.cn" };
  }
  const partition = region.startsWith("us-gov-") ? "aws-us-gov" : "aws";
  return { partition, urlSuffix: "amazonaws.com" };
}
