import type {
  ForgotPasswordCommandInput,
  ForgotPasswordCommandOutput,
} from "@aws-sdk/client-cognito-identity-provider";
import { loadClient } from "../../../domain/clients/client.ts";
import { checkSourceAddress } from "../../../domain/risk/source-address.ts";
import { startRecovery } from "../../../domain/users/recovery.ts";
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

/** Sends a code by which a user can set a new password. */
export const ForgotPassword: CognitoOperation<
  ForgotPasswordCommandInput,
  ForgotPasswordCommandOutput
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
    const target = await startRecovery(call, at, {
      username: input.Username,
      secretHash: input.SecretHash,
    });
    return { CodeDeliveryDetails: codeDeliveryDetails(target) };
  },
};
