import type {
  SetUserPoolClientSessionConfigurationCommandInput,
  SetUserPoolClientSessionConfigurationCommandOutput,
} from "@aws-sdk/client-cognito-identity-provider";
import {
  defaultSsoValidityMinutes,
  setClientSsoValidity,
} from "../../../domain/sessions/configure.ts";
import { required } from "../../../protocol/checks.ts";
import type { CognitoOperation } from "../operation.ts";
import { ClientSSOSessionConfigType } from "../pool-shapes.ts";
import { ClientIdType, UserPoolIdType } from "../shapes.ts";

export const SetUserPoolClientSessionConfiguration: CognitoOperation<
  SetUserPoolClientSessionConfigurationCommandInput,
  SetUserPoolClientSessionConfigurationCommandOutput
> = {
  caller: "iam",
  input: {
    UserPoolId: required(UserPoolIdType),
    ClientId: required(ClientIdType),
    SSOSession: required(ClientSSOSessionConfigType),
  },
  async handle(call, { UserPoolId, ClientId, SSOSession }) {
    const named = { userPoolId: UserPoolId, id: ClientId };
    const { MaxValidityMinutes = defaultSsoValidityMinutes } = SSOSession;
    await setClientSsoValidity(call, named, MaxValidityMinutes);
    return { UserPoolId, ClientId, SSOSession };
  },
};
