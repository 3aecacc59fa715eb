import type {
  DescribeManagedLoginBrandingByClientCommandInput,
  DescribeManagedLoginBrandingByClientCommandOutput,
} from "@aws-sdk/client-cognito-identity-provider";
import { managedLoginBrandingOf } from "../../../domain/branding/managed-login.ts";
import { loadClientOfPool } from "../../../domain/clients/client.ts";
import { loadPool } from "../../../domain/pools/pool.ts";
import { managedLoginBrandingNotFound } from "../../../errors/branding.ts";
import { required } from "../../../protocol/checks.ts";
import { managedLoginBrandingType } from "../managed-login-branding-type.ts";
import type { CognitoOperation } from "../operation.ts";
import { BooleanType, ClientIdType, UserPoolIdType } from "../shapes.ts";

export const DescribeManagedLoginBrandingByClient: CognitoOperation<
  DescribeManagedLoginBrandingByClientCommandInput,
  DescribeManagedLoginBrandingByClientCommandOutput
> = {
  caller: "iam",
  readOnly: true,
  input: {
    UserPoolId: required(UserPoolIdType),
    ClientId: required(ClientIdType),
    ReturnMergedResources: BooleanType,
  },
  async handle(call, { UserPoolId, ClientId, ReturnMergedResources: merged = false }) {
    const pool = await loadPool(call, UserPoolId);
    const client = await loadClientOfPool(call, { pool, clientId: ClientId });
    const key = { userPoolId: pool.id, clientId: client.id };
    const branding = await managedLoginBrandingOf(call.db, key);
    if (!branding) throw managedLoginBrandingNotFound();
    return { ManagedLoginBranding: await managedLoginBrandingType(call.db, branding, { merged }) };
  },
};
