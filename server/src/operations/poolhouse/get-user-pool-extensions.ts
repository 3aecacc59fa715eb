import { loadPool } from "../../domain/pools/pool.ts";
import { required } from "../../protocol/checks.ts";
import { UserPoolIdType } from "../cognito-idp/shapes.ts";
import { poolExtensionsDocument, type UserPoolExtensionsDocument } from "./extensions.ts";
import type { PoolhouseOperation } from "./operation.ts";

/** What AWS has no field for, of one pool. */
export const GetUserPoolExtensions: PoolhouseOperation<
  { UserPoolId: string },
  { Extensions: UserPoolExtensionsDocument }
> = {
  caller: "iam",
  readOnly: true,
  input: { UserPoolId: required(UserPoolIdType) },
  async handle(call, input) {
    const pool = await loadPool(call, input.UserPoolId);
    return { Extensions: poolExtensionsDocument(pool.extensions) };
  },
};
