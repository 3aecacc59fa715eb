import { JWKS_MAX_AGE_SECONDS } from "../domain/keys/rotate.ts";
import { jsonRefusal } from "./answers.ts";
import type { Endpoint } from "./endpoint.ts";

/** The public keys of a pool (RFC 7517): those that sign, those that will, and those whose tokens still live. */
export const jwks: Endpoint = {
  method: "GET",
  path: "/.well-known/jwks.json",
  event: "Jwks_GET",
  readOnly: true,
  async handle(call, { pool }) {
    const keys = await call.keyRing.published(pool.id);
    return {
      status: 200,
      headers: {
        "content-type": "application/json",
        "cache-control": `public, max-age=${JWKS_MAX_AGE_SECONDS}`,
      },
      body: JSON.stringify({ keys }),
    };
  },
  refuse: (_call, _request, error) => jsonRefusal(error),
};
