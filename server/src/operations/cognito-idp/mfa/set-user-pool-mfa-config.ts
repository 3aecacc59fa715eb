import type {
  SetUserPoolMfaConfigCommandInput,
  SetUserPoolMfaConfigCommandOutput,
  WebAuthnConfigurationType as WebAuthn,
} from "@aws-sdk/client-cognito-identity-provider";
import {
  type MfaConfiguration,
  setMfaConfiguration,
} from "../../../domain/mfa/pool-configuration.ts";
import { present } from "../../../lib/present.ts";
import { type Checked, required } from "../../../protocol/checks.ts";
import type { CognitoOperation } from "../operation.ts";
import { readSmsConfiguration } from "../pool-settings.ts";
import {
  EmailMfaConfigType,
  SmsMfaConfigType,
  SoftwareTokenMfaConfigType,
  UserPoolMfaType,
  WebAuthnConfigurationType,
} from "../pool-shapes.ts";
import { UserPoolIdType } from "../shapes.ts";
import { refuseUnbuilt, unbuiltPoolSettings } from "../unbuilt-settings.ts";
import { userPoolMfaType } from "../user-pool-mfa-type.ts";

/** Replaces the whole: a factor that is left out is off, and so is MFA (cdkd measured both on AWS). */
export const SetUserPoolMfaConfig: CognitoOperation<
  SetUserPoolMfaConfigCommandInput,
  SetUserPoolMfaConfigCommandOutput
> = {
  caller: "iam",
  input: {
    UserPoolId: required(UserPoolIdType),
    MfaConfiguration: UserPoolMfaType,
    SmsMfaConfiguration: SmsMfaConfigType,
    SoftwareTokenMfaConfiguration: SoftwareTokenMfaConfigType,
    EmailMfaConfiguration: EmailMfaConfigType,
    WebAuthnConfiguration: WebAuthnConfigurationType,
  },
  async handle(call, input) {
    const sms = input.SmsMfaConfiguration?.SmsConfiguration;
    refuseUnbuilt(unbuiltPoolSettings, sms ? { SmsConfiguration: sms } : {});
    return userPoolMfaType(await setMfaConfiguration(call, input.UserPoolId, read(input)));
  },
};

function read(input: Checked<SetUserPoolMfaConfigCommandInput>): MfaConfiguration {
  const { SmsMfaConfiguration: sms, SoftwareTokenMfaConfiguration: app } = input;
  const { EmailMfaConfiguration: email, WebAuthnConfiguration: passkeys } = input;
  return present({
    mfaConfiguration: input.MfaConfiguration ?? ("OFF" as const),
    sms:
      sms &&
      present({
        message: sms.SmsAuthenticationMessage,
        configuration: readSmsConfiguration(sms.SmsConfiguration),
      }),
    softwareToken: app && (app.Enabled ?? false),
    email: email && present({ subject: email.Subject, message: email.Message }),
    webAuthn: passkeys && readPasskeys(passkeys),
  });
}

function readPasskeys(given: WebAuthn): NonNullable<MfaConfiguration["webAuthn"]> {
  return {
    userVerification: given.UserVerification ?? "preferred",
    factorConfiguration: given.FactorConfiguration ?? "SINGLE_FACTOR",
    ...present({ relyingPartyId: given.RelyingPartyId }),
  };
}
