/** A provider as the OpenID conformance suite sees it: by its discovery document, two static clients and a user's browser. */
import { expect } from "vitest";
import type { UserPoolClient } from "../../domain/clients/client.ts";
import { createClient } from "../../domain/clients/create.ts";
import { type TestApp, testApp } from "../app.ts";
import { type TestBrowser, testBrowser, type Visit } from "../browser.ts";
import { answerIn, askToken, basic, codeClient, oauthPool, redirectUri } from "../oauth.ts";
import { password, type TestPool, testCall, testUser } from "../pools.ts";
import { type Claims, verifiedIdToken } from "./id-token.ts";
import { furtherAttributes, profileClaims } from "./standard-claims.ts";

export type Profile = "compat" | "hardened";
export type Variant = { readonly profile: Profile; readonly mode: "query" | "form_post" };

export type Provider = Variant & {
  readonly app: TestApp;
  /** With the first client. */
  readonly home: TestPool;
  /** With the second client. */
  readonly other: TestPool;
  readonly browser: TestBrowser;
  readonly sub: string;
  readonly configuration: Configuration;
};

export type Configuration = Readonly<Record<string, unknown>> & {
  readonly issuer: string;
  readonly jwks_uri: string;
};

/** What the suite calls a module: it throws where the provider does not conform. */
export type Module = (provider: Provider) => Promise<void>;

export type Tokens = {
  readonly access_token: string;
  readonly id_token: string;
  readonly refresh_token: string;
};

const secret = "conformance_secret_0123456789";

/** Starts a provider with a user who is signed in nowhere. */
export async function startProvider(variant: Variant): Promise<Provider> {
  const app = await testApp();
  const extensions = { profile: variant.profile, formPost: "on" } as const;
  const home = await oauthPool(app, {
    ...{ secret, clientExtensions: extensions },
    // What is published is the pool's.
    extensions: { profile: variant.profile },
  });
  const second = await createClient(testCall(app), home.pool, {
    name: "second",
    secret,
    settings: { ...home.client.settings, oauth: codeClient },
    extensions,
  });
  const user = await testUser(app, home.pool, {
    attributes: {
      ...profileClaims,
      ...(variant.profile === "hardened" ? furtherAttributes : {}),
      email: "ada@example.com",
      email_verified: "true",
      phone_number: "+441234567890",
      phone_number_verified: "false",
    },
  });
  const browser = testBrowser(app);
  const { body } = await browser.get(`/${home.pool.id}/.well-known/openid-configuration`);
  return {
    ...{ ...variant, app, home, browser },
    other: { pool: home.pool, client: second },
    sub: user.id,
    configuration: JSON.parse(body) as Configuration,
  };
}

export type Asked = {
  /** Of the request, in place of the usual ones; null leaves one out. */
  readonly parameters?: Readonly<Record<string, string | null>>;
  readonly client?: UserPoolClient;
  readonly method?: "GET" | "POST";
};

export const usualNonce = "nonce-1";
export const usualState = "state-1";

/** Sends the user's browser to the authorization endpoint, no further. */
export async function sendToProvider(provider: Provider, asked: Asked = {}): Promise<Visit> {
  const { home, browser, mode } = provider;
  const { parameters = {}, client = home.client, method = "GET" } = asked;
  const given = {
    ...{ response_type: "code", client_id: client.id, redirect_uri: redirectUri },
    ...{ scope: "openid", state: usualState, nonce: usualNonce },
    ...(mode === "form_post" ? { response_mode: mode } : {}),
    ...parameters,
  };
  const pairs = Object.entries(given).flatMap(([name, value]) =>
    value === null ? [] : [[name, value] as [string, string]],
  );
  const path = pathOf(provider, "authorization_endpoint");
  return method === "POST"
    ? browser.post(path, Object.fromEntries(pairs))
    : browser.get(`${path}?${new URLSearchParams(pairs)}`);
}

/** The path of an endpoint that discovery names. */
export function pathOf({ configuration }: Pick<Provider, "configuration">, name: string): string {
  const { pathname, origin } = new URL(String(configuration[name]));
  expect(origin).toBe("https://localhost:8443");
  return pathname;
}

/** Whether the user is asked to sign in. */
export function asksSignIn({ location = "" }: Visit): boolean {
  return /^\/[^/?]+\/login\?/.test(location);
}

/** The user signs in where the provider asks. */
export async function signIn(provider: Provider, sent: Visit): Promise<Visit> {
  const { browser } = provider;
  const { form } = (await browser.follow(sent)).page("sign-in");
  return browser.submit(form, { username: "ada", password });
}

/** The client's answer, at its registered address and in the way that it asked for. */
export function answerFor({ mode }: Provider, done: Visit): ReadonlyMap<string, string> {
  if (mode === "form_post") {
    expect(done.location).toBeUndefined();
    const { action, fields } = done.page("form-post");
    expect(action).toBe(redirectUri);
    return new Map(Object.entries(fields));
  }
  expect(done.location?.split("?")[0]).toBe(redirectUri);
  return new Map(answerIn(done));
}

/** A whole authorization: the user signs in if asked, and the answer has the state and the issuer that it must have. */
export async function authorize(provider: Provider, asked: Asked = {}) {
  const sent = await sendToProvider(provider, asked);
  const done = asksSignIn(sent) ? await signIn(provider, sent) : sent;
  const answer = answerFor(provider, done);
  expect(answer.get("state")).toBe(asked.parameters?.["state"] ?? usualState);
  expect(answer.get("iss")).toBe(provider.configuration.issuer);
  return answer;
}

export type Redeemed = {
  readonly by?: "basic" | "post";
  readonly client?: UserPoolClient;
  readonly more?: Readonly<Record<string, string>>;
};

/** Asks the token endpoint as a client that proves itself by its secret. */
export function askAsClient(
  provider: Provider,
  fields: Readonly<Record<string, string>>,
  { by = "basic", client = provider.home.client, more = {} }: Redeemed = {},
) {
  const proof =
    by === "basic"
      ? { headers: basic(client.id, secret) }
      : { client_id: client.id, client_secret: secret };
  return askToken(provider.app, provider.home, { ...fields, ...proof, ...more });
}

/** Redeems a code. */
export function redeem(provider: Provider, code: string | undefined, how: Redeemed = {}) {
  const fields = { grant_type: "authorization_code", redirect_uri: redirectUri, code: code ?? "" };
  return askAsClient(provider, fields, how);
}

export type Granted = { readonly tokens: Tokens; readonly claims: Claims; readonly code: string };

/** A whole authorization up to tokens, whose ID token is verified. */
export async function obtain(
  provider: Provider,
  asked: Asked = {},
  how: Redeemed = {},
): Promise<Granted> {
  const answer = await authorize(provider, asked);
  expect(answer.get("error")).toBeUndefined();
  const code = answer.get("code") ?? "";
  const client = asked.client ?? provider.home.client;
  const { status, headers, body } = await redeem(provider, code, { client, ...how });
  expect(status).toBe(200);
  expect(headers).toMatchObject({ "cache-control": "no-store" });
  expect(headers["content-type"]).toMatch(/^application\/json/);
  expect(body).toMatchObject({ token_type: "Bearer", expires_in: expect.any(Number) });
  const asksNonce = asked.parameters?.["nonce"] !== null;
  const claims = await verifiedIdToken(provider, body, {
    clientId: client.id,
    nonce: asksNonce ? usualNonce : undefined,
  });
  return { tokens: body, claims, code };
}
