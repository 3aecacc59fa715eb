import type {
  GetTokensFromRefreshTokenCommandInput,
  GetTokensFromRefreshTokenCommandOutput,
} from "@aws-sdk/client-cognito-identity-provider";
import { allowsFlow, clientSecretRefusal, loadClient } from "../../../domain/clients/client.ts";
import { checkSourceAddress } from "../../../domain/risk/source-address.ts";
import { loadRefreshToken, refreshTokens, rotates } from "../../../domain/tokens/refresh.ts";
import { flowNotEnabled } from "../../../errors/cognito-idp.ts";
import { required } from "../../../protocol/checks.ts";
import { toAuthenticationResult } from "../auth-outcome.ts";
import type { CognitoOperation } from "../operation.ts";
import {
  ClientIdType,
  ClientMetadataType,
  ClientSecretType,
  DeviceKeyType,
  TokenModelType,
} from "../shapes.ts";

/** New tokens for a refresh token; with rotation the refresh token is a new one too. */
export const GetTokensFromRefreshToken: CognitoOperation<
  GetTokensFromRefreshTokenCommandInput,
  GetTokensFromRefreshTokenCommandOutput
> = {
  caller: "public",
  input: {
    RefreshToken: required(TokenModelType),
    ClientId: required(ClientIdType),
    ClientSecret: ClientSecretType,
    DeviceKey: DeviceKeyType,
    ClientMetadata: ClientMetadataType,
  },
  async handle(call, input) {
    const { pool, client } = await loadClient(call, input.ClientId);
    checkSourceAddress(call, { pool, client });
    const refusal = clientSecretRefusal(call, client, input.ClientSecret);
    if (refusal) throw refusal;
    if (!rotates(client) && !allowsFlow(client, "REFRESH_TOKEN_AUTH")) {
      throw flowNotEnabled("REFRESH_TOKEN_AUTH");
    }
    const presented = await loadRefreshToken(
      call,
      { pool, client },
      { token: input.RefreshToken, deviceKey: input.DeviceKey },
    );
    const { clientMetadata } = call.passedOn;
    const tokens = await refreshTokens(call, { pool, client, clientMetadata }, presented);
    return { AuthenticationResult: toAuthenticationResult(tokens) };
  },
};
