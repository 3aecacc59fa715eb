/** OAuth clients for tests: a pool with a client that may use the code flow, and what such a client sends. */
import { createHash } from "node:crypto";
import type { TestApp } from "./app.ts";
import type { TestBrowser, Visit } from "./browser.ts";
import { password, type TestPool, type TestPoolOptions, testPool } from "./pools.ts";

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

/** Asks the token endpoint. */
export async function askToken(
  { app }: Pick<TestApp, "app">,
  { pool }: Pick<TestPool, "pool">,
  {
    headers,
    path = "/oauth2/token",
    ...fields
  }: { [field: string]: unknown; headers?: Readonly<Record<string, string>>; path?: string },
) {
  const answer = await app.inject({
    method: "POST",
    url: `/${pool.id}${path}`,
    headers: { "content-type": "application/x-www-form-urlencoded", ...headers },
    payload: new URLSearchParams(fields as Record<string, string>).toString(),
  });
  return { status: answer.statusCode, headers: answer.headers, body: answer.json() };
}
