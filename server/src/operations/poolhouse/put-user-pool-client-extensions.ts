import { changeClient } from "../../domain/clients/change.ts";
import { required } from "../../protocol/checks.ts";
import { ClientIdType, UserPoolIdType } from "../cognito-idp/shapes.ts";
import {
  clientExtensionsDocument,
  clientExtensionsOf,
  type UserPoolClientExtensionsDocument,
  UserPoolClientExtensionsType,
} from "./extensions.ts";
import type { PoolhouseOperation } from "./operation.ts";

/** Replaces the whole document. */
export const PutUserPoolClientExtensions: PoolhouseOperation<
  { UserPoolId: string; ClientId: string; Extensions: UserPoolClientExtensionsDocument },
  { Extensions: UserPoolClientExtensionsDocument }
> = {
  caller: "iam",
  input: {
    UserPoolId: required(UserPoolIdType),
    ClientId: required(ClientIdType),
    Extensions: required(UserPoolClientExtensionsType),
  },
  async handle(call, input) {
    const named = { userPoolId: input.UserPoolId, clientId: input.ClientId };
    const extensions = clientExtensionsOf(input.Extensions);
    const client = await changeClient(call, named, () => ({ extensions }));
    return { Extensions: clientExtensionsDocument(client.extensions) };
  },
};
