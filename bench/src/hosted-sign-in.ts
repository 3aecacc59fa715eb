/** What browsers and apps do at the hosted pages and the token endpoint. */
import { createHash } from "node:crypto";
import { asAdministrator } from "./calls.ts";
import type { Answer, Connection } from "./http-client.ts";
import type { Poolhouse } from "./poolhouse.ts";
import { makePool, type Pool, password } from "./pools.ts";
import type { Work } from "./rounds.ts";
import { clients, openConnections } from "./works.ts";

const redirectUri = "https://app.example.com/callback";
const verifier = "v".repeat(64);
const challenge = createHash("sha256").update(verifier).digest("base64url");
const form = { "content-type": "application/x-www-form-urlencoded" };

/** Sign-ins in browsers that nobody has used before: authorize, the page, its form, the code, the tokens. */
export async function signInWorks(installation: Poolhouse): Promise<Work[]> {
  const pool = await codePool(installation);
  return openConnections(installation.target).map((connection, at) => {
    const email = pool.users[at]?.email ?? "";
    return async () => void (await signIn(connection, pool, email));
  });
}

/** The sign-in page alone, for a browser that is not known yet. */
export async function pageWorks(installation: Poolhouse): Promise<Work[]> {
  const pool = await codePool(installation);
  const path = `/${pool.userPoolId}/login?${authorizationQuery(pool)}`;
  return openConnections(installation.target).map((connection) => async () => {
    const page = await connection.send({ method: "GET", path, headers: {}, body: "" });
    if (page.status !== 200) throw new Error(`no page: ${page.head}`);
  });
}

/** As many bytes from a route that does nothing. */
export function barePageWork(connection: Connection): Work {
  return async () => {
    await connection.send({ method: "GET", path: "/page", headers: {}, body: "" });
  };
}

/** Takes new tokens for the refresh token that the last call gave. */
export async function refreshWorks(installation: Poolhouse): Promise<Work[]> {
  const pool = await codePool(installation);
  const connections = openConnections(installation.target);
  return Promise.all(
    connections.map(async (connection, at) => {
      let token = (await signIn(connection, pool, pool.users[at]?.email ?? "")).refresh_token;
      return async () => {
        const next = (
          await askToken(connection, pool, {
            grant_type: "refresh_token",
            client_id: pool.clientId,
            refresh_token: token ?? "",
          })
        ).refresh_token;
        if (!next || next === token) throw new Error("the refresh token was not replaced");
        token = next;
      };
    }),
  );
}

/** A program takes tokens of its own. */
export async function clientCredentialsWorks(installation: Poolhouse): Promise<Work[]> {
  const { userPoolId, clientId, secret } = await machineClient(installation);
  const authorization = `Basic ${Buffer.from(`${clientId}:${secret}`).toString("base64")}`;
  return openConnections(installation.target).map((connection) => async () => {
    const body = "grant_type=client_credentials&scope=bench%2Fread";
    const path = `/${userPoolId}/oauth2/token`;
    const headers = { ...form, authorization };
    tokensIn(await connection.send({ method: "POST", path, headers, body }));
  });
}

function codePool(installation: Poolhouse): Promise<Pool> {
  return makePool(installation, {
    client: {
      AllowedOAuthFlowsUserPoolClient: true,
      AllowedOAuthFlows: ["code"],
      AllowedOAuthScopes: ["openid", "email"],
      CallbackURLs: [redirectUri],
      SupportedIdentityProviders: ["COGNITO"],
      RefreshTokenRotation: { Feature: "ENABLED", RetryGracePeriodSeconds: 0 },
    },
    users: clients,
  });
}

async function machineClient(installation: Poolhouse) {
  const { userPoolId } = await makePool(installation, { client: {}, users: 0 });
  return asAdministrator(installation, async (call) => {
    await call("CreateResourceServer", {
      UserPoolId: userPoolId,
      Identifier: "bench",
      Name: "bench",
      Scopes: [{ ScopeName: "read", ScopeDescription: "read" }],
    });
    const { UserPoolClient } = (await call("CreateUserPoolClient", {
      UserPoolId: userPoolId,
      ClientName: "machine",
      GenerateSecret: true,
      AllowedOAuthFlowsUserPoolClient: true,
      AllowedOAuthFlows: ["client_credentials"],
      AllowedOAuthScopes: ["bench/read"],
    })) as { UserPoolClient: { ClientId: string; ClientSecret: string } };
    const { ClientId: clientId, ClientSecret: secret } = UserPoolClient;
    return { userPoolId, clientId, secret };
  });
}

function authorizationQuery({ clientId }: Pool): URLSearchParams {
  return new URLSearchParams({
    response_type: "code",
    client_id: clientId,
    redirect_uri: redirectUri,
    scope: "openid email",
    state: "s".repeat(32),
    code_challenge: challenge,
    code_challenge_method: "S256",
  });
}

type Tokens = { readonly access_token: string; readonly refresh_token?: string };

async function signIn(connection: Connection, pool: Pool, email: string): Promise<Tokens> {
  const get = (path: string) => connection.send({ method: "GET", path, headers: {}, body: "" });
  const asked = await get(`/${pool.userPoolId}/oauth2/authorize?${authorizationQuery(pool)}`);
  const page = await get(locationOf(asked));
  const answered = await connection.send({
    method: "POST",
    path: textIn(page.body, /action="([^"]+)"/).replaceAll("&amp;", "&"),
    headers: { ...form, cookie: cookiesOf(page) },
    body: new URLSearchParams({
      _csrf: textIn(page.body, /name="_csrf"[^>]* value="([^"]+)"/),
      username: email,
      password,
    }).toString(),
  });
  return askToken(connection, pool, {
    grant_type: "authorization_code",
    client_id: pool.clientId,
    redirect_uri: redirectUri,
    code: new URL(locationOf(answered)).searchParams.get("code") ?? "",
    code_verifier: verifier,
  });
}

async function askToken(
  connection: Connection,
  pool: Pool,
  fields: Record<string, string>,
): Promise<Tokens> {
  const path = `/${pool.userPoolId}/oauth2/token`;
  const body = new URLSearchParams(fields).toString();
  return tokensIn(await connection.send({ method: "POST", path, headers: form, body }));
}

function tokensIn({ body }: Answer): Tokens {
  const tokens = JSON.parse(body) as Partial<Tokens>;
  if (!tokens.access_token) throw new Error(`no tokens: ${body}`);
  return { ...tokens, access_token: tokens.access_token };
}

function locationOf({ head }: Answer): string {
  return textIn(head, /\r\nlocation: *(\S+)/i);
}

function cookiesOf({ head }: Answer): string {
  return [...head.matchAll(/\r\nset-cookie: *([^;\r]+)/gi)].map(([, pair]) => pair).join("; ");
}

function textIn(text: string, pattern: RegExp): string {
  const found = pattern.exec(text)?.[1];
  if (found === undefined) throw new Error(`nothing like ${pattern} in ${text.slice(0, 300)}`);
  return found;
}
