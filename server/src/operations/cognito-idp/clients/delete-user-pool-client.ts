import type {
  DeleteUserPoolClientCommandInput,
  DeleteUserPoolClientCommandOutput,
} from "@aws-sdk/client-cognito-identity-provider";
import { deleteClient } from "../../../domain/clients/change.ts";
import { loadClientOfPool } from "../../../domain/clients/client.ts";
import { loadPool } from "../../../domain/pools/pool.ts";
import { required } from "../../../protocol/checks.ts";
import type { CognitoOperation } from "../operation.ts";
import { ClientIdType, UserPoolIdType } from "../shapes.ts";

export const DeleteUserPoolClient: CognitoOperation<
  DeleteUserPoolClientCommandInput,
  DeleteUserPoolClientCommandOutput
> = {
  caller: "iam",
  input: { UserPoolId: required(UserPoolIdType), ClientId: required(ClientIdType) },
  async handle(call, input) {
    const pool = await loadPool(call, input.UserPoolId);
    const client = await loadClientOfPool(call, { pool, clientId: input.ClientId });
    await deleteClient(call, client);
    return {};
  },
};
