import { removeFunction } from "../../domain/functions/function.ts";
import { required } from "../../protocol/checks.ts";
import { FunctionReferenceType } from "./function-shapes.ts";
import type { PoolhouseOperation } from "./operation.ts";

/** Removes a function; pools that name it let nobody in by it. */
export const DeleteFunction: PoolhouseOperation<{ FunctionName: string }, object> = {
  caller: "iam",
  input: { FunctionName: required(FunctionReferenceType) },
  async handle(call, input) {
    await removeFunction(call, input.FunctionName);
    return {};
  },
};
