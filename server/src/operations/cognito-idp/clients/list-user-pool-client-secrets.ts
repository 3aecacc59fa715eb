import type {
  ListUserPoolClientSecretsCommandInput,
  ListUserPoolClientSecretsCommandOutput,
} from "@aws-sdk/client-cognito-identity-provider";
import { loadClientOfPool } from "../../../domain/clients/client.ts";
import { openSecrets } from "../../../domain/clients/secrets.ts";
import { loadPool } from "../../../domain/pools/pool.ts";
import { required } from "../../../protocol/checks.ts";
import { paginate } from "../../../protocol/paginate.ts";
import { clientSecretDescriptor } from "../client-secret-descriptor.ts";
import type { CognitoOperation } from "../operation.ts";
import { ClientIdType, PaginationKey, UserPoolIdType } from "../shapes.ts";

export const ListUserPoolClientSecrets: CognitoOperation<
  ListUserPoolClientSecretsCommandInput,
  ListUserPoolClientSecretsCommandOutput
> = {
  caller: "iam",
  readOnly: true,
  input: {
    UserPoolId: required(UserPoolIdType),
    ClientId: required(ClientIdType),
    NextToken: PaginationKey,
  },
  async handle(call, input) {
    const pool = await loadPool(call, input.UserPoolId);
    const client = await loadClientOfPool(call, { pool, clientId: input.ClientId });
    const secrets = openSecrets(call, client);
    // All at once (API reference), so no token is of this list.
    const asked = {
      list: ["ListUserPoolClientSecrets", client.id],
      token: input.NextToken,
      limit: secrets.length,
    };
    const { rows } = await paginate(call, asked, {
      read: () => Promise.resolve(secrets),
      positionOf: (secret) => secret.id,
    });
    return { ClientSecrets: rows.map(clientSecretDescriptor) };
  },
};
