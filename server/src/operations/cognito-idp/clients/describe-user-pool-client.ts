import type {
  DescribeUserPoolClientCommandInput,
  DescribeUserPoolClientCommandOutput,
} from "@aws-sdk/client-cognito-identity-provider";
import { loadClientOfPool } from "../../../domain/clients/client.ts";
import { loadPool } from "../../../domain/pools/pool.ts";
import { required } from "../../../protocol/checks.ts";
import type { CognitoOperation } from "../operation.ts";
import { ClientIdType, UserPoolIdType } from "../shapes.ts";
import { userPoolClientType } from "../user-pool-client-type.ts";

export const DescribeUserPoolClient: CognitoOperation<
  DescribeUserPoolClientCommandInput,
  DescribeUserPoolClientCommandOutput
> = {
  caller: "iam",
  readOnly: true,
  input: { UserPoolId: required(UserPoolIdType), ClientId: required(ClientIdType) },
  async handle(call, input) {
    const pool = await loadPool(call, input.UserPoolId);
    const client = await loadClientOfPool(call, { pool, clientId: input.ClientId });
    return { UserPoolClient: userPoolClientType(call, client) };
  },
};
