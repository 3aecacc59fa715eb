import type { Context } from "../domain/context.ts";
import { JWKS_MAX_AGE_SECONDS } from "../domain/keys/rotate.ts";
import type { UserPool } from "../domain/pools/pool.ts";
import type { WireAnswer } from "../protocol/wire.ts";

/** The public keys of a pool (RFC 7517): those that sign, those that will, and those whose tokens still live. */
export async function jwks(context: Context, pool: UserPool): Promise<WireAnswer> {
  const keys = await context.keyRing.published(pool.id);
  return {
    status: 200,
    headers: {
      "content-type": "application/json",
      "cache-control": `public, max-age=${JWKS_MAX_AGE_SECONDS}`,
    },
    body: JSON.stringify({ keys }),
  };
}
