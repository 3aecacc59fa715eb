import { loadClientOfPool } from "../../domain/clients/client.ts";
import { loadPool } from "../../domain/pools/pool.ts";
import { required } from "../../protocol/checks.ts";
import { ClientIdType, UserPoolIdType } from "../cognito-idp/shapes.ts";
import { clientExtensionsDocument, type UserPoolClientExtensionsDocument } from "./extensions.ts";
import type { PoolhouseOperation } from "./operation.ts";

/** What AWS has no field for, of one client. */
export const GetUserPoolClientExtensions: PoolhouseOperation<
  { UserPoolId: string; ClientId: string },
  { Extensions: UserPoolClientExtensionsDocument }
> = {
  caller: "iam",
  readOnly: true,
  input: { UserPoolId: required(UserPoolIdType), ClientId: required(ClientIdType) },
  async handle(call, input) {
    const pool = await loadPool(call, input.UserPoolId);
    const client = await loadClientOfPool(call, { pool, clientId: input.ClientId });
    return { Extensions: clientExtensionsDocument(client.extensions) };
  },
};
