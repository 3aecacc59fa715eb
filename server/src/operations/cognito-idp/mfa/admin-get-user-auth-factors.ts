import type {
  AdminGetUserAuthFactorsCommandInput,
  AdminGetUserAuthFactorsCommandOutput,
} from "@aws-sdk/client-cognito-identity-provider";
import { availableFirstFactors } from "../../../domain/mfa/auth-factors.ts";
import { loadPool } from "../../../domain/pools/pool.ts";
import { loadUser } from "../../../domain/users/find.ts";
import { required } from "../../../protocol/checks.ts";
import type { CognitoOperation } from "../operation.ts";
import { UsernameType, UserPoolIdType } from "../shapes.ts";
import { userMfaType } from "../user-mfa-type.ts";

export const AdminGetUserAuthFactors: CognitoOperation<
  AdminGetUserAuthFactorsCommandInput,
  AdminGetUserAuthFactorsCommandOutput
> = {
  caller: "iam",
  readOnly: true,
  input: { UserPoolId: required(UserPoolIdType), Username: required(UsernameType) },
  async handle(call, input) {
    const pool = await loadPool(call, input.UserPoolId);
    const user = await loadUser(call, pool, input.Username);
    return {
      Username: user.username,
      ...userMfaType(user.factors),
      ConfiguredUserAuthFactors: availableFirstFactors(pool, user),
    };
  },
};
