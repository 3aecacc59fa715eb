import type {
  GetUserPoolClientSessionConfigurationCommandInput,
  GetUserPoolClientSessionConfigurationCommandOutput,
} from "@aws-sdk/client-cognito-identity-provider";
import { loadClientOfPool } from "../../../domain/clients/client.ts";
import { loadPool } from "../../../domain/pools/pool.ts";
import { defaultSsoValidityMinutes } from "../../../domain/sessions/configure.ts";
import { required } from "../../../protocol/checks.ts";
import type { CognitoOperation } from "../operation.ts";
import { ClientIdType, UserPoolIdType } from "../shapes.ts";

export const GetUserPoolClientSessionConfiguration: CognitoOperation<
  GetUserPoolClientSessionConfigurationCommandInput,
  GetUserPoolClientSessionConfigurationCommandOutput
> = {
  caller: "iam",
  readOnly: true,
  input: { UserPoolId: required(UserPoolIdType), ClientId: required(ClientIdType) },
  async handle(call, input) {
    const pool = await loadPool(call, input.UserPoolId);
    const client = await loadClientOfPool(call, { pool, clientId: input.ClientId });
    const { ssoValidityMinutes = defaultSsoValidityMinutes } = client.settings;
    return {
      UserPoolId: pool.id,
      ClientId: client.id,
      SSOSession: { MaxValidityMinutes: ssoValidityMinutes },
    };
  },
};
