import type {
  AdminDeleteSoftwareTokenCommandInput,
  AdminDeleteSoftwareTokenCommandOutput,
} from "@aws-sdk/client-cognito-identity-provider";
import { deleteToken } from "../../../domain/mfa/software-token.ts";
import { loadPool } from "../../../domain/pools/pool.ts";
import { loadUser } from "../../../domain/users/find.ts";
import { required } from "../../../protocol/checks.ts";
import type { CognitoOperation } from "../operation.ts";
import { UsernameType, UserPoolIdType } from "../shapes.ts";

/** Takes a user's authenticator app away, whatever the pool says of such apps by now. */
export const AdminDeleteSoftwareToken: CognitoOperation<
  AdminDeleteSoftwareTokenCommandInput,
  AdminDeleteSoftwareTokenCommandOutput
> = {
  caller: "iam",
  input: { UserPoolId: required(UserPoolIdType), Username: required(UsernameType) },
  async handle(call, input) {
    const pool = await loadPool(call, input.UserPoolId);
    const user = await loadUser(call, pool, input.Username);
    await deleteToken(call, { pool, user });
    return {};
  },
};
