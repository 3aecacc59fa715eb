/**
 * How an app proves which client it is (RFC 6749 §2.3): one of its secrets by HTTP Basic or in the form, or, for a public
 * client, its name alone.
 */
import type { Call } from "../domain/call.ts";
import { loadClientOfPool, type UserPoolClient } from "../domain/clients/client.ts";
import { openSecrets } from "../domain/clients/secrets.ts";
import type { UserPool } from "../domain/pools/pool.ts";
import { oauthError } from "../errors/oauth.ts";
import { ServiceError } from "../errors/service-error.ts";
import { constantTimeEqual } from "../lib/constant-time.ts";
import type { Parameters } from "../protocol/parameters.ts";
import type { EndpointRequest } from "./endpoint.ts";

type Shown = { readonly clientId: string; readonly secret: string | undefined };

const maxClientIdCharacters = 128;
const maxHeaderCharacters = 2048;

/** The client of a request, proved; throws `invalid_client` where it is not. */
export async function authenticateClient(
  call: Call,
  request: Pick<EndpointRequest, "pool" | "header">,
  form: Parameters,
): Promise<UserPoolClient> {
  const shown = readCredentials(request.header("authorization"), form);
  const client = await findClient(call, request.pool, shown.clientId);
  const secrets = openSecrets(call, client);
  const isProved =
    secrets.length === 0
      ? shown.secret === undefined
      : secrets.map(({ value }) => constantTimeEqual(value, shown.secret ?? "")).includes(true);
  if (!isProved) throw oauthError("invalid_client");
  return client;
}

/** One way alone: a request that shows two says nothing certain (RFC 6749 §2.3). */
function readCredentials(header: string | undefined, form: Parameters): Shown {
  const clientId = form.get("client_id");
  const secret = form.get("client_secret");
  if (header === undefined) {
    if (clientId === undefined) throw oauthError("invalid_request", "client_id is missing.");
    return { clientId, secret };
  }
  const basic = readBasic(header);
  if (!basic) throw oauthError("invalid_client");
  if (secret !== undefined || (clientId !== undefined && clientId !== basic.clientId)) {
    throw oauthError("invalid_request", "The client is named in two ways.");
  }
  return basic;
}

/** RFC 6749 §2.3.1: both parts are encoded as in a form, which leaves Cognito's ids and secrets as they are. */
function readBasic(header: string): Shown | undefined {
  const [scheme = "", value = ""] = header.slice(0, maxHeaderCharacters).split(" ", 2);
  if (scheme.toLowerCase() !== "basic") return undefined;
  const text = Buffer.from(value, "base64").toString("utf8");
  const colon = text.indexOf(":");
  if (colon < 1) return undefined;
  const [clientId, secret] = [text.slice(0, colon), text.slice(colon + 1)].map(decode);
  return clientId === undefined || secret === undefined ? undefined : { clientId, secret };
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text.replaceAll("+", " "));
  } catch {
    return undefined;
  }
}

async function findClient(call: Call, pool: UserPool, clientId: string): Promise<UserPoolClient> {
  try {
    return await loadClientOfPool(call, {
      pool,
      clientId: clientId.slice(0, maxClientIdCharacters + 1),
    });
  } catch (error) {
    if (error instanceof ServiceError) throw oauthError("invalid_client");
    throw error;
  }
}
