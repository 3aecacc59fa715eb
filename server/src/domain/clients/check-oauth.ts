/** What a client may set for the OAuth endpoints, and where they may send a browser. */
import { invalidOAuthFlow, invalidParameter, scopeDoesNotExist } from "../../errors/cognito-idp.ts";
import type { Db } from "../../store/schema.ts";
import { customScopesOf } from "../resource-servers/resource-server.ts";
import { standardScopes } from "../tokens/scopes.ts";
import type { UserPoolClientSettings } from "./client.ts";

type OAuthSettings = UserPoolClientSettings["oauth"];

const localHosts = ["localhost", "127.0.0.1", "[::1]"];
/** Schemes that run or show what the URL itself holds, or open a file: no app is reached by them. */
const unsafeSchemes = [
  "javascript:",
  "vbscript:",
  "data:",
  "blob:",
  "about:",
  "file:",
  "view-source:",
];

/** Refuses OAuth settings that contradict each other, and URLs that a browser must not be sent to. */
export function checkOAuthSettings(oauth: OAuthSettings, about: { hasSecret: boolean }): void {
  const flows = oauth.allowedFlows ?? [];
  const scopes = oauth.allowedScopes ?? [];
  const urls = [...(oauth.callbackUrls ?? []), ...(oauth.logoutUrls ?? [])];
  const asksForOAuth = [...flows, ...scopes, ...urls].length > 0;
  if (!oauth.allowedFlowsUserPoolClient && asksForOAuth) {
    throw invalidParameter(
      "To use authorization server features, set AllowedOAuthFlowsUserPoolClient to true.",
    );
  }
  if (oauth.allowedFlowsUserPoolClient && (flows.length === 0 || scopes.length === 0)) {
    throw invalidParameter(
      "AllowedOAuthFlows and AllowedOAuthScopes are required if user pool client is allowed to use OAuth flows.",
    );
  }
  checkGrants(oauth, about);
  for (const url of urls) checkUrl(url);
  const { defaultRedirectUri } = oauth;
  if (defaultRedirectUri !== undefined && !oauth.callbackUrls?.includes(defaultRedirectUri)) {
    throw invalidParameter(
      `The default redirect URI ${defaultRedirectUri} is not in the callback URIs list.`,
    );
  }
}

/** Refuses scopes that are neither standard ones nor those of a resource server of the pool. */
export async function checkScopesExist(
  db: Db,
  userPoolId: string,
  { allowedScopes = [] }: OAuthSettings,
): Promise<void> {
  const standard: readonly string[] = standardScopes;
  const custom = allowedScopes.filter((scope) => !standard.includes(scope));
  if (custom.length === 0) return;
  const known = new Set((await customScopesOf(db, userPoolId)).map(({ name }) => name));
  const unknown = custom.find((scope) => !known.has(scope));
  if (unknown !== undefined) throw scopeDoesNotExist(unknown);
}

function checkGrants(oauth: OAuthSettings, { hasSecret }: { hasSecret: boolean }): void {
  const flows = oauth.allowedFlows ?? [];
  const redirects = flows.includes("code") || flows.includes("implicit");
  if (flows.includes("client_credentials") && redirects) {
    throw invalidOAuthFlow(
      "client_credentials flow can not be selected along with code flow or implicit flow.",
    );
  }
  if (flows.includes("client_credentials") && !hasSecret) {
    throw invalidOAuthFlow(
      "client_credentials flow can not be selected if client does not have a client secret.",
    );
  }
  if (redirects && (oauth.callbackUrls ?? []).length === 0) {
    throw invalidOAuthFlow(
      "CallbackUrls can not be empty when code flow or implicit flow is selected",
    );
  }
}

/** An absolute URL without a fragment (RFC 6749 §3.1.2): of an app's own scheme, or https; http only to this machine. */
function checkUrl(text: string): void {
  const url = URL.parse(text);
  if (!url) throw invalidParameter(`${text} is not an absolute URL`);
  if (text.includes("#")) throw invalidParameter(`${text} cannot use fragment`);
  if (unsafeSchemes.includes(url.protocol)) {
    throw invalidParameter(`${text} cannot use the ${url.protocol.slice(0, -1)} scheme`);
  }
  // Other parsers take what stands before an @ or a backslash for the host.
  const isPlain = url.username === "" && url.password === "" && !text.includes("\\");
  if (url.protocol === "http:" && !(isPlain && localHosts.includes(url.hostname))) {
    throw invalidParameter(`${text} cannot use the HTTP protocol.`);
  }
}
