import { loadFunction } from "../../domain/functions/function.ts";
import { required } from "../../protocol/checks.ts";
import {
  FunctionReferenceType,
  toWireFunction,
  toWirePermission,
  type WireFunction,
  type WirePermission,
} from "./function-shapes.ts";
import type { PoolhouseOperation } from "./operation.ts";

export type GetFunctionOutput = { Function: WireFunction; Permissions: WirePermission[] };

/** What a function is, and who may call it; its secret and its variables stay hidden. */
export const GetFunction: PoolhouseOperation<{ FunctionName: string }, GetFunctionOutput> = {
  caller: "iam",
  readOnly: true,
  input: { FunctionName: required(FunctionReferenceType) },
  async handle(call, input) {
    const { found, permissions } = await loadFunction(call, input.FunctionName);
    return {
      Function: toWireFunction(found, call.settings.accountId),
      Permissions: permissions.map(toWirePermission),
    };
  },
};
