/**
 * How an app proves which client it is (RFC 6749 §2.3): one of its secrets by HTTP Basic or in the form, an assertion that
 * it signed (RFC 7523), or, for a public client, its name alone.
 */
import type { Call } from "../domain/call.ts";
import { loadClientOfPool, type UserPoolClient } from "../domain/clients/client.ts";
import { openSecrets } from "../domain/clients/secrets.ts";
import { assertionType, claimedClientId, provesClient } from "../domain/grants/client-assertion.ts";
import { admitGuess, countGuess } from "../domain/limits/source-limits.ts";
import type { UserPool } from "../domain/pools/pool.ts";
import { oauthError } from "../errors/oauth.ts";
import { ServiceError } from "../errors/service-error.ts";
import { constantTimeEqual } from "../lib/constant-time.ts";
import type { Parameters } from "../protocol/parameters.ts";
import type { EndpointRequest } from "./endpoint.ts";

type Shown = {
  /** As `token_endpoint_auth_method` has it (RFC 7591 §2). */
  readonly method: "client_secret_basic" | "client_secret_post" | "private_key_jwt" | "none";
  readonly clientId: string;
  readonly secret?: string | undefined;
  readonly assertion?: string;
};

const maxClientIdCharacters = 128;
const maxHeaderCharacters = 2048;

/**
 * The client of a request, proved; throws `invalid_client` where it is not. Whatever proves a client can be guessed at, so
 * wrong guesses count for the address that they come from.
 */
export async function authenticateClient(
  call: Call,
  request: Pick<EndpointRequest, "pool" | "header">,
  form: Parameters,
): Promise<UserPoolClient> {
  const { pool } = request;
  const shown = readCredentials(request.header("authorization"), form);
  call.about.more["clientAuthentication"] = shown.method;
  const isGuess = shown.method !== "none";
  if (isGuess) await admitGuess(call);
  const client = await findClient(call, pool, shown.clientId);
  if (client && (await isProved(call, { pool, client }, shown))) return client;
  const refusal = oauthError("invalid_client");
  throw isGuess ? await countGuess(call, refusal) : refusal;
}

/** A client that has keys proves itself by these alone: a secret that it has besides is the weaker way in. */
async function isProved(
  call: Call,
  { pool, client }: { pool: UserPool; client: UserPoolClient },
  { secret, assertion }: Shown,
): Promise<boolean> {
  if (client.extensions.assertionKeys !== undefined) {
    return assertion !== undefined && provesClient(call, { pool, client }, assertion);
  }
  if (assertion !== undefined) return false;
  const secrets = openSecrets(call, client);
  return secrets.length === 0
    ? secret === undefined
    : secrets.map(({ value }) => constantTimeEqual(value, secret ?? "")).includes(true);
}

/** One way alone: a request that shows two says nothing certain (RFC 6749 §2.3). */
function readCredentials(header: string | undefined, form: Parameters): Shown {
  const clientId = form.get("client_id");
  const secret = form.get("client_secret");
  const shown = header === undefined ? readAssertion(form) : readBasic(header);
  const isTwofold =
    (header !== undefined && hasAssertion(form)) ||
    (shown !== undefined && secret !== undefined) ||
    (shown !== undefined && clientId !== undefined && clientId !== shown.clientId);
  if (isTwofold) throw oauthError("invalid_request", "The client is named in two ways.");
  if (shown) return shown;
  if (clientId === undefined) throw oauthError("invalid_request", "client_id is missing.");
  return { method: secret === undefined ? "none" : "client_secret_post", clientId, secret };
}

function hasAssertion(form: Parameters): boolean {
  return form.has("client_assertion") || form.has("client_assertion_type");
}

/** RFC 7521 §4.2; the client is the subject of the assertion. */
function readAssertion(form: Parameters): Shown | undefined {
  if (!hasAssertion(form)) return undefined;
  const assertion = form.get("client_assertion");
  if (assertion === undefined || form.get("client_assertion_type") !== assertionType) {
    throw oauthError("invalid_request", `client_assertion must be of the type ${assertionType}.`);
  }
  const clientId = claimedClientId(assertion);
  if (clientId === undefined) throw oauthError("invalid_client");
  return { method: "private_key_jwt", clientId, assertion };
}

/**
 * RFC 6749 §2.3.1 has both parts encoded as in a form, Cognito has them as they are. What differs is the plus sign alone,
 * which may be in both of them, where a space never is.
 */
function readBasic(header: string): Shown {
  const [scheme = "", value = ""] = header.slice(0, maxHeaderCharacters).split(" ", 2);
  const text = Buffer.from(value, "base64").toString("utf8");
  const colon = text.indexOf(":");
  if (scheme.toLowerCase() !== "basic" || colon < 1) throw oauthError("invalid_client");
  const [clientId, secret] = [text.slice(0, colon), text.slice(colon + 1)].map(decode);
  if (clientId === undefined || secret === undefined) throw oauthError("invalid_client");
  // An empty secret is none (RFC 6749 §2.3.1).
  return secret === ""
    ? { method: "none", clientId }
    : { method: "client_secret_basic", clientId, secret };
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

async function findClient(
  call: Call,
  pool: UserPool,
  clientId: string,
): Promise<UserPoolClient | undefined> {
  try {
    const named = { pool, clientId: clientId.slice(0, maxClientIdCharacters + 1) };
    return await loadClientOfPool(call, named);
  } catch (error) {
    if (error instanceof ServiceError) return undefined;
    throw error;
  }
}
