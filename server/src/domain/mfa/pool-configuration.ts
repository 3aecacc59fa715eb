/** Multi-factor authentication of a pool: what SetUserPoolMfaConfig replaces, and which settings go together. */
import { invalidParameter, smsConfigurationRequired } from "../../errors/cognito-idp.ts";
import type { Call } from "../call.ts";
import { storePool } from "../pools/change.ts";
import { loadPool, type MfaSettings, type UserPool, type UserPoolSettings } from "../pools/pool.ts";
import { checkMfaSettings } from "./check-settings.ts";

/** What SetUserPoolMfaConfig says; a factor that is left out is off. */
export type MfaConfiguration = {
  readonly mfaConfiguration: UserPoolSettings["mfaConfiguration"];
  readonly sms?: {
    readonly message?: string;
    readonly configuration?: NonNullable<UserPoolSettings["smsConfiguration"]>;
  };
  /** Present when the request speaks of authenticator apps at all. */
  readonly softwareToken?: boolean;
  readonly email?: NonNullable<MfaSettings["email"]>;
  readonly webAuthn?: NonNullable<MfaSettings["webAuthn"]>;
};

/** Replaces what a pool says of second factors and passkeys; answers the pool as it is then. */
export async function setMfaConfiguration(
  call: Call,
  userPoolId: string,
  given: MfaConfiguration,
): Promise<UserPool> {
  checkTogether(given);
  return call.change(async (trx) => {
    const pool = await loadPool(call, userPoolId, trx);
    const settings = settingsAfter(pool.settings, given);
    checkMfaSettings(settings);
    const changed = { ...pool, settings };
    await storePool(trx, call, changed);
    return changed;
  });
}

/** Passkeys are apart: they are no second factor (cdkd#1923 measured all of this). */
function checkTogether({ mfaConfiguration, sms, softwareToken, email }: MfaConfiguration): void {
  const speaksOfFactors = sms !== undefined || softwareToken !== undefined || email !== undefined;
  if (mfaConfiguration === "OFF" && speaksOfFactors) {
    throw invalidParameter(
      "Invalid MFA configuration given, can't turn off MFA and configure an MFA together.",
    );
  }
}

function settingsAfter(before: UserPoolSettings, given: MfaConfiguration): UserPoolSettings {
  const { mfaConfiguration, sms, softwareToken = false, email, webAuthn } = given;
  const smsConfiguration = sms?.configuration ?? before.smsConfiguration;
  if (sms && !smsConfiguration) throw smsConfigurationRequired();
  return {
    ...before,
    mfaConfiguration,
    mfa: {
      sms: sms !== undefined,
      softwareToken,
      ...(email ? { email } : {}),
      ...(webAuthn ? { webAuthn } : {}),
    },
    ...(smsConfiguration ? { smsConfiguration } : {}),
    ...(sms?.message === undefined ? {} : { smsAuthenticationMessage: sms.message }),
  };
}
