/**
 * The checks of an authorization request, in the order that decides who is told: until client and redirect URI are known
 * to belong together nothing is sent anywhere (RFC 6749 §4.1.2.1), after that the client is told.
 */
import type { Call } from "../../domain/call.ts";
import {
  type ClientInPool,
  loadClientOfPool,
  type UserPoolClient,
} from "../../domain/clients/client.ts";
import {
  isPushed,
  loadPushedRequest,
  type PushedRequest,
} from "../../domain/grants/pushed-request.ts";
import type { UserPool } from "../../domain/pools/pool.ts";
import { oauthError } from "../../errors/oauth.ts";
import { ServiceError } from "../../errors/service-error.ts";
import type { Parameters } from "../../protocol/parameters.ts";
import { subOfHint } from "../id-token-hint.ts";
import { requireScopes } from "../scopes.ts";
import { languageIn } from "./carried.ts";
import { readOptions } from "./options.ts";
import { requireChallenge } from "./pkce.ts";
import { requireOwnProvider } from "./provider.ts";
import { matchRedirectUri } from "./redirect-uri.ts";
import type { AuthorizationRequest, ClientAnswer, ResponseTarget } from "./request.ts";
import { clientRefusal } from "./respond.ts";
import { ownMode, readResponseMode, readResponseType } from "./response.ts";

const maxStateCharacters = 4096;

/** A request that its client is told is refused. */
export type RefusedRequest = {
  readonly client: UserPoolClient;
  readonly refusal: ServiceError;
  readonly answer: ClientAnswer;
};

/** The request, checked; or what its client is told; throws where the client must not be told. */
export async function readAuthorizationRequest(
  call: Call,
  pool: UserPool,
  given: Parameters,
): Promise<AuthorizationRequest | RefusedRequest> {
  const client = await findClient(call, pool, given);
  const source = await readSource(call, { pool, client, given });
  const target = targetOf(client, source.parameters);
  try {
    return await readRest(call, { pool, client, target, ...source });
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    return { client, refusal: error, answer: clientRefusal(call, { pool, target }, error) };
  }
}

/** Refuses parameters that the authorization endpoint would refuse, before they are pushed (RFC 9126 §2.1). */
export async function checkBeforePush(
  call: Call,
  { pool, client, parameters }: ClientInPool & { parameters: Parameters },
): Promise<void> {
  const target = targetOf(client, parameters);
  await readRest(call, { pool, client, target, parameters, carried: parameters, isPushed: true });
}

type Source = Pick<AuthorizationRequest, "carried"> & {
  readonly parameters: Parameters;
  readonly pushed?: PushedRequest;
  readonly isPushed: boolean;
};

/** The parameters that count: those that the client pushed, and then nothing of what a browser says besides. */
async function readSource(
  call: Call,
  { pool, client, given }: ClientInPool & { given: Parameters },
): Promise<Source> {
  const { pushedAuthorizationRequests: push = "off" } = client.extensions;
  const requestUri = given.get("request_uri");
  if (push === "off" || requestUri === undefined || !isPushed(requestUri)) {
    return { parameters: given, carried: given, isPushed: false };
  }
  const pushed = await loadPushedRequest(call, { pool, client }, requestUri);
  const { parameters } = pushed;
  const carried = new Map([
    ["client_id", client.id],
    ["request_uri", requestUri],
    ...languageIn(given, parameters),
  ]);
  return { parameters, carried, pushed, isPushed: true };
}

async function findClient(
  call: Call,
  pool: UserPool,
  parameters: Parameters,
): Promise<UserPoolClient> {
  const clientId = parameters.get("client_id") ?? "";
  try {
    return await loadClientOfPool(call, { pool, clientId: clientId.slice(0, 129) });
  } catch (error) {
    // Cognito answers an unknown client like an unknown redirect URI.
    if (error instanceof ServiceError) throw redirectMismatch();
    throw error;
  }
}

/** Where to answer; the mode is the request's own only once it is known to be allowed. */
function targetOf(client: UserPoolClient, parameters: Parameters): ResponseTarget {
  const given = parameters.get("redirect_uri") ?? client.settings.oauth.defaultRedirectUri;
  const redirectUri = given === undefined ? undefined : matchRedirectUri(client, given);
  if (redirectUri === undefined) throw redirectMismatch();
  const state = parameters.get("state");
  if (state !== undefined && state.length > maxStateCharacters) {
    throw oauthError("invalid_request", "state is too long.");
  }
  return { redirectUri, state, mode: readResponseMode(client, parameters) ?? ownMode(parameters) };
}

async function readRest(
  call: Call,
  given: ClientInPool & Source & { target: ResponseTarget },
): Promise<AuthorizationRequest> {
  const { pool, client, parameters, carried, pushed, target } = given;
  if (!client.settings.oauth.allowedFlowsUserPoolClient) throw oauthError("unauthorized_client");
  if (client.extensions.pushedAuthorizationRequests === "required" && !given.isPushed) {
    throw oauthError("invalid_request", "This client must push its authorization requests.");
  }
  refuseUnsupported(parameters);
  const responseType = readResponseType(client, parameters);
  if (readResponseMode(client, parameters) === undefined) {
    throw oauthError("invalid_request", "This response_mode cannot be used here.");
  }
  requireOwnProvider(client, parameters);
  const scopes = await requireScopes(call, { pool, client, scope: parameters.get("scope") });
  return {
    ...{ pool, client, carried, pushed, responseType, scopes, target },
    ...{ device: undefined, isForOwnPage: false },
    redirectUriGiven: parameters.has("redirect_uri"),
    codeChallenge: requireChallenge({ pool, client, parameters, responseType }),
    ...readOptions(client, parameters),
    expectedSub: await subOfHint(call, { pool, client, hint: parameters.get("id_token_hint") }),
  };
}

/** OpenID Connect Core §3.1.2.6; a server that ignored them would ignore what the client signed. */
function refuseUnsupported(parameters: Parameters): void {
  if (parameters.has("request")) throw oauthError("request_not_supported");
  if (parameters.has("request_uri")) throw oauthError("request_uri_not_supported");
  if (parameters.has("registration")) throw oauthError("registration_not_supported");
}

/** Cognito's name for it; it is shown on a page and sent to nobody. */
function redirectMismatch(): ServiceError {
  return new ServiceError("redirect_mismatch", "");
}
