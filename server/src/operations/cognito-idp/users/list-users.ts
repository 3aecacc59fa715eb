import type {
  ListUsersCommandInput,
  ListUsersCommandOutput,
} from "@aws-sdk/client-cognito-identity-provider";
import { loadPool } from "../../../domain/pools/pool.ts";
import { parseFilter } from "../../../domain/users/filter.ts";
import { type FoundUser, findUsers, type UserPosition } from "../../../domain/users/list-users.ts";
import { required } from "../../../protocol/checks.ts";
import { paginate } from "../../../protocol/paginate.ts";
import type { CognitoOperation } from "../operation.ts";
import {
  QueryLimitType,
  SearchedAttributeNamesListType,
  SearchPaginationTokenType,
  UserFilterType,
  UserPoolIdType,
} from "../shapes.ts";
import { userType } from "../user-type.ts";

export const ListUsers: CognitoOperation<ListUsersCommandInput, ListUsersCommandOutput> = {
  caller: "iam",
  readOnly: true,
  input: {
    UserPoolId: required(UserPoolIdType),
    AttributesToGet: SearchedAttributeNamesListType,
    Limit: QueryLimitType,
    PaginationToken: SearchPaginationTokenType,
    Filter: UserFilterType,
  },
  async handle(call, input) {
    const pool = await loadPool(call, input.UserPoolId);
    const filter = parseFilter(input.Filter ?? "");
    const asked = {
      list: ["ListUsers", pool.id, input.Filter ?? ""],
      token: input.PaginationToken,
      limit: input.Limit || 60,
    };
    const attributesToGet = input.AttributesToGet && new Set(input.AttributesToGet);
    const { rows, nextToken } = await paginate<FoundUser, UserPosition>(call, asked, {
      read: (after, limit) => findUsers(call.db, pool, { filter, after, limit }),
      positionOf: ({ position }) => position,
    });
    return {
      Users: rows.map(({ user }) => userType(user, attributesToGet)),
      PaginationToken: nextToken,
    };
  },
};
