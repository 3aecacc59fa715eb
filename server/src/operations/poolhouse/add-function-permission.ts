import { addPermission } from "../../domain/functions/function.ts";
import { present } from "../../lib/present.ts";
import { required } from "../../protocol/checks.ts";
import {
  FunctionReferenceType,
  ServicePrincipalType,
  SourceAccountType,
  SourceArnType,
  StatementIdType,
  type WirePermission,
} from "./function-shapes.ts";
import type { PoolhouseOperation } from "./operation.ts";

export type AddFunctionPermissionInput = WirePermission & { FunctionName: string };

/** Lets a service call a function; a pool calls as `cognito-idp.amazonaws.com`, its ARN being the SourceArn. */
export const AddFunctionPermission: PoolhouseOperation<AddFunctionPermissionInput, object> = {
  caller: "iam",
  input: {
    FunctionName: required(FunctionReferenceType),
    StatementId: required(StatementIdType),
    Principal: required(ServicePrincipalType),
    SourceArn: SourceArnType,
    SourceAccount: SourceAccountType,
  },
  async handle(call, input) {
    const permission = present({
      statementId: input.StatementId,
      principal: input.Principal,
      sourceArn: input.SourceArn,
      sourceAccount: input.SourceAccount,
    });
    await addPermission(call, input.FunctionName, permission);
    return {};
  },
};
