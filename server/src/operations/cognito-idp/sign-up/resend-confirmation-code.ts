import type {
  ResendConfirmationCodeCommandInput,
  ResendConfirmationCodeCommandOutput,
} from "@aws-sdk/client-cognito-identity-provider";
import { loadClient } from "../../../domain/clients/client.ts";
import { checkSourceAddress } from "../../../domain/risk/source-address.ts";
import { resendSignUpCode } from "../../../domain/users/confirm.ts";
import { required } from "../../../protocol/checks.ts";
import { codeDeliveryDetails } from "../code-delivery.ts";
import type { CognitoOperation } from "../operation.ts";
import {
  AnalyticsMetadataType,
  ClientIdType,
  ClientMetadataType,
  SecretHashType,
  UserContextDataType,
  UsernameType,
} from "../shapes.ts";

/** Sends the code of a sign-up again. */
export const ResendConfirmationCode: CognitoOperation<
  ResendConfirmationCodeCommandInput,
  ResendConfirmationCodeCommandOutput
> = {
  caller: "public",
  input: {
    ClientId: required(ClientIdType),
    SecretHash: SecretHashType,
    UserContextData: UserContextDataType,
    Username: required(UsernameType),
    AnalyticsMetadata: AnalyticsMetadataType,
    ClientMetadata: ClientMetadataType,
  },
  async handle(call, input) {
    const at = await loadClient(call, input.ClientId);
    checkSourceAddress(call, at);
    const target = await resendSignUpCode(call, at, {
      username: input.Username,
      secretHash: input.SecretHash,
    });
    return { CodeDeliveryDetails: codeDeliveryDetails(target) };
  },
};
