import type {
  AssociateSoftwareTokenCommandInput,
  AssociateSoftwareTokenCommandOutput,
} from "@aws-sdk/client-cognito-identity-provider";
import { associateInSignIn } from "../../../domain/auth/set-up-app.ts";
import { associateOwnToken } from "../../../domain/mfa/own-software-token.ts";
import { authenticate } from "../../../domain/tokens/authenticate.ts";
import { oneProof } from "../mfa-proof.ts";
import type { CognitoOperation } from "../operation.ts";
import { SessionType, TokenModelType } from "../shapes.ts";

/** Hands out the secret for an authenticator app; it counts for nothing until VerifySoftwareToken. */
export const AssociateSoftwareToken: CognitoOperation<
  AssociateSoftwareTokenCommandInput,
  AssociateSoftwareTokenCommandOutput
> = {
  caller: "public",
  input: { AccessToken: TokenModelType, Session: SessionType },
  async handle(call, input) {
    const proof = oneProof(input);
    if ("session" in proof) {
      const { secretCode, session } = await associateInSignIn(call, proof.session);
      return { SecretCode: secretCode, Session: session };
    }
    const caller = await authenticate(call, proof.accessToken);
    return { SecretCode: await associateOwnToken(caller) };
  },
};
