import type {
  ListGroupsCommandInput,
  ListGroupsCommandOutput,
} from "@aws-sdk/client-cognito-identity-provider";
import { groupFromRow } from "../../../domain/groups/group.ts";
import { loadPool } from "../../../domain/pools/pool.ts";
import { required } from "../../../protocol/checks.ts";
import { paginate } from "../../../protocol/paginate.ts";
import { pageGroups } from "../../../store/groups.ts";
import { groupType } from "../group-type.ts";
import type { CognitoOperation } from "../operation.ts";
import { PaginationKey, QueryLimitType, UserPoolIdType } from "../shapes.ts";

export const ListGroups: CognitoOperation<ListGroupsCommandInput, ListGroupsCommandOutput> = {
  caller: "iam",
  readOnly: true,
  input: {
    UserPoolId: required(UserPoolIdType),
    Limit: QueryLimitType,
    NextToken: PaginationKey,
  },
  async handle(call, input) {
    const pool = await loadPool(call, input.UserPoolId);
    const asked = {
      list: ["ListGroups", pool.id],
      token: input.NextToken,
      limit: input.Limit || 60,
    };
    const { rows, nextToken } = await paginate(call, asked, {
      read: (after: string | undefined, limit) =>
        pageGroups(call.db, { userPoolId: pool.id, after, limit }),
      positionOf: ({ name }) => name,
    });
    return {
      Groups: rows.map((row) => groupType(pool, groupFromRow(row))),
      NextToken: nextToken,
    };
  },
};
