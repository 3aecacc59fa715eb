import type {
  AssociateSoftwareTokenCommandInput,
  AssociateSoftwareTokenCommandOutput,
} from "@aws-sdk/client-cognito-identity-provider";
import { associateOwnToken } from "../../../domain/mfa/own-software-token.ts";
import { authenticate } from "../../../domain/tokens/authenticate.ts";
import { requireOneProof } from "../mfa-proof.ts";
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
    const caller = await authenticate(call, requireOneProof(input));
    return { SecretCode: await associateOwnToken(caller) };
  },
};
