import type {
  DeleteUserCommandInput,
  DeleteUserCommandOutput,
} from "@aws-sdk/client-cognito-identity-provider";
import { deleteUser } from "../../../domain/users/delete-user.ts";
import { required } from "../../../protocol/checks.ts";
import type { CognitoOperation } from "../operation.ts";
import { TokenModelType } from "../shapes.ts";

export const DeleteUser: CognitoOperation<DeleteUserCommandInput, DeleteUserCommandOutput> = {
  caller: "token",
  input: { AccessToken: required(TokenModelType) },
  async handle(call) {
    await call.change((trx) => deleteUser(trx, call, call.user));
    return {};
  },
};
