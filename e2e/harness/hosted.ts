/** Sign-ins by the hosted pages at nodes behind a proxy, without a browser, and what an app asks for afterwards. */
import {
  CreateUserPoolClientCommand,
  type CreateUserPoolClientCommandInput,
} from "@aws-sdk/client-cognito-identity-provider";
import { createAppPool } from "./app-pool.ts";
import { type Node, publicUrl } from "./nodes.ts";
import { redirectUri } from "./oauth-pool.ts";
import { operate } from "./operate.ts";
import { type FormBrowser, formBrowser, type Stop } from "./page-forms.ts";
import { password } from "./users.ts";

export const leftUri = "https://app.example.com/left";

/** A client that comes by the hosted pages, and its pool. */
export type HostedApp = { readonly userPoolId: string; readonly clientId: string };

const clientSettings: Partial<CreateUserPoolClientCommandInput> = {
  AllowedOAuthFlowsUserPoolClient: true,
  AllowedOAuthFlows: ["code"],
  AllowedOAuthScopes: ["openid", "email"],
  SupportedIdentityProviders: ["COGNITO"],
  CallbackURLs: [redirectUri],
  LogoutURLs: [leftUri],
  ExplicitAuthFlows: ["ALLOW_USER_PASSWORD_AUTH"],
  // Good once, without grace.
  RefreshTokenRotation: { Feature: "ENABLED", RetryGracePeriodSeconds: 0 },
};

/** A pool with a client whose refresh tokens rotate. */
export function makeHostedApp({ client: sdk }: Node): Promise<HostedApp> {
  return createAppPool(sdk, { client: clientSettings });
}

/** Another client of the pool, with what it switches on beyond AWS. */
export async function addHostedClient(
  node: Node,
  { userPoolId: UserPoolId }: HostedApp,
  Extensions: object,
): Promise<HostedApp> {
  const given = { UserPoolId, ClientName: "other", ...clientSettings };
  const { UserPoolClient } = await node.client.send(new CreateUserPoolClientCommand(given));
  const { ClientId = "" } = UserPoolClient ?? {};
  await operate(node, "PutUserPoolClientExtensions", { UserPoolId, ClientId, Extensions });
  return { userPoolId: UserPoolId, clientId: ClientId };
}

/** A browser that knows the proxy alone; `node` says which process the next request gets to. */
export function proxiedBrowser(node: () => Node): FormBrowser {
  return formBrowser(publicUrl, (url) => new URL(url.pathname + url.search, node().url));
}

/** Where an app sends its user to. */
export function authorizeUrl({ userPoolId, clientId }: HostedApp): string {
  const query = new URLSearchParams({
    ...{ response_type: "code", client_id: clientId, redirect_uri: redirectUri },
    ...{ scope: "openid email", state: "state-1" },
  });
  return `${publicUrl}/${userPoolId}/oauth2/authorize?${query}`;
}

/** Where an app sends its user to be signed out. */
export function logoutUrl({ userPoolId, clientId }: HostedApp): string {
  const query = new URLSearchParams({ client_id: clientId, logout_uri: leftUri });
  return `${publicUrl}/${userPoolId}/logout?${query}`;
}

/** Fills the sign-in form; gives where the browser ends. */
export async function signInByForm(
  browser: FormBrowser,
  app: HostedApp,
  username: string,
): Promise<Stop> {
  const page = await browser.open(authorizeUrl(app));
  return page.submit({ username, password });
}

/** The code that came back to the app; undefined where the browser is still at the pages. */
export function codeIn({ url }: Pick<Stop, "url">): string | undefined {
  const isBack = `${url.origin}${url.pathname}` === redirectUri;
  return isBack ? (url.searchParams.get("code") ?? undefined) : undefined;
}

export type TokenAnswer = {
  readonly status: number;
  readonly error?: string;
  readonly access_token?: string;
  readonly id_token?: string;
  readonly refresh_token?: string;
};

/** What the token endpoint says to these fields. */
export async function askToken(
  node: Node,
  app: HostedApp,
  fields: Readonly<Record<string, string>>,
): Promise<TokenAnswer> {
  const answer = await fetch(`${node.url}/${app.userPoolId}/oauth2/token`, {
    method: "POST",
    body: new URLSearchParams({ client_id: app.clientId, ...fields }),
  });
  return { ...((await answer.json()) as object), status: answer.status };
}

/** What a code is exchanged with. */
export const codeFields = (code = "") =>
  ({ grant_type: "authorization_code", redirect_uri: redirectUri, code }) as const;

/** What a refresh token is exchanged with. */
export const refreshFields = ({ refresh_token = "" }: TokenAnswer) =>
  ({ grant_type: "refresh_token", refresh_token }) as const;

/** The status by which the userInfo endpoint answers an access token. */
export async function statusOfUserInfo(
  node: Node,
  app: HostedApp,
  { access_token: token = "" }: TokenAnswer,
): Promise<number> {
  const headers = { authorization: `Bearer ${token}` };
  return (await fetch(`${node.url}/${app.userPoolId}/oauth2/userInfo`, { headers })).status;
}
