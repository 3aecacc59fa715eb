/** amazon-cognito-identity-js by promises: each step resolves with what the library calls back next. */
import {
  AuthenticationDetails,
  CognitoUser,
  CognitoUserPool,
  type CognitoUserSession,
  type IAuthenticationCallback,
} from "amazon-cognito-identity-js";
import { nextTotp } from "./amplify.ts";
import type { AppPool } from "./app-pool.ts";
import type { Server } from "./server.ts";
import { password as usualPassword } from "./users.ts";

export const flows = ["USER_SRP_AUTH", "USER_PASSWORD_AUTH"] as const;

/** The library's user of this name; by SRP unless told otherwise. */
export function userOf(
  server: Server,
  pool: AppPool,
  given: { username: string; flow?: (typeof flows)[number] },
): CognitoUser {
  const Pool = new CognitoUserPool({
    UserPoolId: pool.userPoolId,
    ClientId: pool.clientId,
    endpoint: server.url,
  });
  const user = new CognitoUser({ Username: given.username, Pool });
  user.setAuthenticationFlowType(given.flow ?? "USER_SRP_AUTH");
  return user;
}

export type Step =
  | { readonly next: "onSuccess"; readonly given: [CognitoUserSession, boolean | undefined] }
  | {
      readonly next:
        | "mfaRequired"
        | "totpRequired"
        | "selectMFAType"
        | "mfaSetup"
        | "newPasswordRequired"
        | "customChallenge";
      // biome-ignore lint/suspicious/noExplicitAny: the library's own types of these are `any`
      readonly given: any[];
    };

const names = [
  "mfaRequired",
  "totpRequired",
  "selectMFAType",
  "mfaSetup",
  "newPasswordRequired",
  "customChallenge",
] as const;

/** Does what takes the library's callbacks, and waits for the first of them. */
export function stepOf(work: (callbacks: IAuthenticationCallback) => void): Promise<Step> {
  return new Promise((resolve, reject) => {
    const asked = names.map((next) => [
      next,
      (...given: unknown[]) => resolve({ next, given: [...given] }),
    ]);
    work({
      onSuccess: (session, isConfirmationNecessary) =>
        resolve({ next: "onSuccess", given: [session, isConfirmationNecessary] }),
      onFailure: reject,
      ...Object.fromEntries(asked),
    });
  });
}

/** authenticateUser, by the flow that the user is set to. */
export function authenticate(user: CognitoUser, password = usualPassword): Promise<Step> {
  const details = new AuthenticationDetails({ Username: user.getUsername(), Password: password });
  return stepOf((callbacks) => user.authenticateUser(details, callbacks));
}

type Outcomes<T> = { onSuccess: (value: T) => void; onFailure: (error: unknown) => void };

/** What takes the library's shorter callbacks. */
export function outcomeOf<T>(work: (callbacks: Outcomes<T>) => void): Promise<T> {
  return new Promise((onSuccess, onFailure) => work({ onSuccess, onFailure }));
}

/** An authenticator app, for a user who is signed in or is asked to set one up; gives its secret. */
export async function addApp(server: Server, user: CognitoUser): Promise<string> {
  const secret = await new Promise<string>((associateSecretCode, onFailure) =>
    user.associateSoftwareToken({ associateSecretCode, onFailure }),
  );
  const code = await nextTotp(server, secret);
  await outcomeOf<CognitoUserSession>((callbacks) =>
    user.verifySoftwareToken(code, "phone", callbacks),
  );
  return secret;
}

/** Switches on what is named: `true` for the preferred factor. */
export function prefer(
  user: CognitoUser,
  given: { sms?: boolean; app?: boolean },
): Promise<unknown> {
  const setting = (PreferredMfa: boolean | undefined) =>
    PreferredMfa === undefined ? null : { PreferredMfa, Enabled: true };
  return new Promise((resolve, reject) =>
    user.setUserMfaPreference(setting(given.sms), setting(given.app), (error, value) =>
      error ? reject(error) : resolve(value),
    ),
  );
}
