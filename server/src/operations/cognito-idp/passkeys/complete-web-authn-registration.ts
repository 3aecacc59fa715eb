import type {
  CompleteWebAuthnRegistrationCommandInput,
  CompleteWebAuthnRegistrationCommandOutput,
} from "@aws-sdk/client-cognito-identity-provider";
import { completeRegistration } from "../../../domain/passkeys/register.ts";
import { required } from "../../../protocol/checks.ts";
import type { CognitoOperation } from "../operation.ts";
import { PasskeyCredentialType, TokenModelType } from "../shapes.ts";

export const CompleteWebAuthnRegistration: CognitoOperation<
  CompleteWebAuthnRegistrationCommandInput,
  CompleteWebAuthnRegistrationCommandOutput
> = {
  caller: "token",
  input: {
    AccessToken: required(TokenModelType),
    Credential: required(PasskeyCredentialType),
  },
  async handle(call, input) {
    await completeRegistration(call, input.Credential);
    return {};
  },
};
