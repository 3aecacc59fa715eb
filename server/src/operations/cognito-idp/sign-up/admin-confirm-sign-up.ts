import type {
  AdminConfirmSignUpCommandInput,
  AdminConfirmSignUpCommandOutput,
} from "@aws-sdk/client-cognito-identity-provider";
import { loadPool } from "../../../domain/pools/pool.ts";
import { confirmByAdministrator } from "../../../domain/users/confirm.ts";
import { loadUser } from "../../../domain/users/find.ts";
import { required } from "../../../protocol/checks.ts";
import type { CognitoOperation } from "../operation.ts";
import { ClientMetadataType, UsernameType, UserPoolIdType } from "../shapes.ts";

/** Confirms a user without a code. */
export const AdminConfirmSignUp: CognitoOperation<
  AdminConfirmSignUpCommandInput,
  AdminConfirmSignUpCommandOutput
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
    await confirmByAdministrator(call, pool, user);
    return {};
  },
};
