/** OAuth clients for tests: a pool with a client that may use the code flow, and what such a client sends. */
import { createHash } from "node:crypto";
import type { UserPoolClientExtensions, UserPoolClientSettings } from "../domain/clients/client.ts";
import { createClient } from "../domain/clients/create.ts";
import { defaultClientSettings } from "../domain/clients/default-settings.ts";
import { type Granted, prepareCode } from "../domain/grants/authorization-code.ts";
import { createResourceServer } from "../domain/resource-servers/change.ts";
import { type IssuedTokens, prepareFamily } from "../domain/tokens/issue.ts";
import type { User } from "../domain/users/user.ts";
import type { TestApp } from "./app.ts";
import type { TestBrowser, Visit } from "./browser.ts";
import { password, type TestPool, type TestPoolOptions, testCall, testPool } from "./pools.ts";

export const redirectUri = "https://app.example.com/callback";
export const codeVerifier = "v".repeat(43);
export const codeChallenge = createHash("sha256").update(codeVerifier).digest("base64url");

/** The OAuth settings of a client that may ask for codes. */
export const codeClient = {
  allowedFlowsUserPoolClient: true,
  allowedFlows: ["code"],
  allowedScopes: ["openid", "email", "profile", "phone", "aws.cognito.signin.user.admin"],
  callbackUrls: [redirectUri],
  logoutUrls: ["https://app.example.com/"],
  supportedIdentityProviders: ["COGNITO"],
} as const;

/** A pool whose client may use the code flow. */
export function oauthPool(app: TestApp, options: TestPoolOptions = {}): Promise<TestPool> {
  return testPool(app, { ...options, client: { oauth: codeClient, ...options.client } });
}

export const machineSecret = "machine_secret_0123456789_abc";

/** A pool with a resource server `orders`, and a client that gets tokens for itself. */
export async function machinePool(app: TestApp, options: TestPoolOptions = {}): Promise<TestPool> {
  const { pool } = await testPool(app, { ...options, client: {} });
  await createResourceServer(testCall(app), pool, {
    identifier: "orders",
    name: "Orders",
    scopes: ["read", "write", "delete"].map((name) => ({ name, description: name })),
  });
  return { pool, client: await machineClient(app, { pool }, options.client) };
}

type MachineOptions = Partial<UserPoolClientSettings> & { extensions?: UserPoolClientExtensions };

/** A further client of such a pool. */
export function machineClient(
  app: TestApp,
  { pool }: Pick<TestPool, "pool">,
  { extensions = {}, ...settings }: MachineOptions = {},
) {
  return createClient(testCall(app), pool, {
    name: "machine",
    secret: machineSecret,
    settings: {
      ...defaultClientSettings,
      oauth: {
        allowedFlowsUserPoolClient: true,
        allowedFlows: ["client_credentials"],
        allowedScopes: ["orders/read", "orders/write"],
      },
      ...settings,
    },
    extensions,
  });
}

/** HTTP Basic of a client. */
export function basic(clientId: string, secret = machineSecret): { authorization: string } {
  const [user, word] = [clientId, secret].map(encodeURIComponent);
  return { authorization: `Basic ${Buffer.from(`${user}:${word}`).toString("base64")}` };
}

/** The address of an authorization request, with PKCE; `null` leaves a parameter out. */
export function authorizeUrl(
  { pool, client }: TestPool,
  parameters: Readonly<Record<string, string | null>> = {},
): string {
  const asked = {
    response_type: "code",
    client_id: client.id,
    redirect_uri: redirectUri,
    scope: "openid email",
    state: "state-1",
    code_challenge: codeChallenge,
    code_challenge_method: "S256",
    ...parameters,
  };
  const given = Object.entries(asked).flatMap(([name, value]) =>
    value === null ? [] : [[name, value] as [string, string]],
  );
  return `/${pool.id}/oauth2/authorize?${new URLSearchParams(given)}`;
}

/** Signs in on the pages, as far as the first form leads. */
export async function signInOnPage(
  browser: TestBrowser,
  url: string,
  user: { username: string; password?: string },
): Promise<Visit> {
  const shown = await browser.follow(await browser.get(url));
  const fields = { username: user.username, password: user.password ?? password };
  return browser.submit(shown.page("sign-in").form, fields);
}

/** What an answer carries for the client, in its query or its fragment. */
export function answerIn({ location = "" }: Visit): URLSearchParams {
  const [, text = ""] = location.split(/[?#](.*)/s);
  return new URLSearchParams(text);
}

/** The tokens of a grant to a client, as if the user had signed in on the pages. */
export async function grantedTokens(
  app: TestApp,
  { pool, client }: TestPool,
  { user, scope, dpopJkt = null }: { user: User; scope: string; dpopJkt?: string | null },
): Promise<Required<IssuedTokens>> {
  const call = testCall(app);
  const authTimeMs = call.clock.now();
  const grant = { authTimeMs, scope, loginSessionId: "session-1", resource: null, dpopJkt };
  const family = await prepareFamily(call, { pool, client, user, grant });
  await call.change((trx) => family.store(trx));
  return family.tokens as Required<IssuedTokens>;
}

/** A code, as if the user had signed in on the pages and granted this. */
export async function codeFor(
  app: TestApp,
  { pool, client }: TestPool,
  { user, ...granted }: { user: User } & Partial<Granted>,
): Promise<string> {
  const call = testCall(app);
  const { code, store } = prepareCode(call, {
    ...{ pool, client, user },
    granted: {
      ...{ redirectUri, redirectUriGiven: true, scope: "openid", codeChallenge },
      ...{ authTimeMs: call.clock.now(), proved: ["PASSWORD"], loginSessionId: "session-1" },
      ...granted,
    },
  });
  await call.change((trx) => store(trx));
  return code;
}

/** Asks the token endpoint. */
export async function askToken(
  { app }: Pick<TestApp, "app">,
  { pool }: Pick<TestPool, "pool">,
  {
    headers,
    path = "/oauth2/token",
    remoteAddress = "127.0.0.1",
    ...fields
  }: {
    [field: string]: unknown;
    headers?: Readonly<Record<string, string>>;
    path?: string;
    remoteAddress?: string;
  },
) {
  const answer = await app.inject({
    method: "POST",
    url: `/${pool.id}${path}`,
    remoteAddress,
    headers: { "content-type": "application/x-www-form-urlencoded", ...headers },
    payload: new URLSearchParams(fields as Record<string, string>).toString(),
  });
  const body = answer.body === "" ? undefined : answer.json();
  return { status: answer.statusCode, headers: answer.headers, body };
}
