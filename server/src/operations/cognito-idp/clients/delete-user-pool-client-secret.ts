import type {
  DeleteUserPoolClientSecretCommandInput,
  DeleteUserPoolClientSecretCommandOutput,
} from "@aws-sdk/client-cognito-identity-provider";
import { deleteSecret } from "../../../domain/clients/change-secrets.ts";
import { required } from "../../../protocol/checks.ts";
import type { CognitoOperation } from "../operation.ts";
import { ClientIdType, ClientSecretIdType, UserPoolIdType } from "../shapes.ts";

export const DeleteUserPoolClientSecret: CognitoOperation<
  DeleteUserPoolClientSecretCommandInput,
  DeleteUserPoolClientSecretCommandOutput
> = {
  caller: "iam",
  input: {
    UserPoolId: required(UserPoolIdType),
    ClientId: required(ClientIdType),
    ClientSecretId: required(ClientSecretIdType),
  },
  async handle(call, input) {
    const named = { userPoolId: input.UserPoolId, clientId: input.ClientId };
    await deleteSecret(call, named, input.ClientSecretId);
    return {};
  },
};
