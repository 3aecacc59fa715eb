import type { Context } from "../domain/context.ts";
import { issuerOf, type UserPool } from "../domain/pools/pool.ts";
import type { WireAnswer } from "../protocol/wire.ts";

const MAX_AGE_SECONDS = 300;

/**
 * What OpenID Connect Discovery 1.0 §3 requires of a provider, as far as it is true of this one: no endpoint is named
 * that does not answer (docs/decisions/discovery.md).
 */
export function discovery(context: Context, pool: UserPool): WireAnswer {
  const { publicUrl } = context.settings;
  const configuration = {
    id_token_signing_alg_values_supported: ["RS256"],
    issuer: issuerOf(pool, publicUrl),
    jwks_uri: `${publicUrl}/${pool.id}/.well-known/jwks.json`,
    response_types_supported: [],
    subject_types_supported: ["public"],
  };
  return {
    status: 200,
    headers: {
      "content-type": "application/json",
      "cache-control": `public, max-age=${MAX_AGE_SECONDS}`,
    },
    body: JSON.stringify(configuration),
  };
}
