import type {
  ListUserPoolClientsCommandInput,
  ListUserPoolClientsCommandOutput,
  UserPoolClientDescription,
} from "@aws-sdk/client-cognito-identity-provider";
import { listClients, type UserPoolClient } from "../../../domain/clients/client.ts";
import { loadPool } from "../../../domain/pools/pool.ts";
import { required } from "../../../protocol/checks.ts";
import { paginate } from "../../../protocol/paginate.ts";
import type { CognitoOperation } from "../operation.ts";
import { ClientTypeType, PaginationKey, QueryLimit, UserPoolIdType } from "../shapes.ts";

export const ListUserPoolClients: CognitoOperation<
  ListUserPoolClientsCommandInput,
  ListUserPoolClientsCommandOutput
> = {
  caller: "iam",
  readOnly: true,
  input: {
    UserPoolId: required(UserPoolIdType),
    MaxResults: QueryLimit,
    NextToken: PaginationKey,
    ClientType: ClientTypeType,
  },
  async handle(call, input) {
    const pool = await loadPool(call, input.UserPoolId);
    // Clients that registered themselves; none can, yet.
    if (input.ClientType === "DCR") return { UserPoolClients: [] };
    const asked = {
      list: ["ListUserPoolClients", pool.id],
      token: input.NextToken,
      limit: input.MaxResults ?? 60,
    };
    const { rows, nextToken } = await paginate(call, asked, {
      read: (after: string | undefined, limit) => listClients(call.db, pool, { after, limit }),
      positionOf: (client) => client.id,
    });
    return { UserPoolClients: rows.map(userPoolClientDescription), NextToken: nextToken };
  },
};

function userPoolClientDescription(client: UserPoolClient): UserPoolClientDescription {
  return { ClientId: client.id, UserPoolId: client.userPoolId, ClientName: client.name };
}
