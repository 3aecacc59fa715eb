/** Proofs of possession (RFC 9449): that whoever sends a request holds a key. */
import { hash } from "node:crypto";
import { oauthError } from "../../errors/oauth.ts";
import type { ServiceError } from "../../errors/service-error.ts";
import { takeId } from "../../store/used-ids.ts";
import type { Call } from "../call.ts";
import { isSignedByOutsideKey, type OutsideJws, parseOutsideJws } from "../keys/outside-jws.ts";
import { readPublicJwk, thumbprintOf } from "../keys/public-jwk.ts";
import type { UserPool } from "../pools/pool.ts";
import { isDpopNonce } from "./dpop-nonce.ts";

const maxIdCharacters = 256;
/** How far the client's clock may be from ours, either way. */
const skewMs = 60_000;

/** The request that a proof was made for. */
export type Proved = {
  readonly pool: UserPool;
  readonly method: string;
  /** As the client has it; without its query. */
  readonly url: string;
  /** The token that the request brings along (RFC 9449 §7). */
  readonly accessToken?: string | undefined;
  /** Whether the proof must have one of our nonces; one that it has must be good in any case. */
  readonly requiresNonce: boolean;
};

/**
 * The thumbprint of the key that a proof shows to be held, by all the checks of RFC 9449 §4.3; a proof counts once. Throws
 * `invalid_dpop_proof`, or `use_dpop_nonce` where nothing but a good nonce is missing.
 */
export async function verifyDpopProof(call: Call, proof: string, proved: Proved): Promise<string> {
  const jws = parseOutsideJws(proof);
  if (jws?.header["typ"] !== "dpop+jwt") throw invalid("It is no JWT of this type.");
  const key = readPublicJwk(jws.header["jwk"]);
  if (typeof key === "string") throw invalid(`Its key ${key}.`);
  if (!isSignedByOutsideKey(jws, key)) throw invalid("Its key has not signed it.");
  const { jti, iatMs } = readClaims(call, jws, proved);
  requireNonce(call, jws, proved);
  const thumbprint = thumbprintOf(key);
  const isFresh = await takeId(call.db, {
    userPoolId: proved.pool.id,
    idHash: hash("sha256", `dpop/${thumbprint}/${jti}`, "base64url"),
    // From then on it is too old anyway.
    untilMs: iatMs + skewMs + 1,
  });
  if (!isFresh) throw invalid("It was used before.");
  return thumbprint;
}

function readClaims(call: Call, { payload }: OutsideJws, proved: Proved) {
  const { jti, htm, htu, iat, ath } = payload;
  if (typeof jti !== "string" || jti === "" || jti.length > maxIdCharacters) {
    throw invalid("Its jti is missing.");
  }
  if (htm !== proved.method) throw invalid("It was made for another method.");
  if (!isSameAddress(htu, proved.url)) throw invalid("It was made for another address.");
  if (typeof iat !== "number" || !Number.isFinite(iat)) throw invalid("Its iat is missing.");
  const iatMs = Math.floor(iat * 1000);
  if (Math.abs(call.clock.now() - iatMs) > skewMs) throw invalid("It was not made just now.");
  const { accessToken } = proved;
  if (accessToken !== undefined && ath !== hash("sha256", accessToken, "base64url")) {
    throw invalid("It was made for another access token.");
  }
  return { jti, iatMs };
}

/** RFC 9449 §4.3: compared as addresses, their queries and fragments left aside. */
function isSameAddress(htu: unknown, url: string): boolean {
  const given = typeof htu === "string" ? URL.parse(htu) : null;
  const own = new URL(url);
  return given !== null && given.origin === own.origin && given.pathname === own.pathname;
}

function requireNonce(call: Call, { payload }: OutsideJws, proved: Proved): void {
  const { nonce } = payload;
  if (nonce === undefined && !proved.requiresNonce) return;
  const isGood = typeof nonce === "string" && isDpopNonce(call, proved.pool, nonce);
  if (!isGood) throw oauthError("use_dpop_nonce", "The DPoP proof needs the nonce of DPoP-Nonce.");
}

function invalid(why: string): ServiceError {
  return oauthError("invalid_dpop_proof", `The DPoP proof does not count. ${why}`);
}
