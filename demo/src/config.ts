import type { ResourcesConfig } from "aws-amplify";

type UserPoolConfig = NonNullable<ResourcesConfig["Auth"]>["Cognito"];

/** What `GET /demo/config.json` says: everything the demo needs to know of the server. */
export interface DemoConfig {
  region: string;
  userPoolEndpoint: string;
  apiEndpoint: string;
  everyday: DemoPool;
  /** Where everybody needs a second factor, if the server's stack has such a pool. */
  strict?: DemoPool;
}

/** A user pool, its web client, and what an account in it can have. */
export interface DemoPool {
  userPoolId: string;
  userPoolClientId: string;
  /** These three in the words of Amplify's own configuration. */
  loginWith: NonNullable<UserPoolConfig["loginWith"]>;
  passwordFormat: NonNullable<UserPoolConfig["passwordFormat"]>;
  passwordless?: NonNullable<UserPoolConfig["passwordless"]>;
  selfSignUp: boolean;
  mfa: "OFF" | "OPTIONAL" | "ON";
  /** `both` where a passkey can stand for the second factor too, once its user asks for that. */
  passkeys: "none" | "first" | "both";
  devices: boolean;
  sessions: boolean;
  recoveryCodes: boolean;
  /** For sign-in on the server's own pages, in the words of Amplify's configuration. */
  oauth?: NonNullable<NonNullable<UserPoolConfig["loginWith"]>["oauth"]>;
}

// Fixed when the demo is built or started, never read from the address bar: a link must not be able to choose the
// server that a password goes to.
const serverOrigin = import.meta.env.VITE_POOLHOUSE_SERVER ?? location.origin;

export async function loadConfig(): Promise<DemoConfig> {
  const response = await fetch(new URL("/demo/config.json", serverOrigin));
  const json = await response.json().catch(() => undefined);
  if (!response.ok || !json) {
    throw new Error(json?.message ?? `The server answered ${response.status} to its own demo`);
  }
  return json;
}

/** The first page of the server. */
export function startUrl(): string {
  return new URL("/", serverOrigin).href;
}

/** The inbox page, showing what was sent to this address, or to every one. */
export function inboxUrl(address?: string): string {
  const url = new URL("/inbox", serverOrigin);
  if (address) url.searchParams.set("to", address);
  return url.href;
}
