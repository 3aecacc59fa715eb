import type {
  AdminDeleteUserCommandInput,
  AdminDeleteUserCommandOutput,
} from "@aws-sdk/client-cognito-identity-provider";
import { loadPool } from "../../../domain/pools/pool.ts";
import { deleteUser } from "../../../domain/users/delete-user.ts";
import { loadUser } from "../../../domain/users/find.ts";
import { required } from "../../../protocol/checks.ts";
import type { CognitoOperation } from "../operation.ts";
import { UsernameType, UserPoolIdType } from "../shapes.ts";

export const AdminDeleteUser: CognitoOperation<
  AdminDeleteUserCommandInput,
  AdminDeleteUserCommandOutput
> = {
  caller: "iam",
  input: { UserPoolId: required(UserPoolIdType), Username: required(UsernameType) },
  async handle(call, input) {
    const pool = await loadPool(call, input.UserPoolId);
    const user = await loadUser(call, pool, input.Username);
    await call.change((trx) => deleteUser(trx, call, user));
    return {};
  },
};
