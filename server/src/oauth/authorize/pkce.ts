/** Proof Key for Code Exchange (RFC 7636), with S256 alone. */
import { isConfidential, type UserPoolClient } from "../../domain/clients/client.ts";
import { isHardenedFor } from "../../domain/grants/profile.ts";
import type { UserPool } from "../../domain/pools/pool.ts";
import { oauthError } from "../../errors/oauth.ts";
import type { Parameters } from "../../protocol/parameters.ts";

/** The challenge of the request; refused where it is none of S256, or missing though the client must have one. */
export function requireChallenge(given: {
  pool: UserPool;
  client: UserPoolClient;
  parameters: Parameters;
  responseType: "code" | "token";
}): string | undefined {
  const { pool, client, parameters, responseType } = given;
  const challenge = parameters.get("code_challenge");
  const method = parameters.get("code_challenge_method");
  if (challenge === undefined) {
    if (method !== undefined) throw oauthError("invalid_request", "code_challenge is missing.");
    if (responseType === "code" && requiresPkce(pool, client)) {
      throw oauthError("invalid_request", "code_challenge is required for this client.");
    }
    return undefined;
  }
  // Without a method it would be `plain` (RFC 7636 §4.3).
  if (method !== "S256") {
    throw oauthError("invalid_request", "code_challenge_method must be S256.");
  }
  if (!/^[\w-]{43}$/.test(challenge)) {
    throw oauthError("invalid_request", "code_challenge is no SHA-256 in base64url.");
  }
  return challenge;
}

/** Public clients always must in the hardened profile (RFC 9700 §2.1.1). */
function requiresPkce(pool: UserPool, client: UserPoolClient): boolean {
  const { requirePkce } = client.extensions;
  return requirePkce === "on" || (!isConfidential(client) && isHardenedFor(pool, client));
}
