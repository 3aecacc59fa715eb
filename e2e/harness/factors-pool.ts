/** A pool that has every factor and challenge at once, and what its users pass them with. */
import {
  type CognitoIdentityProviderClient,
  ConfirmDeviceCommand,
} from "@aws-sdk/client-cognito-identity-provider";
import { createDeviceVerifier } from "cognito-srp-helper";
import { type AppPool, createAppPool, SmsConfiguration } from "./app-pool.ts";
import { putFunction } from "./functions.ts";
import { operate } from "./operate.ts";
import type { Step } from "./steps.ts";

/** What is asked ends well with the word, and badly with the third wrong one. */
const define = `export const handler = async (event) => {
  const { session } = event.request;
  if (session.at(-1)?.challengeResult) event.response.issueTokens = true;
  else if (session.length < 3) event.response.challengeName = "CUSTOM_CHALLENGE";
  else event.response.failAuthentication = true;
  return event;
};`;
const create = `export const handler = async (event) => {
  event.response.privateChallengeParameters = { word: "open sesame" };
  return event;
};`;
const verify = `export const handler = async (event) => {
  const { challengeAnswer, privateChallengeParameters } = event.request;
  event.response.answerCorrect = challengeAnswer === privateChallengeParameters.word;
  return event;
};`;

/** The answer to the pool's custom challenge. */
export const customAnswer = "open sesame";

type Target = Parameters<typeof operate>[0] & { readonly client: CognitoIdentityProviderClient };

/**
 * Makes it, with its functions in the POOLHOUSE_FUNCTIONS_DIR of the server. Mail and text messages go out before the
 * answer, since its client does not hide who exists.
 */
export async function makeFactorsPool(target: Target, folder: string): Promise<AppPool> {
  const put = (name: string, code: string) => putFunction(target, { folder, name, code });
  const pool = await createAppPool(target.client, {
    pool: {
      Policies: {
        SignInPolicy: {
          AllowedFirstAuthFactors: ["PASSWORD", "EMAIL_OTP", "SMS_OTP", "WEB_AUTHN"],
        },
      },
      DeviceConfiguration: {
        ChallengeRequiredOnNewDevice: true,
        DeviceOnlyRememberedOnUserPrompt: false,
      },
      LambdaConfig: {
        DefineAuthChallenge: await put("define", define),
        CreateAuthChallenge: await put("create", create),
        VerifyAuthChallengeResponse: await put("verify", verify),
      },
    },
    mfa: {
      MfaConfiguration: "OPTIONAL",
      SoftwareTokenMfaConfiguration: { Enabled: true },
      SmsMfaConfiguration: { SmsConfiguration },
      EmailMfaConfiguration: { Message: "Your code is {####}", Subject: "Your code" },
    },
    client: {
      ExplicitAuthFlows: [
        "ALLOW_USER_AUTH",
        "ALLOW_CUSTOM_AUTH",
        "ALLOW_USER_SRP_AUTH",
        "ALLOW_USER_PASSWORD_AUTH",
        "ALLOW_REFRESH_TOKEN_AUTH",
      ],
      PreventUserExistenceErrors: "LEGACY",
    },
  });
  await operate(target, "PutUserPoolExtensions", {
    UserPoolId: pool.userPoolId,
    Extensions: { RecoveryCodes: "on" },
  });
  return pool;
}

export type OwnDevice = {
  readonly key: string;
  readonly groupKey: string;
  readonly secret: string;
};

/** Remembers the device that a sign-in got. */
export async function confirmDevice(
  client: CognitoIdentityProviderClient,
  { tokens }: Step,
): Promise<OwnDevice> {
  const { DeviceKey = "", DeviceGroupKey = "" } = tokens?.NewDeviceMetadata ?? {};
  const verifier = createDeviceVerifier(DeviceKey, DeviceGroupKey);
  await client.send(
    new ConfirmDeviceCommand({
      AccessToken: tokens?.AccessToken,
      DeviceKey,
      DeviceSecretVerifierConfig: verifier.DeviceSecretVerifierConfig,
    }),
  );
  return { key: DeviceKey, groupKey: DeviceGroupKey, secret: verifier.DeviceRandomPassword };
}
