import type {
  AdminSetUserPasswordCommandInput,
  AdminSetUserPasswordCommandOutput,
} from "@aws-sdk/client-cognito-identity-provider";
import { loadPool } from "../../../domain/pools/pool.ts";
import { loadUser } from "../../../domain/users/find.ts";
import { setPasswordByAdministrator } from "../../../domain/users/set-password.ts";
import { required } from "../../../protocol/checks.ts";
import type { CognitoOperation } from "../operation.ts";
import { BooleanType, PasswordType, UsernameType, UserPoolIdType } from "../shapes.ts";

/** Sets a user's password, for good or until the first sign-in with it. */
export const AdminSetUserPassword: CognitoOperation<
  AdminSetUserPasswordCommandInput,
  AdminSetUserPasswordCommandOutput
> = {
  caller: "iam",
  input: {
    UserPoolId: required(UserPoolIdType),
    Username: required(UsernameType),
    Password: required(PasswordType),
    Permanent: BooleanType,
  },
  async handle(call, input) {
    const pool = await loadPool(call, input.UserPoolId);
    const user = await loadUser(call, pool, input.Username);
    const { Password: password, Permanent: permanent = false } = input;
    await setPasswordByAdministrator(call, pool, { user, password, permanent });
    return {};
  },
};
