/** The words of sign-in: who asks through which client, and what comes of it. */
import { invalidParameter, missingRequiredParameter } from "../../errors/cognito-idp.ts";
import type { UserPoolClient } from "../clients/client.ts";
import type { UserPool } from "../pools/pool.ts";
import type { IssuedTokens } from "../tokens/issue.ts";

export type SignIn = {
  readonly pool: UserPool;
  readonly client: UserPoolClient;
  /** Whether a server of the app's owner asks (AdminInitiateAuth), not the user's own device. */
  readonly admin: boolean;
};

/** AuthParameters or ChallengeResponses, under AWS's names. */
export type Parameters = Readonly<Record<string, string>>;

export type ChallengeName = "PASSWORD_VERIFIER" | "NEW_PASSWORD_REQUIRED";

/** Tokens, or what is asked next. */
export type Outcome =
  | { readonly tokens: IssuedTokens }
  | {
      readonly challenge: {
        readonly name: ChallengeName;
        readonly session: string;
        readonly parameters: Parameters;
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
