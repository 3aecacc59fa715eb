/**
 * Pages of ours that are for whoever is signed in. They send everybody else through a sign-in and are come back to; no
 * client hears of it, and nothing is granted.
 */
import type { Call } from "../domain/call.ts";
import { type ClientInPool, loadClientOfPool } from "../domain/clients/client.ts";
import { oauthError } from "../errors/oauth.ts";
import { ServiceError } from "../errors/service-error.ts";
import { languageIn } from "../oauth/authorize/carried.ts";
import { matchRedirectUri } from "../oauth/authorize/redirect-uri.ts";
import type { AuthorizationRequest } from "../oauth/authorize/request.ts";
import type { EndpointRequest } from "../oauth/endpoint.ts";
import { type Parameters, writeParameters } from "../protocol/parameters.ts";

/** Names the page in what the pages of the sign-in carry. */
const parameter = "own_page";
const addPasskeyPath = "/passkeys/add";

/** For whom such a page is, and where it leads back to. */
export type Visit = ClientInPool & { readonly redirectUri: string };

/** The visit that an address is for; throws for a client or an address that is none of this pool's. */
export async function readVisit(
  call: Call,
  { pool }: EndpointRequest,
  parameters: Parameters,
): Promise<Visit> {
  const clientId = (parameters.get("client_id") ?? "").slice(0, 129);
  const client = await loadClientOfPool(call, { pool, clientId });
  const redirectUri = matchRedirectUri(client, parameters.get("redirect_uri") ?? "");
  if (redirectUri === undefined) throw new ServiceError("redirect_mismatch", "");
  if (!client.settings.oauth.allowedFlowsUserPoolClient) throw oauthError("unauthorized_client");
  return { pool, client, redirectUri };
}

/** Whether a sign-in is for such a page. */
export function isForOwnPage(parameters: Parameters): boolean {
  return parameters.get(parameter) === addPasskeyPath;
}

/** What the pages of the sign-in carry for a visit, to come back to it. */
export async function readOwnPageRequest(
  call: Call,
  request: EndpointRequest,
  parameters: Parameters,
): Promise<AuthorizationRequest> {
  const { pool, client, redirectUri } = await readVisit(call, request, parameters);
  const visit: [string, string][] = [
    ["client_id", client.id],
    ["redirect_uri", redirectUri],
    ...languageIn(parameters),
  ];
  const page = `${request.origin}${request.prefix}${addPasskeyPath}?${writeParameters(visit)}`;
  return {
    ...{ pool, client, carried: new Map([...visit, [parameter, addPasskeyPath]]) },
    target: { redirectUri: page, mode: "query", state: undefined },
    ...{ isForOwnPage: true, scopes: [], prompts: [], responseType: "code", loginHint: "" },
    ...{ redirectUriGiven: true, pushed: undefined, device: undefined, resource: undefined },
    ...{ nonce: undefined, codeChallenge: undefined, dpopJkt: undefined },
    ...{ maxAgeSeconds: undefined, expectedSub: undefined },
  };
}
