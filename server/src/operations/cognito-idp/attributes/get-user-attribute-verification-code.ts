import type {
  GetUserAttributeVerificationCodeCommandInput,
  GetUserAttributeVerificationCodeCommandOutput,
} from "@aws-sdk/client-cognito-identity-provider";
import { loadOwnClient } from "../../../domain/clients/client.ts";
import { sendAttributeCode } from "../../../domain/users/verify-attribute.ts";
import { required } from "../../../protocol/checks.ts";
import { codeDeliveryDetails } from "../code-delivery.ts";
import type { CognitoOperation } from "../operation.ts";
import { AttributeNameType, ClientMetadataType, TokenModelType } from "../shapes.ts";

/** Sends a code that proves an address of the signed-in user. */
export const GetUserAttributeVerificationCode: CognitoOperation<
  GetUserAttributeVerificationCodeCommandInput,
  GetUserAttributeVerificationCodeCommandOutput
> = {
  caller: "token",
  input: {
    AccessToken: required(TokenModelType),
    AttributeName: required(AttributeNameType),
    ClientMetadata: ClientMetadataType,
  },
  async handle(call, input) {
    const client = await loadOwnClient(call);
    const target = await sendAttributeCode(call, client, input.AttributeName);
    return { CodeDeliveryDetails: codeDeliveryDetails(target) };
  },
};
