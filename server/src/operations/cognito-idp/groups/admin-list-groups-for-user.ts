import type {
  AdminListGroupsForUserCommandInput,
  AdminListGroupsForUserCommandOutput,
} from "@aws-sdk/client-cognito-identity-provider";
import { groupFromRow } from "../../../domain/groups/group.ts";
import { loadPool } from "../../../domain/pools/pool.ts";
import { loadUser } from "../../../domain/users/find.ts";
import { required } from "../../../protocol/checks.ts";
import { paginate } from "../../../protocol/paginate.ts";
import { pageGroupsOfUser } from "../../../store/group-members.ts";
import { groupType } from "../group-type.ts";
import type { CognitoOperation } from "../operation.ts";
import { PaginationKey, QueryLimitType, UsernameType, UserPoolIdType } from "../shapes.ts";

export const AdminListGroupsForUser: CognitoOperation<
  AdminListGroupsForUserCommandInput,
  AdminListGroupsForUserCommandOutput
> = {
  caller: "iam",
  readOnly: true,
  input: {
    Username: required(UsernameType),
    UserPoolId: required(UserPoolIdType),
    Limit: QueryLimitType,
    NextToken: PaginationKey,
  },
  async handle(call, input) {
    const pool = await loadPool(call, input.UserPoolId);
    const user = await loadUser(call, pool, input.Username);
    const asked = {
      list: ["AdminListGroupsForUser", pool.id, user.id],
      token: input.NextToken,
      limit: input.Limit || 60,
    };
    const { rows, nextToken } = await paginate(call, asked, {
      read: (after: string | undefined, limit) =>
        pageGroupsOfUser(call.db, { userPoolId: pool.id, userId: user.id, after, limit }),
      positionOf: ({ name }) => name,
    });
    return {
      Groups: rows.map((row) => groupType(pool, groupFromRow(row))),
      NextToken: nextToken,
    };
  },
};
