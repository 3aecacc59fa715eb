import type {
  CreateManagedLoginBrandingCommandInput,
  CreateManagedLoginBrandingCommandOutput,
} from "@aws-sdk/client-cognito-identity-provider";
import { createManagedLoginBranding } from "../../../domain/branding/change-managed-login.ts";
import { loadClientOfPool } from "../../../domain/clients/client.ts";
import { loadPool } from "../../../domain/pools/pool.ts";
import { required } from "../../../protocol/checks.ts";
import { AssetListType, SettingsType } from "../branding-shapes.ts";
import { givenStyle, managedLoginBrandingType } from "../managed-login-branding-type.ts";
import type { CognitoOperation } from "../operation.ts";
import { BooleanType, ClientIdType, UserPoolIdType } from "../shapes.ts";

export const CreateManagedLoginBranding: CognitoOperation<
  CreateManagedLoginBrandingCommandInput,
  CreateManagedLoginBrandingCommandOutput
> = {
  caller: "iam",
  input: {
    UserPoolId: required(UserPoolIdType),
    ClientId: required(ClientIdType),
    UseCognitoProvidedValues: BooleanType,
    Settings: SettingsType,
    Assets: AssetListType,
  },
  async handle(call, input) {
    const pool = await loadPool(call, input.UserPoolId);
    const client = await loadClientOfPool(call, { pool, clientId: input.ClientId });
    const branding = await createManagedLoginBranding(call, client, givenStyle(input));
    return { ManagedLoginBranding: await managedLoginBrandingType(call.db, branding) };
  },
};
