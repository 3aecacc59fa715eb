import type {
  AdminDeleteUserAttributesCommandInput,
  AdminDeleteUserAttributesCommandOutput,
} from "@aws-sdk/client-cognito-identity-provider";
import { loadPool } from "../../../domain/pools/pool.ts";
import { loadUser } from "../../../domain/users/find.ts";
import { deleteAttributesByAdministrator } from "../../../domain/users/update-attributes.ts";
import { required } from "../../../protocol/checks.ts";
import type { CognitoOperation } from "../operation.ts";
import { AttributeNameListType, UsernameType, UserPoolIdType } from "../shapes.ts";

/** Takes attributes of a user away. */
export const AdminDeleteUserAttributes: CognitoOperation<
  AdminDeleteUserAttributesCommandInput,
  AdminDeleteUserAttributesCommandOutput
> = {
  caller: "iam",
  input: {
    UserPoolId: required(UserPoolIdType),
    Username: required(UsernameType),
    UserAttributeNames: required(AttributeNameListType),
  },
  async handle(call, input) {
    const pool = await loadPool(call, input.UserPoolId);
    const user = await loadUser(call, pool, input.Username);
    const names = input.UserAttributeNames;
    await deleteAttributesByAdministrator(call, pool, { user, names });
    return {};
  },
};
