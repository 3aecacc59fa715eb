import type {
  DeleteUserPoolCommandInput,
  DeleteUserPoolCommandOutput,
} from "@aws-sdk/client-cognito-identity-provider";
import { deletePool } from "../../../domain/pools/change.ts";
import { required } from "../../../protocol/checks.ts";
import type { CognitoOperation } from "../operation.ts";
import { UserPoolIdType } from "../shapes.ts";

export const DeleteUserPool: CognitoOperation<
  DeleteUserPoolCommandInput,
  DeleteUserPoolCommandOutput
> = {
  caller: "iam",
  input: { UserPoolId: required(UserPoolIdType) },
  async handle(call, input) {
    await deletePool(call, input.UserPoolId);
    return {};
  },
};
