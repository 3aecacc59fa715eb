import type {
  VerifyUserAttributeCommandInput,
  VerifyUserAttributeCommandOutput,
} from "@aws-sdk/client-cognito-identity-provider";
import { verifyAttribute } from "../../../domain/users/verify-attribute.ts";
import { required } from "../../../protocol/checks.ts";
import type { CognitoOperation } from "../operation.ts";
import { AttributeNameType, ConfirmationCodeType, TokenModelType } from "../shapes.ts";

/** Proves an address of the signed-in user by the code that went to it. */
export const VerifyUserAttribute: CognitoOperation<
  VerifyUserAttributeCommandInput,
  VerifyUserAttributeCommandOutput
> = {
  caller: "token",
  input: {
    AccessToken: required(TokenModelType),
    AttributeName: required(AttributeNameType),
    Code: required(ConfirmationCodeType),
  },
  async handle(call, input) {
    await verifyAttribute(call, { attribute: input.AttributeName, code: input.Code });
    return {};
  },
};
