import { completeExtensions, replaceExtensions } from "../../domain/pools/extensions.ts";
import { required } from "../../protocol/checks.ts";
import { UserPoolIdType } from "../cognito-idp/shapes.ts";
import {
  poolExtensionsDocument,
  poolExtensionsOf,
  type UserPoolExtensionsDocument,
  UserPoolExtensionsType,
} from "./extensions.ts";
import type { PoolhouseOperation } from "./operation.ts";

/** Replaces the whole document; what is left out becomes what this server gives new pools. */
export const PutUserPoolExtensions: PoolhouseOperation<
  { UserPoolId: string; Extensions: UserPoolExtensionsDocument },
  { Extensions: UserPoolExtensionsDocument }
> = {
  caller: "iam",
  input: {
    UserPoolId: required(UserPoolIdType),
    Extensions: required(UserPoolExtensionsType),
  },
  async handle(call, input) {
    const extensions = completeExtensions(call.settings, poolExtensionsOf(input.Extensions));
    await replaceExtensions(call, input.UserPoolId, extensions);
    return { Extensions: poolExtensionsDocument(extensions) };
  },
};
