/** What the operations on stacks say alike. */
import type { StackOutput } from "../../domain/stacks/stack.ts";
import { string } from "../../protocol/checks.ts";

/** CloudFormation's own pattern of a stack's name. */
export const StackNameType = string({ min: 1, max: 128, pattern: "[a-zA-Z][-a-zA-Z0-9]*" });

export type WireStackOutput = { OutputKey: string; OutputValue: string; Description?: string };

export function toStackOutputs(outputs: readonly StackOutput[]): WireStackOutput[] {
  return outputs.map(({ name, value, description }) => ({
    OutputKey: name,
    OutputValue: value,
    ...(description === undefined ? {} : { Description: description }),
  }));
}
