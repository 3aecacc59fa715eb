/** A user pool as the demo app must know it: how people sign in, and what their account can have. */
import { passkeysAreBothFactors } from "../domain/auth/mfa-decision.ts";
import type { UserPoolClient } from "../domain/clients/client.ts";
import { allowsPasskeys } from "../domain/passkeys/relying-party.ts";
import {
  type LoginWith,
  loginWithOf,
  type PasswordFormat,
  type Passwordless,
  passwordFormatOf,
  passwordlessOf,
} from "../domain/pools/amplify-forms.ts";
import type { UserPool } from "../domain/pools/pool.ts";

export type DemoPoolIds = { readonly userPoolId: string; readonly userPoolClientId: string };

export type DemoPool = DemoPoolIds & {
  /** What the demo's forms ask for, as Amplify's configuration has it. */
  readonly loginWith: LoginWith;
  readonly passwordFormat: PasswordFormat;
  /** Absent where a password is the only way in. */
  readonly passwordless?: Passwordless;
  /** Whether people make their own accounts. */
  readonly selfSignUp: boolean;
  readonly mfa: "OFF" | "OPTIONAL" | "ON";
  /** `both` where a passkey can stand for the second factor too, once its user asks for that. */
  readonly passkeys: "none" | "first" | "both";
  readonly devices: boolean;
  readonly sessions: boolean;
  readonly recoveryCodes: boolean;
  /** For sign-in on the hosted pages, in the words of Amplify's configuration. */
  readonly oauth?: {
    readonly domain: string;
    readonly scopes: readonly string[];
    readonly redirectSignIn: readonly string[];
    readonly redirectSignOut: readonly string[];
    readonly responseType: "code";
  };
};

export function demoPool(
  pool: UserPool,
  client: UserPoolClient,
  { publicUrl }: { publicUrl: string },
): DemoPool {
  const userPoolClientId = client.id;
  const { settings, extensions } = pool;
  const passwordless = passwordlessOf(pool);
  return {
    userPoolId: pool.id,
    userPoolClientId,
    loginWith: loginWithOf(pool),
    passwordFormat: passwordFormatOf(pool),
    ...(passwordless && { passwordless }),
    selfSignUp: !settings.adminCreateUserOnly,
    mfa: settings.mfaConfiguration,
    passkeys: passkeysOf(pool),
    devices: settings.deviceConfiguration !== undefined,
    sessions: settings.sessions.tracking,
    recoveryCodes: extensions.recoveryCodes === "on",
    ...oauthOf(pool, client, publicUrl),
  };
}

/** Amplify makes its addresses from a domain, which here is the host and the pool's path. */
function oauthOf(
  pool: UserPool,
  { settings: { oauth } }: UserPoolClient,
  publicUrl: string,
): Pick<DemoPool, "oauth"> {
  if (!oauth.allowedFlows?.includes("code")) return {};
  return {
    oauth: {
      domain: `${new URL(publicUrl).host}/${pool.id}`,
      scopes: oauth.allowedScopes ?? [],
      redirectSignIn: oauth.callbackUrls ?? [],
      redirectSignOut: oauth.logoutUrls ?? [],
      responseType: "code",
    },
  };
}

function passkeysOf(pool: UserPool): DemoPool["passkeys"] {
  if (!allowsPasskeys(pool)) return "none";
  return passkeysAreBothFactors(pool) ? "both" : "first";
}
