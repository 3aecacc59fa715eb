/** The unmodified Amplify of this process, configured for a pool of a test's own. */
import { Amplify } from "aws-amplify";
import { Secret, TOTP } from "otpauth";
import {
  type AppPool,
  type AppPoolOptions,
  createAppPool,
  createAppUser,
  type NewAppUser,
} from "./app-pool.ts";
import { send } from "./request.ts";
import type { Server } from "./server.ts";

export const done = { isSignedIn: true, nextStep: { signInStep: "DONE" } };

/** A pool, and Amplify configured for it. */
export async function makeAppPool(server: Server, options: AppPoolOptions = {}): Promise<AppPool> {
  const pool = await createAppPool(server.client(), options);
  configure(server, pool);
  return pool;
}

/** Points the Amplify of this process at a pool. */
export function configure(server: Server, pool: AppPool): void {
  Amplify.configure({
    Auth: {
      Cognito: {
        userPoolId: pool.userPoolId,
        userPoolClientId: pool.clientId,
        userPoolEndpoint: server.url,
        loginWith: { email: true },
      },
    },
  });
}

/** A user of such a pool; gives the name to sign in with. */
export function makeAppUser(server: Server, pool: AppPool, given?: NewAppUser): Promise<string> {
  return createAppUser(server.client(), pool, given);
}

/** The code of the newest message to an address or number, waited for. */
export async function codeTo(server: Server, to: string, after?: string): Promise<string> {
  return (await server.message(to, after)).code ?? "";
}

/** A code of an authenticator app, of half a minute that none was made for before: a code is good once. */
export async function nextTotp(server: Server, sharedSecret: string): Promise<string> {
  await server.advance(30);
  const { headers } = await send(`${server.url}/_poolhouse/health`, { ca: server.ca });
  const timestamp = Date.parse(String(headers["date"]));
  return new TOTP({ secret: Secret.fromBase32(sharedSecret) }).generate({ timestamp });
}
