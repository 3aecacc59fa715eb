import type {
  AddCustomAttributesCommandInput,
  AddCustomAttributesCommandOutput,
} from "@aws-sdk/client-cognito-identity-provider";
import { addCustomAttributes } from "../../../domain/pools/change.ts";
import { required } from "../../../protocol/checks.ts";
import type { CognitoOperation } from "../operation.ts";
import { readDeclaredAttribute } from "../pool-settings.ts";
import { CustomAttributesListType } from "../pool-shapes.ts";
import { UserPoolIdType } from "../shapes.ts";

export const AddCustomAttributes: CognitoOperation<
  AddCustomAttributesCommandInput,
  AddCustomAttributesCommandOutput
> = {
  caller: "iam",
  input: {
    UserPoolId: required(UserPoolIdType),
    CustomAttributes: required(CustomAttributesListType),
  },
  async handle(call, input) {
    await addCustomAttributes(
      call,
      input.UserPoolId,
      input.CustomAttributes.map(readDeclaredAttribute),
    );
    return {};
  },
};
