import type {
  AddUserPoolClientSecretCommandInput,
  AddUserPoolClientSecretCommandOutput,
} from "@aws-sdk/client-cognito-identity-provider";
import { addSecret } from "../../../domain/clients/change-secrets.ts";
import { required } from "../../../protocol/checks.ts";
import { clientSecretDescriptor } from "../client-secret-descriptor.ts";
import type { CognitoOperation } from "../operation.ts";
import { ClientIdType, ClientSecretType, UserPoolIdType } from "../shapes.ts";

export const AddUserPoolClientSecret: CognitoOperation<
  AddUserPoolClientSecretCommandInput,
  AddUserPoolClientSecretCommandOutput
> = {
  caller: "iam",
  input: {
    UserPoolId: required(UserPoolIdType),
    ClientId: required(ClientIdType),
    ClientSecret: ClientSecretType,
  },
  async handle(call, input) {
    const named = { userPoolId: input.UserPoolId, clientId: input.ClientId };
    const secret = await addSecret(call, named, input.ClientSecret);
    const descriptor = clientSecretDescriptor(secret);
    // Whoever chose the secret knows it (API reference, ClientSecretDescriptorType).
    return {
      ClientSecretDescriptor:
        input.ClientSecret === undefined
          ? { ...descriptor, ClientSecretValue: secret.value }
          : descriptor,
    };
  },
};
