/**
 * Clients that prove themselves by a signed assertion instead of a secret (`private_key_jwt`: RFC 7523, OpenID Connect
 * Core §9). The audience is the pool's issuer, alone and as a text: what names several, or an endpoint, may have been made
 * for somebody else (draft-ietf-oauth-rfc7523bis).
 */
import { hash } from "node:crypto";
import { takeId } from "../../store/used-ids.ts";
import type { Call } from "../call.ts";
import { readAssertionKeys } from "../clients/assertion-keys.ts";
import type { ClientInPool } from "../clients/client.ts";
import { isSignedByOutsideKey, type OutsideJws, parseOutsideJws } from "../keys/outside-jws.ts";
import { issuerOf } from "../pools/pool.ts";

export const assertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

const maxLifetimeSeconds = 300;
/** By how much the clock of a client may be ahead of ours. */
const skewSeconds = 30;
const maxJtiCharacters = 256;
/** `JWT`, or its own type; a token that says it is for something else is for something else (RFC 8725 §3.11). */
const types: readonly unknown[] = [undefined, "JWT", "client-authentication+jwt"];

/** The client that an assertion claims to be of; undefined for what is no assertion. */
export function claimedClientId(assertion: string): string | undefined {
  const { sub } = parseOutsideJws(assertion)?.payload ?? {};
  return typeof sub === "string" ? sub : undefined;
}

/** Whether an assertion proves this client, now and for the first time. */
export async function provesClient(
  call: Call,
  { pool, client }: ClientInPool,
  assertion: string,
): Promise<boolean> {
  const { assertionKeys } = client.extensions;
  const jws = parseOutsideJws(assertion);
  if (!jws || assertionKeys === undefined || !types.includes(jws.header["typ"])) return false;
  if (!isSigned(jws, assertionKeys)) return false;
  const { iss, sub, aud, jti } = jws.payload;
  if (iss !== client.id || sub !== client.id) return false;
  if (aud !== issuerOf(pool, call.settings.publicUrl)) return false;
  const untilMs = endOf(jws, call.clock.now());
  if (untilMs === undefined || typeof jti !== "string") return false;
  if (jti === "" || jti.length > maxJtiCharacters) return false;
  const idHash = hash("sha256", `assertion/${client.id}/${jti}`, "base64url");
  return takeId(call.db, { userPoolId: pool.id, idHash, untilMs });
}

/** The header may only choose among the client's own keys. */
function isSigned(jws: OutsideJws, assertionKeys: string): boolean {
  const { kid } = jws.header;
  return readAssertionKeys(assertionKeys)
    .filter((key) => kid === undefined || key.kid === undefined || key.kid === kid)
    .some((key) => isSignedByOutsideKey(jws, key));
}

/** When it ends; undefined where it is over, not yet begun, or good for longer than an assertion may be. */
function endOf({ payload }: OutsideJws, nowMs: number): number | undefined {
  const { exp, nbf = 0, iat = 0 } = payload;
  const nowSeconds = nowMs / 1000;
  if (typeof exp !== "number" || typeof nbf !== "number" || typeof iat !== "number") {
    return undefined;
  }
  const isNow = exp > nowSeconds && Math.max(nbf, iat) <= nowSeconds + skewSeconds;
  if (!isNow || exp > nowSeconds + maxLifetimeSeconds + skewSeconds) return undefined;
  return Math.ceil(exp * 1000);
}
