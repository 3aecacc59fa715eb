import type {
  VerifySoftwareTokenCommandInput,
  VerifySoftwareTokenCommandOutput,
} from "@aws-sdk/client-cognito-identity-provider";
import { verifyOwnToken } from "../../../domain/mfa/own-software-token.ts";
import { authenticate } from "../../../domain/tokens/authenticate.ts";
import { required } from "../../../protocol/checks.ts";
import { requireOneProof } from "../mfa-proof.ts";
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
    const caller = await authenticate(call, requireOneProof(input));
    const { UserCode: code, FriendlyDeviceName: friendlyName } = input;
    await verifyOwnToken(caller, { code, friendlyName });
    return { Status: "SUCCESS" };
  },
};
