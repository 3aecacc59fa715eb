import { issuerOf } from "../domain/pools/pool.ts";
import { jsonRefusal } from "./answers.ts";
import type { Endpoint } from "./endpoint.ts";

const MAX_AGE_SECONDS = 300;

/**
 * What OpenID Connect Discovery 1.0 §3 requires of a provider, as far as it is true of this one: no endpoint is named
 * that does not answer (docs/decisions/discovery.md).
 */
export const discovery: Endpoint = {
  method: "GET",
  path: "/.well-known/openid-configuration",
  event: "Discovery_GET",
  readOnly: true,
  handle(call, { pool }) {
    const { publicUrl } = call.settings;
    const at = `${publicUrl}/${pool.id}`;
    const configuration = {
      authorization_endpoint: `${at}/oauth2/authorize`,
      backchannel_logout_session_supported: true,
      backchannel_logout_supported: true,
      end_session_endpoint: `${at}/logout`,
      id_token_signing_alg_values_supported: ["RS256"],
      issuer: issuerOf(pool, publicUrl),
      jwks_uri: `${at}/.well-known/jwks.json`,
      response_types_supported: ["code", "token"],
      scopes_supported: ["openid", "email", "phone", "profile"],
      subject_types_supported: ["public"],
      token_endpoint: `${at}/oauth2/token`,
      token_endpoint_auth_methods_supported: ["client_secret_basic", "client_secret_post"],
    };
    return {
      status: 200,
      headers: {
        "content-type": "application/json",
        "cache-control": `public, max-age=${MAX_AGE_SECONDS}`,
      },
      body: JSON.stringify(configuration),
    };
  },
  refuse: (_call, _request, error) => jsonRefusal(error),
};
