import type {
  DeleteWebAuthnCredentialCommandInput,
  DeleteWebAuthnCredentialCommandOutput,
} from "@aws-sdk/client-cognito-identity-provider";
import { removePasskey } from "../../../domain/passkeys/remove.ts";
import { required } from "../../../protocol/checks.ts";
import type { CognitoOperation } from "../operation.ts";
import { StringType, TokenModelType } from "../shapes.ts";

export const DeleteWebAuthnCredential: CognitoOperation<
  DeleteWebAuthnCredentialCommandInput,
  DeleteWebAuthnCredentialCommandOutput
> = {
  caller: "token",
  input: {
    AccessToken: required(TokenModelType),
    CredentialId: required(StringType),
  },
  async handle(call, input) {
    await removePasskey(call, input.CredentialId);
    return {};
  },
};
