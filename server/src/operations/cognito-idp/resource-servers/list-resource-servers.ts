import type {
  ListResourceServersCommandInput,
  ListResourceServersCommandOutput,
} from "@aws-sdk/client-cognito-identity-provider";
import { loadPool } from "../../../domain/pools/pool.ts";
import { resourceServerFromRow } from "../../../domain/resource-servers/resource-server.ts";
import { required } from "../../../protocol/checks.ts";
import { paginate } from "../../../protocol/paginate.ts";
import { pageResourceServers } from "../../../store/resource-servers.ts";
import { ListResourceServersLimitType } from "../domain-shapes.ts";
import type { CognitoOperation } from "../operation.ts";
import { resourceServerType } from "../resource-server-type.ts";
import { PaginationKeyType, UserPoolIdType } from "../shapes.ts";

export const ListResourceServers: CognitoOperation<
  ListResourceServersCommandInput,
  ListResourceServersCommandOutput
> = {
  caller: "iam",
  readOnly: true,
  input: {
    UserPoolId: required(UserPoolIdType),
    MaxResults: ListResourceServersLimitType,
    NextToken: PaginationKeyType,
  },
  async handle(call, input) {
    const pool = await loadPool(call, input.UserPoolId);
    const asked = {
      list: ["ListResourceServers", pool.id],
      token: input.NextToken,
      limit: input.MaxResults ?? 50,
    };
    const { rows, nextToken } = await paginate(call, asked, {
      read: (after: string | undefined, limit) =>
        pageResourceServers(call.db, { userPoolId: pool.id, after, limit }),
      positionOf: ({ identifier }) => identifier,
    });
    return {
      ResourceServers: rows.map((row) => resourceServerType(resourceServerFromRow(row))),
      NextToken: nextToken,
    };
  },
};
