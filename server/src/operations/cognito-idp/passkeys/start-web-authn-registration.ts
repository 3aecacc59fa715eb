import type {
  StartWebAuthnRegistrationCommandInput,
  StartWebAuthnRegistrationCommandOutput,
} from "@aws-sdk/client-cognito-identity-provider";
import { loadOwnClient } from "../../../domain/clients/client.ts";
import { startRegistration } from "../../../domain/passkeys/register.ts";
import { required } from "../../../protocol/checks.ts";
import type { CognitoOperation } from "../operation.ts";
import { TokenModelType } from "../shapes.ts";

export const StartWebAuthnRegistration: CognitoOperation<
  StartWebAuthnRegistrationCommandInput,
  StartWebAuthnRegistrationCommandOutput
> = {
  caller: "token",
  input: { AccessToken: required(TokenModelType) },
  async handle(call) {
    const client = await loadOwnClient(call);
    return { CredentialCreationOptions: await startRegistration(call, client) };
  },
};
