import { refuseStack } from "../../domain/stacks/refusal.ts";
import { loadStack, loadStackResources } from "../../domain/stacks/stack.ts";
import { required } from "../../protocol/checks.ts";
import type { PoolhouseOperation } from "./operation.ts";
import { StackNameType, toStackOutputs, type WireStackOutput } from "./stack-shapes.ts";

export type DescribeStackInput = { StackName: string | undefined };

export type DescribeStackOutput = {
  StackName: string;
  StackStatus: string;
  CreationTime: Date;
  LastUpdatedTime: Date;
  TemplateBody: string;
  Outputs: WireStackOutput[];
  Resources: { LogicalId: string; PhysicalId: string; Type: string; ResourceStatus: string }[];
};

/** Tells what a stack is made of. */
export const DescribeStack: PoolhouseOperation<DescribeStackInput, DescribeStackOutput> = {
  caller: "iam",
  readOnly: true,
  input: { StackName: required(StackNameType) },
  async handle(call, input) {
    const stack = await loadStack(call, input.StackName);
    // CloudFormation's words.
    if (!stack) throw refuseStack(`Stack with id ${input.StackName} does not exist`);
    const resources = await loadStackResources(call, stack.name);
    return {
      StackName: stack.name,
      StackStatus: stack.status,
      CreationTime: new Date(stack.createdAtMs),
      LastUpdatedTime: new Date(stack.modifiedAtMs),
      TemplateBody: stack.template,
      Outputs: toStackOutputs(stack.outputs),
      Resources: [...resources.values()].map(({ logicalId, physicalId, type, state }) => ({
        LogicalId: logicalId,
        PhysicalId: physicalId,
        Type: type,
        ResourceStatus: state,
      })),
    };
  },
};
