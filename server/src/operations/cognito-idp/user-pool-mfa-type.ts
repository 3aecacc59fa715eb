/** What Get- and SetUserPoolMfaConfig answer of a pool. */
import type * as Sdk from "@aws-sdk/client-cognito-identity-provider";
import type { UserPool } from "../../domain/pools/pool.ts";
import { smsConfigurationType } from "./user-pool-type.ts";

type MfaConfig = Omit<Sdk.GetUserPoolMfaConfigResponse, "$metadata">;

/** A factor that is off is absent, but for authenticator apps where MFA is on at all. */
export function userPoolMfaType({ settings }: UserPool): MfaConfig {
  const { mfa, mfaConfiguration } = settings;
  const { webAuthn } = mfa;
  const passkeys = webAuthn && {
    RelyingPartyId: webAuthn.relyingPartyId,
    UserVerification: webAuthn.userVerification,
    FactorConfiguration: webAuthn.factorConfiguration,
  };
  if (mfaConfiguration === "OFF") {
    return { MfaConfiguration: mfaConfiguration, WebAuthnConfiguration: passkeys };
  }
  return {
    MfaConfiguration: mfaConfiguration,
    SmsMfaConfiguration: mfa.sms
      ? {
          SmsAuthenticationMessage: settings.smsAuthenticationMessage,
          SmsConfiguration: smsConfigurationType(settings),
        }
      : undefined,
    SoftwareTokenMfaConfiguration: { Enabled: mfa.softwareToken },
    EmailMfaConfiguration: mfa.email && {
      Message: mfa.email.message,
      Subject: mfa.email.subject,
    },
    WebAuthnConfiguration: passkeys,
  };
}
