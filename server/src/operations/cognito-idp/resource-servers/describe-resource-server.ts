import type {
  DescribeResourceServerCommandInput,
  DescribeResourceServerCommandOutput,
} from "@aws-sdk/client-cognito-identity-provider";
import { loadPool } from "../../../domain/pools/pool.ts";
import { loadResourceServer } from "../../../domain/resource-servers/resource-server.ts";
import { required } from "../../../protocol/checks.ts";
import { ResourceServerIdentifierType } from "../domain-shapes.ts";
import type { CognitoOperation } from "../operation.ts";
import { resourceServerType } from "../resource-server-type.ts";
import { UserPoolIdType } from "../shapes.ts";

export const DescribeResourceServer: CognitoOperation<
  DescribeResourceServerCommandInput,
  DescribeResourceServerCommandOutput
> = {
  caller: "iam",
  readOnly: true,
  input: {
    UserPoolId: required(UserPoolIdType),
    Identifier: required(ResourceServerIdentifierType),
  },
  async handle(call, input) {
    const pool = await loadPool(call, input.UserPoolId);
    const server = await loadResourceServer(call, pool, input.Identifier);
    return { ResourceServer: resourceServerType(server) };
  },
};
