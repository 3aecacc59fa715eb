import type {
  GetUserAuthFactorsCommandInput,
  GetUserAuthFactorsCommandOutput,
} from "@aws-sdk/client-cognito-identity-provider";
import { availableFirstFactors } from "../../../domain/mfa/auth-factors.ts";
import { required } from "../../../protocol/checks.ts";
import type { CognitoOperation } from "../operation.ts";
import { TokenModelType } from "../shapes.ts";
import { userMfaType } from "../user-mfa-type.ts";

export const GetUserAuthFactors: CognitoOperation<
  GetUserAuthFactorsCommandInput,
  GetUserAuthFactorsCommandOutput
> = {
  caller: "token",
  readOnly: true,
  input: { AccessToken: required(TokenModelType) },
  async handle({ pool, user }) {
    return {
      Username: user.username,
      ...userMfaType(user.factors),
      ConfiguredUserAuthFactors: availableFirstFactors(pool, user),
    };
  },
};
