import type {
  UpdateUserAttributesCommandInput,
  UpdateUserAttributesCommandOutput,
} from "@aws-sdk/client-cognito-identity-provider";
import { loadOwnClient } from "../../../domain/clients/client.ts";
import { readAttributes } from "../../../domain/users/attributes.ts";
import { updateOwnAttributes } from "../../../domain/users/update-attributes.ts";
import { required } from "../../../protocol/checks.ts";
import { codeDeliveryDetails } from "../code-delivery.ts";
import type { CognitoOperation } from "../operation.ts";
import { AttributeListType, ClientMetadataType, TokenModelType } from "../shapes.ts";

/** Changes attributes of the signed-in user; a new address has to be proved. */
export const UpdateUserAttributes: CognitoOperation<
  UpdateUserAttributesCommandInput,
  UpdateUserAttributesCommandOutput
> = {
  caller: "token",
  input: {
    UserAttributes: required(AttributeListType),
    AccessToken: required(TokenModelType),
    ClientMetadata: ClientMetadataType,
  },
  async handle(call, input) {
    const client = await loadOwnClient(call);
    const wanted = readAttributes(input.UserAttributes);
    const targets = await updateOwnAttributes(call, client, wanted);
    return { CodeDeliveryDetailsList: targets.map(codeDeliveryDetails) };
  },
};
