import type {
  AdminSetUserSettingsCommandInput,
  AdminSetUserSettingsCommandOutput,
} from "@aws-sdk/client-cognito-identity-provider";
import { setPreferenceByAdministrator } from "../../../domain/mfa/preference.ts";
import { loadPool } from "../../../domain/pools/pool.ts";
import { loadUser } from "../../../domain/users/find.ts";
import { required } from "../../../protocol/checks.ts";
import { readMfaOptions } from "../mfa-preference.ts";
import type { CognitoOperation } from "../operation.ts";
import { MFAOptionListType, UsernameType, UserPoolIdType } from "../shapes.ts";

/** What AdminSetUserMFAPreference does, for clients from before it. */
export const AdminSetUserSettings: CognitoOperation<
  AdminSetUserSettingsCommandInput,
  AdminSetUserSettingsCommandOutput
> = {
  caller: "iam",
  input: {
    UserPoolId: required(UserPoolIdType),
    Username: required(UsernameType),
    MFAOptions: required(MFAOptionListType),
  },
  async handle(call, input) {
    const pool = await loadPool(call, input.UserPoolId);
    const user = await loadUser(call, pool, input.Username);
    await setPreferenceByAdministrator(call, { pool, user }, readMfaOptions(input.MFAOptions));
    return {};
  },
};
