import type {
  ChangePasswordCommandInput,
  ChangePasswordCommandOutput,
} from "@aws-sdk/client-cognito-identity-provider";
import { changePassword } from "../../../domain/users/set-password.ts";
import { required } from "../../../protocol/checks.ts";
import type { CognitoOperation } from "../operation.ts";
import { PasswordOrBlankType, PasswordType, TokenModelType } from "../shapes.ts";

/** Changes the password of the signed-in user, who proves the present one. */
export const ChangePassword: CognitoOperation<
  ChangePasswordCommandInput,
  ChangePasswordCommandOutput
> = {
  caller: "token",
  input: {
    PreviousPassword: PasswordOrBlankType,
    ProposedPassword: required(PasswordType),
    AccessToken: required(TokenModelType),
  },
  async handle(call, input) {
    const previous = input.PreviousPassword || undefined;
    await changePassword(call, { previous, proposed: input.ProposedPassword });
    return {};
  },
};
