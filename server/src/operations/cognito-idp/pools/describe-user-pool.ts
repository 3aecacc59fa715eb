import type {
  DescribeUserPoolCommandInput,
  DescribeUserPoolCommandOutput,
} from "@aws-sdk/client-cognito-identity-provider";
import { domainsOf } from "../../../domain/domains/domain.ts";
import { loadPool } from "../../../domain/pools/pool.ts";
import { estimateUsers } from "../../../domain/pools/size.ts";
import { required } from "../../../protocol/checks.ts";
import type { CognitoOperation } from "../operation.ts";
import { UserPoolIdType } from "../shapes.ts";
import { userPoolType } from "../user-pool-type.ts";

export const DescribeUserPool: CognitoOperation<
  DescribeUserPoolCommandInput,
  DescribeUserPoolCommandOutput
> = {
  caller: "iam",
  readOnly: true,
  input: { UserPoolId: required(UserPoolIdType) },
  async handle(call, input) {
    const pool = await loadPool(call, input.UserPoolId);
    const users = await estimateUsers(call, pool);
    const domains = await domainsOf(call.db, pool);
    return { UserPool: userPoolType(pool, { accountId: call.settings.accountId, users, domains }) };
  },
};
