import type {
  VerifySoftwareTokenCommandInput,
  VerifySoftwareTokenCommandOutput,
} from "@aws-sdk/client-cognito-identity-provider";
import { verifyInSignIn } from "../../../domain/auth/set-up-app.ts";
import { verifyOwnToken } from "../../../domain/mfa/own-software-token.ts";
import { authenticate } from "../../../domain/tokens/authenticate.ts";
import { required } from "../../../protocol/checks.ts";
import { oneProof } from "../mfa-proof.ts";
import type { CognitoOperation } from "../operation.ts";
import {
  SessionType,
  SoftwareTokenMFAUserCodeType,
  StringType,
  TokenModelType,
} from "../shapes.ts";

/** Proves an authenticator app by a code of it; which factors are asked for is SetUserMFAPreference's. */
export const VerifySoftwareToken: CognitoOperation<
  VerifySoftwareTokenCommandInput,
  VerifySoftwareTokenCommandOutput
> = {
  caller: "public",
  input: {
    AccessToken: TokenModelType,
    Session: SessionType,
    UserCode: required(SoftwareTokenMFAUserCodeType),
    FriendlyDeviceName: StringType,
  },
  async handle(call, input) {
    const { UserCode: code, FriendlyDeviceName: friendlyName } = input;
    const proof = oneProof(input);
    if ("session" in proof) {
      const Session = await verifyInSignIn(call, { ...proof, code, friendlyName });
      return { Status: "SUCCESS", Session };
    }
    const caller = await authenticate(call, proof.accessToken);
    await verifyOwnToken(caller, { code, friendlyName });
    return { Status: "SUCCESS" };
  },
};
