import type {
  AdminResetUserPasswordCommandInput,
  AdminResetUserPasswordCommandOutput,
} from "@aws-sdk/client-cognito-identity-provider";
import { loadPool } from "../../../domain/pools/pool.ts";
import { loadUser } from "../../../domain/users/find.ts";
import { resetPasswordByAdministrator } from "../../../domain/users/set-password.ts";
import { required } from "../../../protocol/checks.ts";
import type { CognitoOperation } from "../operation.ts";
import { ClientMetadataType, UsernameType, UserPoolIdType } from "../shapes.ts";

/** Ends the use of a user's password and sends a code for a new one. */
export const AdminResetUserPassword: CognitoOperation<
  AdminResetUserPasswordCommandInput,
  AdminResetUserPasswordCommandOutput
> = {
  caller: "iam",
  input: {
    UserPoolId: required(UserPoolIdType),
    Username: required(UsernameType),
    ClientMetadata: ClientMetadataType,
  },
  async handle(call, input) {
    const pool = await loadPool(call, input.UserPoolId);
    const user = await loadUser(call, pool, input.Username);
    await resetPasswordByAdministrator(call, pool, user);
    return {};
  },
};
