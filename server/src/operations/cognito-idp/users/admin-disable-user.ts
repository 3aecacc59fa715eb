import type {
  AdminDisableUserCommandInput,
  AdminDisableUserCommandOutput,
} from "@aws-sdk/client-cognito-identity-provider";
import { loadPool } from "../../../domain/pools/pool.ts";
import { disableUser } from "../../../domain/users/enable.ts";
import { loadUser } from "../../../domain/users/find.ts";
import { required } from "../../../protocol/checks.ts";
import type { CognitoOperation } from "../operation.ts";
import { UsernameType, UserPoolIdType } from "../shapes.ts";

export const AdminDisableUser: CognitoOperation<
  AdminDisableUserCommandInput,
  AdminDisableUserCommandOutput
> = {
  caller: "iam",
  input: { UserPoolId: required(UserPoolIdType), Username: required(UsernameType) },
  async handle(call, input) {
    const pool = await loadPool(call, input.UserPoolId);
    const user = await loadUser(call, pool, input.Username);
    await call.change((trx) => disableUser(trx, call, { pool, user }));
    return {};
  },
};
