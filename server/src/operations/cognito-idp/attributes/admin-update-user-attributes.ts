import type {
  AdminUpdateUserAttributesCommandInput,
  AdminUpdateUserAttributesCommandOutput,
} from "@aws-sdk/client-cognito-identity-provider";
import { loadPool } from "../../../domain/pools/pool.ts";
import { readAttributes } from "../../../domain/users/attributes.ts";
import { loadUser } from "../../../domain/users/find.ts";
import { updateAttributesByAdministrator } from "../../../domain/users/update-attributes.ts";
import { required } from "../../../protocol/checks.ts";
import type { CognitoOperation } from "../operation.ts";
import { AttributeListType, ClientMetadataType, UsernameType, UserPoolIdType } from "../shapes.ts";

/** Changes attributes of a user, those included that users may not write. */
export const AdminUpdateUserAttributes: CognitoOperation<
  AdminUpdateUserAttributesCommandInput,
  AdminUpdateUserAttributesCommandOutput
> = {
  caller: "iam",
  input: {
    UserPoolId: required(UserPoolIdType),
    Username: required(UsernameType),
    UserAttributes: required(AttributeListType),
    ClientMetadata: ClientMetadataType,
  },
  async handle(call, input) {
    const pool = await loadPool(call, input.UserPoolId);
    const user = await loadUser(call, pool, input.Username);
    const wanted = readAttributes(input.UserAttributes);
    await updateAttributesByAdministrator(call, pool, { user, wanted });
    return {};
  },
};
