import type {
  RevokeTokenCommandInput,
  RevokeTokenCommandOutput,
} from "@aws-sdk/client-cognito-identity-provider";
import { clientSecretRefusal, loadClient } from "../../../domain/clients/client.ts";
import { revokeRefreshToken } from "../../../domain/tokens/revoke.ts";
import { tokenRevocationOff, unauthorized } from "../../../errors/cognito-idp.ts";
import { required } from "../../../protocol/checks.ts";
import type { CognitoOperation } from "../operation.ts";
import {
  ClientIdType,
  ClientSecretType,
  RevokeAssociatedSessionsType,
  TokenModelType,
} from "../shapes.ts";

/** Ends the sign-in that a refresh token belongs to, with all access tokens that came of it. */
export const RevokeToken: CognitoOperation<RevokeTokenCommandInput, RevokeTokenCommandOutput> = {
  caller: "public",
  input: {
    Token: required(TokenModelType),
    ClientId: required(ClientIdType),
    ClientSecret: ClientSecretType,
    // Sessions of hosted login, of which there are none yet.
    RevokeAssociatedSessions: RevokeAssociatedSessionsType,
  },
  async handle(call, input) {
    const { client } = await loadClient(call, input.ClientId);
    const refusal = clientSecretRefusal(call, client, input.ClientSecret);
    if (refusal) throw unauthorized(refusal.message);
    if (!client.settings.enableTokenRevocation) throw tokenRevocationOff();
    await revokeRefreshToken(call, client, input.Token);
    return {};
  },
};
