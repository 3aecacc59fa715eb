import type {
  RevokeTokenCommandInput,
  RevokeTokenCommandOutput,
} from "@aws-sdk/client-cognito-identity-provider";
import { clientSecretRefusal, loadClient } from "../../../domain/clients/client.ts";
import { revokeRefreshToken, revokeRefreshTokenAndSession } from "../../../domain/tokens/revoke.ts";
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
    // That of the browser which the sign-in came through; it has no effect where sessions are not tracked.
    RevokeAssociatedSessions: RevokeAssociatedSessionsType,
  },
  async handle(call, input) {
    const { pool, client } = await loadClient(call, input.ClientId);
    const refusal = clientSecretRefusal(call, client, input.ClientSecret);
    if (refusal) throw unauthorized(refusal.message);
    if (!client.settings.enableTokenRevocation) throw tokenRevocationOff();
    const isLinked = input.RevokeAssociatedSessions === "LINKED" && pool.settings.sessions.tracking;
    const revoke = isLinked ? revokeRefreshTokenAndSession : revokeRefreshToken;
    await revoke(call, client, input.Token);
    return {};
  },
};
