import type {
  ConfirmSignUpCommandInput,
  ConfirmSignUpCommandOutput,
} from "@aws-sdk/client-cognito-identity-provider";
import { loadClient } from "../../../domain/clients/client.ts";
import { confirmSignUp } from "../../../domain/users/confirm.ts";
import { required } from "../../../protocol/checks.ts";
import type { CognitoOperation } from "../operation.ts";
import {
  AnalyticsMetadataType,
  ClientIdType,
  ClientMetadataType,
  ConfirmationCodeType,
  ForceAliasCreation,
  SecretHashType,
  SessionType,
  UserContextDataType,
  UsernameType,
} from "../shapes.ts";

/** Confirms a user with the code that SignUp sent. */
export const ConfirmSignUp: CognitoOperation<
  ConfirmSignUpCommandInput,
  ConfirmSignUpCommandOutput
> = {
  caller: "public",
  input: {
    ClientId: required(ClientIdType),
    SecretHash: SecretHashType,
    Username: required(UsernameType),
    ConfirmationCode: required(ConfirmationCodeType),
    ForceAliasCreation,
    AnalyticsMetadata: AnalyticsMetadataType,
    UserContextData: UserContextDataType,
    ClientMetadata: ClientMetadataType,
    // It would lead to a sign-in without a password; SignUp gives none out.
    Session: SessionType,
  },
  async handle(call, input) {
    const at = await loadClient(call, input.ClientId);
    await confirmSignUp(call, at, {
      username: input.Username,
      secretHash: input.SecretHash,
      code: input.ConfirmationCode,
      takeOverAliases: input.ForceAliasCreation ?? false,
    });
    return {};
  },
};
