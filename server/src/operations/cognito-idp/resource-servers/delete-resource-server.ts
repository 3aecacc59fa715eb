import type {
  DeleteResourceServerCommandInput,
  DeleteResourceServerCommandOutput,
} from "@aws-sdk/client-cognito-identity-provider";
import { loadPool } from "../../../domain/pools/pool.ts";
import { deleteResourceServer } from "../../../domain/resource-servers/change.ts";
import { required } from "../../../protocol/checks.ts";
import { ResourceServerIdentifierType } from "../domain-shapes.ts";
import type { CognitoOperation } from "../operation.ts";
import { UserPoolIdType } from "../shapes.ts";

export const DeleteResourceServer: CognitoOperation<
  DeleteResourceServerCommandInput,
  DeleteResourceServerCommandOutput
> = {
  caller: "iam",
  input: {
    UserPoolId: required(UserPoolIdType),
    Identifier: required(ResourceServerIdentifierType),
  },
  async handle(call, input) {
    const pool = await loadPool(call, input.UserPoolId);
    await deleteResourceServer(call, pool, input.Identifier);
    return {};
  },
};
