import type {
  GetUserCommandInput,
  GetUserCommandOutput,
} from "@aws-sdk/client-cognito-identity-provider";
import { loadOwnClient } from "../../../domain/clients/client.ts";
import { readableAttributes } from "../../../domain/users/attributes.ts";
import { listedAttributes } from "../../../domain/users/user.ts";
import { required } from "../../../protocol/checks.ts";
import type { CognitoOperation } from "../operation.ts";
import { TokenModelType } from "../shapes.ts";
import { mfaOptionsType, userMfaType } from "../user-mfa-type.ts";

export const GetUser: CognitoOperation<GetUserCommandInput, GetUserCommandOutput> = {
  caller: "token",
  readOnly: true,
  input: { AccessToken: required(TokenModelType) },
  async handle(call) {
    const { user } = call;
    const client = await loadOwnClient(call);
    const attributes = readableAttributes(client, user.attributes);
    return {
      Username: user.username,
      UserAttributes: listedAttributes({ ...user, attributes }),
      MFAOptions: mfaOptionsType(user.factors),
      ...userMfaType(user.factors),
    };
  },
};
