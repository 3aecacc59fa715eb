import type {
  AdminGetUserCommandInput,
  AdminGetUserCommandOutput,
} from "@aws-sdk/client-cognito-identity-provider";
import { loadPool } from "../../../domain/pools/pool.ts";
import { loadUser } from "../../../domain/users/find.ts";
import { required } from "../../../protocol/checks.ts";
import type { CognitoOperation } from "../operation.ts";
import { UsernameType, UserPoolIdType } from "../shapes.ts";
import { userMfaType } from "../user-mfa-type.ts";
import { userType } from "../user-type.ts";

export const AdminGetUser: CognitoOperation<AdminGetUserCommandInput, AdminGetUserCommandOutput> = {
  caller: "iam",
  readOnly: true,
  input: { UserPoolId: required(UserPoolIdType), Username: required(UsernameType) },
  async handle(call, input) {
    const pool = await loadPool(call, input.UserPoolId);
    const user = await loadUser(call, pool, input.Username);
    const { Attributes, ...shown } = userType(user);
    return { ...shown, UserAttributes: Attributes, ...userMfaType(user.factors) };
  },
};
