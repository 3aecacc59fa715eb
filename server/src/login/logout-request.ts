/** What a request to `/logout` asks for: which client, where the browser goes on to, and who is meant. */
import type { Call } from "../domain/call.ts";
import { loadClientOfPool, type UserPoolClient } from "../domain/clients/client.ts";
import { clientsOfSession, type LoginSession } from "../domain/grants/login-session.ts";
import type { UserPool } from "../domain/pools/pool.ts";
import { oauthError } from "../errors/oauth.ts";
import { ServiceError } from "../errors/service-error.ts";
import { withParameters } from "../oauth/authorize/respond.ts";
import { type IdTokenHint, readIdTokenHint } from "../oauth/id-token-hint.ts";
import type { Parameters } from "../protocol/parameters.ts";

export type LogoutRequest = {
  readonly client: UserPoolClient | undefined;
  /** An address that the client has registered; our own page where there is none. */
  readonly goesTo: string | undefined;
  /** Whom the client names, by `id_token_hint`. */
  readonly sub: string | undefined;
  /** By the words of OpenID Connect RP-Initiated Logout 1.0, not by Cognito's. */
  readonly isRpInitiated: boolean;
};

const maxStateCharacters = 4096;

/** The request, checked; throws where it is none, and where it would send the browser to what is not registered. */
export async function readLogoutRequest(
  call: Call,
  pool: UserPool,
  { parameters, session }: { parameters: Parameters; session: LoginSession | undefined },
): Promise<LogoutRequest> {
  const hintGiven = parameters.get("id_token_hint");
  const hint = hintGiven === undefined ? undefined : await readIdTokenHint(call, pool, hintGiven);
  const clientId = parameters.get("client_id");
  const logoutUri = parameters.get("logout_uri");
  if (logoutUri !== undefined && clientId !== undefined) {
    const client = await findClient(call, pool, clientId);
    const sub = hint?.clientId === client.id ? hint.sub : undefined;
    return { client, goesTo: registered(client, logoutUri), sub, isRpInitiated: false };
  }
  const named = namedClient(clientId, hint);
  const client = named === undefined ? undefined : await findClient(call, pool, named);
  const isOn = client ? isRpInitiatedOn(client) : await isOnForAny(call, pool, session);
  if (!isOn) throw oauthError("invalid_request", "logout_uri or redirect_uri is missing.");
  return { client, goesTo: returnOf(client, parameters), sub: hint?.sub, isRpInitiated: true };
}

function namedClient(clientId: string | undefined, hint: IdTokenHint | undefined) {
  if (hint && clientId !== undefined && clientId !== hint.clientId) {
    throw oauthError("invalid_request", "client_id is not the client of id_token_hint.");
  }
  return clientId ?? hint?.clientId;
}

async function findClient(call: Call, pool: UserPool, clientId: string): Promise<UserPoolClient> {
  try {
    return await loadClientOfPool(call, { pool, clientId: clientId.slice(0, 129) });
  } catch (error) {
    if (error instanceof ServiceError) throw notRegistered();
    throw error;
  }
}

/** Compared character by character: what follows is a redirect. */
function registered(client: UserPoolClient, uri: string): string {
  if (!client.settings.oauth.logoutUrls?.includes(uri)) throw notRegistered();
  return uri;
}

/** RP-Initiated Logout §3: with the `state` of the request; nowhere where no client is known to have registered it. */
function returnOf(client: UserPoolClient | undefined, parameters: Parameters): string | undefined {
  const uri = parameters.get("post_logout_redirect_uri");
  if (uri === undefined || !client) return undefined;
  const state = parameters.get("state");
  if (state !== undefined && state.length > maxStateCharacters) {
    throw oauthError("invalid_request", "state is too long.");
  }
  return withParameters(registered(client, uri), state === undefined ? [] : [["state", state]]);
}

function isRpInitiatedOn({ extensions }: UserPoolClient): boolean {
  return extensions.rpInitiatedLogout === "on";
}

/** A request that names no client is for whoever is signed in through one that may ask so. */
async function isOnForAny(
  call: Call,
  pool: UserPool,
  session: LoginSession | undefined,
): Promise<boolean> {
  return (
    session !== undefined && (await clientsOfSession(call.db, pool, session)).some(isRpInitiatedOn)
  );
}

/** Cognito's name for it, of redirect URIs; it is shown on a page and sent to nobody. */
function notRegistered(): ServiceError {
  return new ServiceError("redirect_mismatch", "");
}
