import { applyStack } from "../../domain/stacks/apply.ts";
import type { Change } from "../../domain/stacks/changes.ts";
import { boolean, hidden, list, required, string, structure } from "../../protocol/checks.ts";
import type { PoolhouseOperation } from "./operation.ts";
import { StackNameType, toStackOutputs, type WireStackOutput } from "./stack-shapes.ts";

type Parameter = { ParameterKey: string | undefined; ParameterValue: string | undefined };

export type ApplyStackInput = {
  StackName: string | undefined;
  TemplateBody: string | undefined;
  Parameters?: Parameter[];
  /** Only tell what would change. */
  DryRun?: boolean;
  AllowReplacement?: boolean;
  AllowDeletion?: boolean;
};

export type WireChange = {
  Action: string;
  LogicalId: string;
  Type: string;
  PhysicalId?: string;
  Properties: string[];
  Note?: string;
};

export type ApplyStackOutput = { Changes: WireChange[]; Outputs: WireStackOutput[] };

// CloudFormation's limits of a template's text and of parameters.
const templateMaxLength = 1_048_576;
const parameterMaxLength = 4096;

/** Makes what a CloudFormation template describes, or tells what that would change. */
export const ApplyStack: PoolhouseOperation<ApplyStackInput, ApplyStackOutput> = {
  caller: "iam",
  input: {
    StackName: required(StackNameType),
    // Kept out of the trail for its length; every call that comes of it leaves its own row.
    TemplateBody: required(hidden(string({ min: 1, max: templateMaxLength }))),
    Parameters: hidden(
      list(
        structure<Parameter>({
          ParameterKey: required(string({ min: 1, max: 255 })),
          ParameterValue: required(string({ max: parameterMaxLength })),
        }),
        { max: 200 },
      ),
    ),
    DryRun: boolean,
    AllowReplacement: boolean,
    AllowDeletion: boolean,
  },
  async handle(call, input) {
    const { changes, outputs } = await applyStack(call, {
      stackName: input.StackName,
      template: input.TemplateBody,
      parameters: new Map(
        (input.Parameters ?? []).map(({ ParameterKey = "", ParameterValue = "" }) => [
          ParameterKey,
          ParameterValue,
        ]),
      ),
      dryRun: input.DryRun ?? false,
      allowReplacement: input.AllowReplacement ?? false,
      allowDeletion: input.AllowDeletion ?? false,
    });
    return { Changes: changes.map(toWireChange), Outputs: toStackOutputs(outputs) };
  },
};

function toWireChange({
  action,
  logicalId,
  type,
  physicalId,
  properties,
  note,
}: Change): WireChange {
  return {
    Action: action,
    LogicalId: logicalId,
    Type: type,
    ...(physicalId === undefined ? {} : { PhysicalId: physicalId }),
    Properties: [...properties],
    ...(note === undefined ? {} : { Note: note }),
  };
}
