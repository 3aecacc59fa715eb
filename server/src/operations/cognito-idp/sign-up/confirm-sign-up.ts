import type {
  ConfirmSignUpCommandInput,
  ConfirmSignUpCommandOutput,
} from "@aws-sdk/client-cognito-identity-provider";
import { offerSignUpSession } from "../../../domain/auth/sign-up-session.ts";
import { loadClient } from "../../../domain/clients/client.ts";
import { checkSourceAddress } from "../../../domain/risk/source-address.ts";
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
    // That of SignUp. The code alone proves the user here, and the Session that is answered follows from it.
    Session: SessionType,
  },
  async handle(call, input) {
    const at = await loadClient(call, input.ClientId);
    checkSourceAddress(call, at);
    const user = await confirmSignUp(call, at, {
      username: input.Username,
      secretHash: input.SecretHash,
      code: input.ConfirmationCode,
      takeOverAliases: input.ForceAliasCreation ?? false,
    });
    const session = await offerSignUpSession(call, at, user);
    return session === undefined ? {} : { Session: session };
  },
};
