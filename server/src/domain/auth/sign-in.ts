/** The words of sign-in: who asks through which client, and what comes of it. */
import { invalidParameter, missingRequiredParameter } from "../../errors/cognito-idp.ts";
import type { UserPoolClient } from "../clients/client.ts";
import type { NewDeviceMetadata } from "../devices/sign-in-device.ts";
import type { NewLoginSession } from "../grants/login-session.ts";
import type { UserPool } from "../pools/pool.ts";
import type { IssuedTokens } from "../tokens/issue.ts";

export type SignIn = {
  readonly pool: UserPool;
  readonly client: UserPoolClient;
  /** Whether a server of the app's owner asks (AdminInitiateAuth), not the user's own device. */
  readonly admin: boolean;
  /**
   * Whether our own pages ask (hosted login). They are no app: the flows and the secret that are for the client's apps do
   * not concern them, and a finished sign-in gives a session of the browser in place of tokens.
   */
  readonly byPages?: boolean;
  /** ClientMetadata of the call that begins: for the functions that are asked first (AWS, "validationData"). */
  readonly validationData?: Readonly<Record<string, string>> | undefined;
  /** ClientMetadata of an answer: for the functions that come after. */
  readonly clientMetadata?: Readonly<Record<string, string>> | undefined;
};

/** AuthParameters or ChallengeResponses, under AWS's names. */
export type Parameters = Readonly<Record<string, string>>;

/** What a step of sign-in is given: AuthParameters or ChallengeResponses, and the Session. */
export type Given = { readonly session?: string; readonly parameters: Parameters };

/** The challenges that are asked, as AWS names them. */
export const challengeNames = [
  "SELECT_CHALLENGE",
  "PASSWORD",
  "PASSWORD_SRP",
  "PASSWORD_VERIFIER",
  "NEW_PASSWORD_REQUIRED",
  "EMAIL_OTP",
  "SMS_OTP",
  "WEB_AUTHN",
  "CUSTOM_CHALLENGE",
  "SELECT_MFA_TYPE",
  "MFA_SETUP",
  "SMS_MFA",
  "SOFTWARE_TOKEN_MFA",
  "DEVICE_SRP_AUTH",
  "DEVICE_PASSWORD_VERIFIER",
] as const;
export type ChallengeName = (typeof challengeNames)[number];

/** Tokens, or what is asked next. */
export type Outcome =
  | {
      /** Of a sign-in by the pages. */
      readonly loginSession: NewLoginSession;
    }
  | {
      readonly tokens: IssuedTokens;
      /** For a device that was not known before, where the pool tracks devices. */
      readonly newDevice?: NewDeviceMetadata | undefined;
    }
  | {
      readonly challenge: {
        readonly name: ChallengeName;
        readonly session: string;
        readonly parameters: Parameters;
        /** In a choice-based sign-in: what the user may begin with. */
        readonly available?: readonly string[] | undefined;
      };
    };

const maxUsernameLength = 128;

/** A parameter that must be there; throws AWS's words for one that is not. */
export function requireParameter(parameters: Parameters, name: string): string {
  const value = parameters[name];
  if (value === undefined || value === "") throw missingRequiredParameter(name);
  return value;
}

/** The name that a request gives for the user, bounded before anything looks for it. */
export function requireUsername(parameters: Parameters): string {
  const username = requireParameter(parameters, "USERNAME");
  if ([...username.slice(0, 2 * maxUsernameLength + 1)].length > maxUsernameLength) {
    throw invalidParameter(
      "1 validation error detected: Value at 'username' failed to satisfy constraint: " +
        `Member must have length less than or equal to ${maxUsernameLength}`,
    );
  }
  return username;
}

/** A device key is a region and a UUID; of what is longer no device is looked for. */
const maxDeviceKeyLength = 55;

/** DEVICE_KEY, as the client names its device, in the form in which progress keeps it. */
export function namedDevice(parameters: Parameters): { readonly deviceKey?: string } {
  const deviceKey = parameters["DEVICE_KEY"];
  return deviceKey ? { deviceKey: deviceKey.slice(0, maxDeviceKeyLength + 1) } : {};
}
