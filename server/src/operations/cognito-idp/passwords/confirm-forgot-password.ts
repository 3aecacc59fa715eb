import type {
  ConfirmForgotPasswordCommandInput,
  ConfirmForgotPasswordCommandOutput,
} from "@aws-sdk/client-cognito-identity-provider";
import { loadClient } from "../../../domain/clients/client.ts";
import { checkSourceAddress } from "../../../domain/risk/source-address.ts";
import { finishRecovery } from "../../../domain/users/recovery.ts";
import { required } from "../../../protocol/checks.ts";
import type { CognitoOperation } from "../operation.ts";
import {
  AnalyticsMetadataType,
  ClientIdType,
  ClientMetadataType,
  ConfirmationCodeType,
  PasswordType,
  SecretHashType,
  UserContextDataType,
  UsernameType,
} from "../shapes.ts";

/** Sets a new password with the code that ForgotPassword or AdminResetUserPassword sent. */
export const ConfirmForgotPassword: CognitoOperation<
  ConfirmForgotPasswordCommandInput,
  ConfirmForgotPasswordCommandOutput
> = {
  caller: "public",
  input: {
    ClientId: required(ClientIdType),
    SecretHash: SecretHashType,
    Username: required(UsernameType),
    ConfirmationCode: required(ConfirmationCodeType),
    Password: required(PasswordType),
    AnalyticsMetadata: AnalyticsMetadataType,
    UserContextData: UserContextDataType,
    ClientMetadata: ClientMetadataType,
  },
  async handle(call, input) {
    const at = await loadClient(call, input.ClientId);
    checkSourceAddress(call, at);
    await finishRecovery(call, at, {
      username: input.Username,
      secretHash: input.SecretHash,
      code: input.ConfirmationCode,
      password: input.Password,
    });
    return {};
  },
};
