import { removePermission } from "../../domain/functions/function.ts";
import { required } from "../../protocol/checks.ts";
import { FunctionReferenceType, StatementIdType } from "./function-shapes.ts";
import type { PoolhouseOperation } from "./operation.ts";

/** Takes a permission back; calls that began before go on. */
export const RemoveFunctionPermission: PoolhouseOperation<
  { FunctionName: string; StatementId: string },
  object
> = {
  caller: "iam",
  input: { FunctionName: required(FunctionReferenceType), StatementId: required(StatementIdType) },
  async handle(call, input) {
    await removePermission(call, input.FunctionName, input.StatementId);
    return {};
  },
};
