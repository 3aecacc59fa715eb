import type {
  ListUserPoolsCommandInput,
  ListUserPoolsCommandOutput,
  UserPoolDescriptionType,
} from "@aws-sdk/client-cognito-identity-provider";
import { listPools, type UserPool } from "../../../domain/pools/pool.ts";
import { required } from "../../../protocol/checks.ts";
import { paginate } from "../../../protocol/paginate.ts";
import { lambdaConfigType } from "../lambda-config.ts";
import type { CognitoOperation } from "../operation.ts";
import { PaginationKeyType, PoolQueryLimitType } from "../shapes.ts";

export const ListUserPools: CognitoOperation<
  ListUserPoolsCommandInput,
  ListUserPoolsCommandOutput
> = {
  caller: "iam",
  readOnly: true,
  input: { NextToken: PaginationKeyType, MaxResults: required(PoolQueryLimitType) },
  async handle(call, input) {
    const { region } = call.principal;
    const asked = {
      list: ["ListUserPools", region],
      token: input.NextToken,
      limit: input.MaxResults,
    };
    const { rows, nextToken } = await paginate(call, asked, {
      read: (after: string | undefined, limit) => listPools(call.db, { region, after, limit }),
      positionOf: (pool) => pool.id,
    });
    return { UserPools: rows.map(userPoolDescriptionType), NextToken: nextToken };
  },
};

function userPoolDescriptionType(pool: UserPool): UserPoolDescriptionType {
  return {
    Id: pool.id,
    Name: pool.name,
    LambdaConfig: lambdaConfigType(pool.settings.lambdaConfig),
    CreationDate: new Date(pool.createdAtMs),
    LastModifiedDate: new Date(pool.modifiedAtMs),
  };
}
