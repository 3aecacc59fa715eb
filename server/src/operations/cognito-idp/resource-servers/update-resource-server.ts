import type {
  UpdateResourceServerCommandInput,
  UpdateResourceServerCommandOutput,
} from "@aws-sdk/client-cognito-identity-provider";
import { loadPool } from "../../../domain/pools/pool.ts";
import { updateResourceServer } from "../../../domain/resource-servers/change.ts";
import { required } from "../../../protocol/checks.ts";
import {
  ResourceServerIdentifierType,
  ResourceServerNameType,
  ResourceServerScopeListType,
} from "../domain-shapes.ts";
import type { CognitoOperation } from "../operation.ts";
import { readScopes, resourceServerType } from "../resource-server-type.ts";
import { UserPoolIdType } from "../shapes.ts";

export const UpdateResourceServer: CognitoOperation<
  UpdateResourceServerCommandInput,
  UpdateResourceServerCommandOutput
> = {
  caller: "iam",
  input: {
    UserPoolId: required(UserPoolIdType),
    Identifier: required(ResourceServerIdentifierType),
    Name: required(ResourceServerNameType),
    Scopes: ResourceServerScopeListType,
  },
  async handle(call, input) {
    const pool = await loadPool(call, input.UserPoolId);
    const server = await updateResourceServer(call, pool, {
      identifier: input.Identifier,
      name: input.Name,
      scopes: readScopes(input.Scopes),
    });
    return { ResourceServer: resourceServerType(server) };
  },
};
