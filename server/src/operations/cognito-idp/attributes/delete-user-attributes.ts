import type {
  DeleteUserAttributesCommandInput,
  DeleteUserAttributesCommandOutput,
} from "@aws-sdk/client-cognito-identity-provider";
import { loadOwnClient } from "../../../domain/clients/client.ts";
import { deleteOwnAttributes } from "../../../domain/users/update-attributes.ts";
import { required } from "../../../protocol/checks.ts";
import type { CognitoOperation } from "../operation.ts";
import { AttributeNameListType, TokenModelType } from "../shapes.ts";

/** Takes attributes of the signed-in user away. */
export const DeleteUserAttributes: CognitoOperation<
  DeleteUserAttributesCommandInput,
  DeleteUserAttributesCommandOutput
> = {
  caller: "token",
  input: {
    UserAttributeNames: required(AttributeNameListType),
    AccessToken: required(TokenModelType),
  },
  async handle(call, input) {
    const client = await loadOwnClient(call);
    await deleteOwnAttributes(call, client, input.UserAttributeNames);
    return {};
  },
};
