import type {
  AdminUserGlobalSignOutCommandInput,
  AdminUserGlobalSignOutCommandOutput,
} from "@aws-sdk/client-cognito-identity-provider";
import { loadPool } from "../../../domain/pools/pool.ts";
import { signOutEverywhere } from "../../../domain/tokens/revoke.ts";
import { loadUser } from "../../../domain/users/find.ts";
import { required } from "../../../protocol/checks.ts";
import type { CognitoOperation } from "../operation.ts";
import { UsernameType, UserPoolIdType } from "../shapes.ts";

/** Signs a user out on all devices. */
export const AdminUserGlobalSignOut: CognitoOperation<
  AdminUserGlobalSignOutCommandInput,
  AdminUserGlobalSignOutCommandOutput
> = {
  caller: "iam",
  input: { UserPoolId: required(UserPoolIdType), Username: required(UsernameType) },
  async handle(call, input) {
    const pool = await loadPool(call, input.UserPoolId);
    const user = await loadUser(call, pool, input.Username);
    await call.change((trx) => signOutEverywhere(trx, call, user));
    return {};
  },
};
