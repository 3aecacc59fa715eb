import type {
  ListUsersInGroupCommandInput,
  ListUsersInGroupCommandOutput,
} from "@aws-sdk/client-cognito-identity-provider";
import { loadGroup } from "../../../domain/groups/group.ts";
import { loadPool } from "../../../domain/pools/pool.ts";
import { userFromRow } from "../../../domain/users/user.ts";
import { required } from "../../../protocol/checks.ts";
import { paginate } from "../../../protocol/paginate.ts";
import { pageUsersInGroup } from "../../../store/group-members.ts";
import type { CognitoOperation } from "../operation.ts";
import { GroupNameType, PaginationKey, QueryLimitType, UserPoolIdType } from "../shapes.ts";
import { userType } from "../user-type.ts";

export const ListUsersInGroup: CognitoOperation<
  ListUsersInGroupCommandInput,
  ListUsersInGroupCommandOutput
> = {
  caller: "iam",
  readOnly: true,
  input: {
    UserPoolId: required(UserPoolIdType),
    GroupName: required(GroupNameType),
    Limit: QueryLimitType,
    NextToken: PaginationKey,
  },
  async handle(call, input) {
    const pool = await loadPool(call, input.UserPoolId);
    const group = await loadGroup(call, pool, input.GroupName);
    const asked = {
      list: ["ListUsersInGroup", pool.id, group.name],
      token: input.NextToken,
      limit: input.Limit || 60,
    };
    const { rows, nextToken } = await paginate(call, asked, {
      read: (after: string | undefined, limit) =>
        pageUsersInGroup(call.db, {
          userPoolId: pool.id,
          groupName: group.name,
          after,
          limit,
        }),
      positionOf: ({ id }) => id,
    });
    return { Users: rows.map((row) => userType(userFromRow(row))), NextToken: nextToken };
  },
};
