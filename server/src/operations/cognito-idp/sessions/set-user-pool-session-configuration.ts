import type {
  SetUserPoolSessionConfigurationCommandInput,
  SetUserPoolSessionConfigurationCommandOutput,
} from "@aws-sdk/client-cognito-identity-provider";
import { signInDefaults } from "../../../domain/pools/pool.ts";
import { setPoolSessions } from "../../../domain/sessions/configure.ts";
import { required } from "../../../protocol/checks.ts";
import type { CognitoOperation } from "../operation.ts";
import { UserPoolTokenSessionConfigType, UserSessionTrackingType } from "../pool-shapes.ts";
import { UserPoolIdType } from "../shapes.ts";

export const SetUserPoolSessionConfiguration: CognitoOperation<
  SetUserPoolSessionConfigurationCommandInput,
  SetUserPoolSessionConfigurationCommandOutput
> = {
  caller: "iam",
  input: {
    UserPoolId: required(UserPoolIdType),
    UserSessionTracking: required(UserSessionTrackingType),
    TokenSession: required(UserPoolTokenSessionConfigType),
  },
  async handle(call, input) {
    const { UserPoolId, UserSessionTracking, TokenSession } = input;
    await setPoolSessions(call, UserPoolId, {
      tracking: UserSessionTracking === "ENABLED",
      maxPerUser: TokenSession.MaxPerUser ?? signInDefaults.sessions.maxPerUser,
    });
    return { UserPoolId, UserSessionTracking, TokenSession };
  },
};
