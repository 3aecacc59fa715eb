import type {
  UpdateManagedLoginBrandingCommandInput,
  UpdateManagedLoginBrandingCommandOutput,
} from "@aws-sdk/client-cognito-identity-provider";
import { updateManagedLoginBranding } from "../../../domain/branding/change-managed-login.ts";
import { loadPool } from "../../../domain/pools/pool.ts";
import { missingRequiredParameter } from "../../../errors/cognito-idp.ts";
import { AssetListType, ManagedLoginBrandingIdType, SettingsType } from "../branding-shapes.ts";
import { givenStyle, managedLoginBrandingType } from "../managed-login-branding-type.ts";
import type { CognitoOperation } from "../operation.ts";
import { BooleanType, UserPoolIdType } from "../shapes.ts";

export const UpdateManagedLoginBranding: CognitoOperation<
  UpdateManagedLoginBrandingCommandInput,
  UpdateManagedLoginBrandingCommandOutput
> = {
  caller: "iam",
  input: {
    UserPoolId: UserPoolIdType,
    ManagedLoginBrandingId: ManagedLoginBrandingIdType,
    UseCognitoProvidedValues: BooleanType,
    Settings: SettingsType,
    Assets: AssetListType,
  },
  async handle(call, { UserPoolId, ManagedLoginBrandingId, ...input }) {
    // AWS's model has both as optional and means neither.
    if (UserPoolId === undefined) throw missingRequiredParameter("UserPoolId");
    if (ManagedLoginBrandingId === undefined) {
      throw missingRequiredParameter("ManagedLoginBrandingId");
    }
    const pool = await loadPool(call, UserPoolId);
    const key = { userPoolId: pool.id, id: ManagedLoginBrandingId };
    const branding = await updateManagedLoginBranding(call, key, givenStyle(input));
    return { ManagedLoginBranding: await managedLoginBrandingType(call.db, branding) };
  },
};
