import type {
  GetClientTokenCommandInput,
  GetClientTokenCommandOutput,
} from "@aws-sdk/client-cognito-identity-provider";
import {
  clientSecretRefusal,
  clientTokenFlow,
  loadClient,
} from "../../../domain/clients/client.ts";
import { scopesForClient } from "../../../domain/grants/client-credentials.ts";
import { issueClientToken } from "../../../domain/tokens/client-token.ts";
import {
  flowNotEnabled,
  invalidParameter,
  secretHashMismatch,
} from "../../../errors/cognito-idp.ts";
import { required } from "../../../protocol/checks.ts";
import type { CognitoOperation } from "../operation.ts";
import { ScopeListType } from "../pool-shapes.ts";
import { ClientIdType, ClientMetadataType, ClientSecretType } from "../shapes.ts";

/** A token for the client itself, as the token endpoint gives one for client_credentials. */
export const GetClientToken: CognitoOperation<
  GetClientTokenCommandInput,
  GetClientTokenCommandOutput
> = {
  caller: "public",
  input: {
    ClientId: required(ClientIdType),
    Secret: required(ClientSecretType),
    Scopes: ScopeListType,
    ClientMetadata: ClientMetadataType,
  },
  async handle(call, input) {
    const { pool, client } = await loadClient(call, input.ClientId);
    const { assertionKeys, dpop } = client.extensions;
    const refusal = clientSecretRefusal(call, client, input.Secret);
    if (refusal) throw refusal;
    // A client that proves itself by keys has no other way, and one whose tokens are bound gets no others.
    if (assertionKeys !== undefined || dpop === "required") throw secretHashMismatch(client.id);
    if (!client.settings.explicitAuthFlows?.includes(clientTokenFlow)) {
      throw flowNotEnabled("CLIENT_TOKEN_AUTH");
    }
    const scopes = await scopesForClient(call.db, { pool, client }, input.Scopes);
    if (!scopes) throw invalidParameter("Invalid scope requested.");
    const { clientMetadata } = call.passedOn;
    const token = await issueClientToken(call, { pool, client, scopes, clientMetadata });
    return {
      ClientAuthenticationResult: {
        AccessToken: token.accessToken,
        ExpiresIn: token.expiresInSeconds,
        TokenType: "Bearer",
      },
    };
  },
};
