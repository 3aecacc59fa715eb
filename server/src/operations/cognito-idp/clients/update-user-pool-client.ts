import type {
  UpdateUserPoolClientCommandInput,
  UpdateUserPoolClientCommandOutput,
} from "@aws-sdk/client-cognito-identity-provider";
import { changeClient } from "../../../domain/clients/change.ts";
import { checkClientSettings } from "../../../domain/clients/check-settings.ts";
import { present } from "../../../lib/present.ts";
import { required } from "../../../protocol/checks.ts";
import { clientMembers, readClientSettings } from "../client-settings.ts";
import type { CognitoOperation } from "../operation.ts";
import { ClientNameType } from "../pool-shapes.ts";
import { ClientIdType, UserPoolIdType } from "../shapes.ts";
import { userPoolClientType } from "../user-pool-client-type.ts";

export const UpdateUserPoolClient: CognitoOperation<
  UpdateUserPoolClientCommandInput,
  UpdateUserPoolClientCommandOutput
> = {
  caller: "iam",
  input: {
    UserPoolId: required(UserPoolIdType),
    ClientId: required(ClientIdType),
    ClientName: ClientNameType,
    ...clientMembers,
  },
  async handle(call, input) {
    const named = { userPoolId: input.UserPoolId, clientId: input.ClientId };
    const client = await changeClient(call, named, (now) => {
      const { ssoValidityMinutes, risk } = now.client.settings;
      const settings = {
        ...readClientSettings(now.pool, input),
        ...present({ ssoValidityMinutes, risk }),
      };
      const hasSecret = now.client.sealedSecrets !== undefined;
      checkClientSettings(settings, { pool: now.pool, hasSecret, doing: "updating" });
      return { name: input.ClientName ?? now.client.name, settings };
    });
    return { UserPoolClient: userPoolClientType(call, client) };
  },
};
