import type {
  DescribeManagedLoginBrandingCommandInput,
  DescribeManagedLoginBrandingCommandOutput,
} from "@aws-sdk/client-cognito-identity-provider";
import { loadManagedLoginBranding } from "../../../domain/branding/managed-login.ts";
import { loadPool } from "../../../domain/pools/pool.ts";
import { required } from "../../../protocol/checks.ts";
import { ManagedLoginBrandingIdType } from "../branding-shapes.ts";
import { managedLoginBrandingType } from "../managed-login-branding-type.ts";
import type { CognitoOperation } from "../operation.ts";
import { BooleanType, UserPoolIdType } from "../shapes.ts";

export const DescribeManagedLoginBranding: CognitoOperation<
  DescribeManagedLoginBrandingCommandInput,
  DescribeManagedLoginBrandingCommandOutput
> = {
  caller: "iam",
  readOnly: true,
  input: {
    UserPoolId: required(UserPoolIdType),
    ManagedLoginBrandingId: required(ManagedLoginBrandingIdType),
    ReturnMergedResources: BooleanType,
  },
  async handle(
    call,
    { UserPoolId, ManagedLoginBrandingId, ReturnMergedResources: merged = false },
  ) {
    const pool = await loadPool(call, UserPoolId);
    const key = { userPoolId: pool.id, id: ManagedLoginBrandingId };
    const branding = await loadManagedLoginBranding(call.db, key);
    return { ManagedLoginBranding: await managedLoginBrandingType(call.db, branding, { merged }) };
  },
};
