/** Proofs of possession at our endpoints (RFC 9449): the header `DPoP`, and the nonces that answers give out. */
import type { Call } from "../domain/call.ts";
import type { UserPoolClient } from "../domain/clients/client.ts";
import { dpopNonce } from "../domain/grants/dpop-nonce.ts";
import { verifyDpopProof } from "../domain/grants/dpop-proof.ts";
import { isHardenedFor } from "../domain/grants/profile.ts";
import { oauthError } from "../errors/oauth.ts";
import type { ServiceError } from "../errors/service-error.ts";
import { exposing } from "../protocol/cors.ts";
import type { WireAnswer } from "../protocol/wire.ts";
import type { ShownToken } from "./bearer.ts";
import type { EndpointRequest } from "./endpoint.ts";

type Proving = Pick<EndpointRequest, "pool" | "origin" | "prefix" | "path" | "method" | "header">;

/**
 * The thumbprint of the key that a request proves to hold; undefined where it brings no proof. With an access token the
 * proof must be made for that one. Throws `invalid_dpop_proof`, or `use_dpop_nonce`, to which the answer must bring the headers of `nonceFor`. In the hardened profile
 * (of the client, where it is known by now) a proof needs one of our nonces.
 */
async function proveKey(
  call: Call,
  request: Proving,
  about: { accessToken?: string | undefined; client?: UserPoolClient | undefined } = {},
): Promise<string | undefined> {
  // Of two headers Node makes one, which is no proof.
  const proof = request.header("dpop");
  if (proof === undefined) return undefined;
  const { pool, method, origin, prefix, path } = request;
  return verifyDpopProof(call, proof, {
    ...{ pool, method, url: `${origin}${prefix}${path}`, accessToken: about.accessToken },
    requiresNonce: needsNonce(request, about.client),
  });
}

/** The key that a client proves to hold; one without DPoP may send what it likes. */
export async function proveKeyOf(
  call: Call,
  request: Proving,
  client: UserPoolClient,
): Promise<string | undefined> {
  const { dpop = "off" } = client.extensions;
  return dpop === "off" ? undefined : proveKey(call, request, { client });
}

/** The key that the tokens of a client are to be bound to. */
export async function keyOfClient(
  call: Call,
  request: Proving,
  client: UserPoolClient,
): Promise<string | undefined> {
  const key = await proveKeyOf(call, request, client);
  if (key === undefined && client.extensions.dpop === "required") {
    throw oauthError("invalid_dpop_proof", "This client must prove its key by DPoP.");
  }
  return key;
}

/** The key that an access token must be bound to, by the scheme that it came with; none for a bearer token. */
export async function keyOfToken(
  call: Call,
  request: Proving,
  { scheme, token: accessToken }: ShownToken,
): Promise<string | undefined> {
  if (scheme === "Bearer") return undefined;
  const key = await proveKey(call, request, { accessToken });
  if (key === undefined) throw oauthError("invalid_dpop_proof", "The DPoP proof is missing.");
  return key;
}

/** The headers by which an answer gives out a nonce: where a proof lacked one, and where the client's next proof needs one. */
export function nonceFor(
  call: Call,
  request: Pick<EndpointRequest, "pool">,
  about: { error?: ServiceError; client?: UserPoolClient },
): Record<string, string> {
  const { error, client } = about;
  const { dpop = "off" } = client?.extensions ?? {};
  const isWanted =
    error?.code === "use_dpop_nonce" || (dpop !== "off" && needsNonce(request, client));
  return isWanted ? { "dpop-nonce": dpopNonce(call, request.pool) } : {};
}

/** The refusal of a proof that lacked a nonce, with one. */
export function withNonce(
  call: Call,
  request: Pick<EndpointRequest, "pool">,
  { error, answer }: { error: ServiceError; answer: WireAnswer },
): WireAnswer {
  if (error.code !== "use_dpop_nonce") return answer;
  const nonce = exposing(nonceFor(call, request, { error }));
  return { ...answer, headers: { ...answer.headers, ...nonce } };
}

function needsNonce(
  { pool }: Pick<EndpointRequest, "pool">,
  client: UserPoolClient | undefined,
): boolean {
  return client ? isHardenedFor(pool, client) : pool.extensions.profile === "hardened";
}
