import type {
  DeleteManagedLoginBrandingCommandInput,
  DeleteManagedLoginBrandingCommandOutput,
} from "@aws-sdk/client-cognito-identity-provider";
import { deleteManagedLoginBranding } from "../../../domain/branding/change-managed-login.ts";
import { loadPool } from "../../../domain/pools/pool.ts";
import { required } from "../../../protocol/checks.ts";
import { ManagedLoginBrandingIdType } from "../branding-shapes.ts";
import type { CognitoOperation } from "../operation.ts";
import { UserPoolIdType } from "../shapes.ts";

export const DeleteManagedLoginBranding: CognitoOperation<
  DeleteManagedLoginBrandingCommandInput,
  DeleteManagedLoginBrandingCommandOutput
> = {
  caller: "iam",
  input: {
    ManagedLoginBrandingId: required(ManagedLoginBrandingIdType),
    UserPoolId: required(UserPoolIdType),
  },
  async handle(call, { UserPoolId, ManagedLoginBrandingId }) {
    const pool = await loadPool(call, UserPoolId);
    await deleteManagedLoginBranding(call, pool, ManagedLoginBrandingId);
    return {};
  },
};
