import type { ChallengeNameType } from "@aws-sdk/client-cognito-identity-provider";
import type { Outcome } from "../../domain/auth/sign-in.ts";
import type { NewDeviceMetadata } from "../../domain/devices/sign-in-device.ts";
import type { IssuedTokens } from "../../domain/tokens/issue.ts";

/** Tokens as AWS answers them; without a new refresh token the member is left out, as clients expect. */
export function toAuthenticationResult(tokens: IssuedTokens) {
  return {
    AccessToken: tokens.accessToken,
    ExpiresIn: tokens.expiresInSeconds,
    TokenType: "Bearer",
    ...(tokens.refreshToken === undefined ? {} : { RefreshToken: tokens.refreshToken }),
    ...(tokens.idToken === undefined ? {} : { IdToken: tokens.idToken }),
  };
}

/** The outcome of a step of sign-in as AWS answers it. */
export function toAuthAnswer(outcome: Outcome) {
  if ("loginSession" in outcome) throw new Error("only hosted login opens sessions of browsers");
  if ("tokens" in outcome) {
    return {
      ChallengeParameters: {},
      AuthenticationResult: {
        ...toAuthenticationResult(outcome.tokens),
        ...(outcome.newDevice ? { NewDeviceMetadata: toNewDevice(outcome.newDevice) } : {}),
      },
    };
  }
  const { name, session, parameters, available } = outcome.challenge;
  return {
    ChallengeName: name,
    Session: session,
    ChallengeParameters: { ...parameters },
    // Of our own choosing, and each of AWS's names.
    ...(available ? { AvailableChallenges: [...available] as ChallengeNameType[] } : {}),
  };
}

function toNewDevice({ deviceKey, groupKey }: NewDeviceMetadata) {
  return { DeviceKey: deviceKey, DeviceGroupKey: groupKey };
}
