import type {
  GetUserPoolSessionConfigurationCommandInput,
  GetUserPoolSessionConfigurationCommandOutput,
} from "@aws-sdk/client-cognito-identity-provider";
import { loadPool } from "../../../domain/pools/pool.ts";
import { required } from "../../../protocol/checks.ts";
import type { CognitoOperation } from "../operation.ts";
import { UserPoolIdType } from "../shapes.ts";

export const GetUserPoolSessionConfiguration: CognitoOperation<
  GetUserPoolSessionConfigurationCommandInput,
  GetUserPoolSessionConfigurationCommandOutput
> = {
  caller: "iam",
  readOnly: true,
  input: { UserPoolId: required(UserPoolIdType) },
  async handle(call, input) {
    const { id, settings } = await loadPool(call, input.UserPoolId);
    const { tracking, maxPerUser } = settings.sessions;
    return {
      UserPoolId: id,
      UserSessionTracking: tracking ? "ENABLED" : "DISABLED",
      TokenSession: { MaxPerUser: maxPerUser },
    };
  },
};
