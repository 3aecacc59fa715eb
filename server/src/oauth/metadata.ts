/**
 * The metadata of a pool: Cognito's to the key in the compat profile, all that is true in the hardened one, and what some
 * client has switched on in both (docs/decisions/discovery.md).
 */
import type { UserPoolClientExtensions } from "../domain/clients/client.ts";
import { outsideAlgorithms } from "../domain/keys/public-jwk.ts";
import { issuerOf, type UserPool } from "../domain/pools/pool.ts";
import { prompts } from "./authorize/request.ts";

type Metadata = Readonly<Record<string, string | boolean | readonly string[]>>;

type About = {
  readonly publicUrl: string;
  readonly inUse: readonly UserPoolClientExtensions[];
};

export function metadataOf(pool: UserPool, { publicUrl, inUse }: About): Metadata {
  const at = `${publicUrl}/${pool.id}`;
  const has = (test: (extensions: UserPoolClientExtensions) => boolean) => inUse.some(test);
  const isHardened = pool.extensions.profile === "hardened";
  const usesKeys = has(({ assertionKeys }) => assertionKeys !== undefined);
  const postsForms = has(({ formPost }) => formPost === "on");
  const proofs = [
    ...["client_secret_basic", "client_secret_post"],
    ...(usesKeys ? ["private_key_jwt"] : []),
  ];
  const told = {
    ...ofCognito(at, issuerOf(pool, publicUrl)),
    ...(isHardened ? beyondCognito(pool, proofs) : {}),
    ...switchedOn(at, { inUse, proofs }),
    token_endpoint_auth_methods_supported: [...proofs, ...(isHardened ? ["none"] : [])],
    ...(isHardened || postsForms
      ? { response_modes_supported: ["query", "fragment", ...(postsForms ? ["form_post"] : [])] }
      : {}),
    ...(usesKeys ? { token_endpoint_auth_signing_alg_values_supported: outsideAlgorithms } : {}),
  };
  return Object.fromEntries(
    Object.entries(told).sort(([left], [right]) => (left < right ? -1 : 1)),
  );
}

/** Each of them as on AWS, and nothing more. */
function ofCognito(at: string, issuer: string): Metadata {
  return {
    authorization_endpoint: `${at}/oauth2/authorize`,
    end_session_endpoint: `${at}/logout`,
    id_token_signing_alg_values_supported: ["RS256"],
    issuer,
    jwks_uri: `${at}/.well-known/jwks.json`,
    response_types_supported: ["code", "token"],
    revocation_endpoint: `${at}/oauth2/revoke`,
    scopes_supported: ["openid", "email", "phone", "profile"],
    subject_types_supported: ["public"],
    token_endpoint: `${at}/oauth2/token`,
    userinfo_endpoint: `${at}/oauth2/userInfo`,
  };
}

const grantTypes = ["authorization_code", "client_credentials", "implicit", "refresh_token"];

/** What holds for every pool, and Cognito does not say. */
function beyondCognito({ settings }: UserPool, proofs: readonly string[]): Metadata {
  const standard = settings.schema.map(({ name }) => name).filter((name) => !name.includes(":"));
  const ofTokens = ["iss", "aud", "iat", "exp", "jti", "auth_time", "nonce", "at_hash"];
  return {
    authorization_response_iss_parameter_supported: true,
    claims_parameter_supported: false,
    claims_supported: [...new Set([...standard, ...ofTokens])],
    code_challenge_methods_supported: ["S256"],
    grant_types_supported: grantTypes,
    prompt_values_supported: prompts,
    request_parameter_supported: false,
    // Where nothing is said it is true.
    request_uri_parameter_supported: false,
    revocation_endpoint_auth_methods_supported: [...proofs, "none"],
  };
}

type Found = Pick<About, "inUse"> & { readonly proofs: readonly string[] };

function switchedOn(at: string, { inUse, proofs }: Found): Metadata {
  const has = (test: (extensions: UserPoolClientExtensions) => boolean) => inUse.some(test);
  const isOn = (value: string | undefined) => value === "on" || value === "required";
  const told: readonly (readonly [boolean, Metadata])[] = [
    [
      has(({ tokenIntrospection }) => isOn(tokenIntrospection)),
      {
        introspection_endpoint: `${at}/oauth2/introspect`,
        introspection_endpoint_auth_methods_supported: proofs,
      },
    ],
    [
      has(({ pushedAuthorizationRequests }) => isOn(pushedAuthorizationRequests)),
      { pushed_authorization_request_endpoint: `${at}/oauth2/par` },
    ],
    [
      has(({ deviceAuthorization }) => isOn(deviceAuthorization)),
      {
        device_authorization_endpoint: `${at}/oauth2/device_authorization`,
        grant_types_supported: [...grantTypes, "urn:ietf:params:oauth:grant-type:device_code"],
      },
    ],
    [has(({ dpop }) => isOn(dpop)), { dpop_signing_alg_values_supported: outsideAlgorithms }],
    [has(({ requirePkce }) => isOn(requirePkce)), { code_challenge_methods_supported: ["S256"] }],
    [
      has(({ backChannelLogoutUri }) => backChannelLogoutUri !== undefined),
      { backchannel_logout_session_supported: true, backchannel_logout_supported: true },
    ],
  ];
  return Object.assign({}, ...told.map(([holds, metadata]) => (holds ? metadata : {})));
}
