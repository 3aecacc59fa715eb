/** `POST /oauth2/token` (AWS, "Token endpoint"; RFC 6749 §3.2). */
import type { Call } from "../../domain/call.ts";
import type { IssuedTokens } from "../../domain/tokens/issue.ts";
import { oauthError } from "../../errors/oauth.ts";
import type { ServiceError } from "../../errors/service-error.ts";
import { jsonAnswer, jsonRefusal } from "../answers.ts";
import { authenticateClient } from "../client-authentication.ts";
import type { Endpoint, EndpointRequest } from "../endpoint.ts";
import { authorizationCode } from "./authorization-code.ts";
import { clientCredentials } from "./client-credentials.ts";
import { type Grant, readClientMetadata, requireField } from "./grant.ts";
import { refreshToken } from "./refresh-token.ts";

/** By `grant_type`. */
const grants: Readonly<Record<string, Grant>> = {
  authorization_code: authorizationCode,
  client_credentials: clientCredentials,
  refresh_token: refreshToken,
};

export const token: Endpoint = {
  method: "POST",
  path: "/oauth2/token",
  event: "Token_POST",
  async handle(call, request) {
    const form = request.form();
    const grantType = requireField(form, "grant_type");
    call.about.requestParameters = { grant_type: grantType.slice(0, 64) };
    const client = await authenticateClient(call, request, form);
    const grant = Object.hasOwn(grants, grantType) ? grants[grantType] : undefined;
    if (!grant) throw oauthError("unsupported_grant_type");
    const tokens = await grant(call, {
      ...{ pool: request.pool, client, form },
      dpopJkt: undefined,
      clientMetadata: readClientMetadata(form),
    });
    return jsonAnswer(answerOf(tokens));
  },
  refuse: refuseToken,
};

function answerOf(tokens: IssuedTokens): object {
  const { idToken, accessToken, refreshToken: next, expiresInSeconds } = tokens;
  return {
    ...(idToken === undefined ? {} : { id_token: idToken }),
    access_token: accessToken,
    ...(next === undefined ? {} : { refresh_token: next }),
    expires_in: expiresInSeconds,
    token_type: "Bearer",
  };
}

/** Cognito answers 400 to a client that fails to prove itself by HTTP Basic; RFC 6749 §5.2 asks for 401. */
function refuseToken(_call: Call, request: EndpointRequest, error: ServiceError) {
  const isBasic = request.header("authorization") !== undefined;
  const isHardened = request.pool.extensions.profile === "hardened";
  if (error.code !== "invalid_client" || !isBasic || !isHardened) return jsonRefusal(error);
  return jsonRefusal(error, {
    status: 401,
    headers: { "www-authenticate": `Basic realm="${request.pool.id}"` },
  });
}
