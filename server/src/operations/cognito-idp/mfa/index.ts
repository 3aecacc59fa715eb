import { AdminDeleteSoftwareToken } from "./admin-delete-software-token.ts";
import { AdminGetUserAuthFactors } from "./admin-get-user-auth-factors.ts";
import { AdminSetUserMFAPreference } from "./admin-set-user-mfa-preference.ts";
import { AdminSetUserSettings } from "./admin-set-user-settings.ts";
import { AssociateSoftwareToken } from "./associate-software-token.ts";
import { GetUserAuthFactors } from "./get-user-auth-factors.ts";
import { GetUserPoolMfaConfig } from "./get-user-pool-mfa-config.ts";
import { SetUserMFAPreference } from "./set-user-mfa-preference.ts";
import { SetUserPoolMfaConfig } from "./set-user-pool-mfa-config.ts";
import { SetUserSettings } from "./set-user-settings.ts";
import { VerifySoftwareToken } from "./verify-software-token.ts";

export const mfaOperations = {
  GetUserPoolMfaConfig,
  SetUserPoolMfaConfig,
  AssociateSoftwareToken,
  VerifySoftwareToken,
  AdminDeleteSoftwareToken,
  SetUserMFAPreference,
  AdminSetUserMFAPreference,
  SetUserSettings,
  AdminSetUserSettings,
  GetUserAuthFactors,
  AdminGetUserAuthFactors,
};
