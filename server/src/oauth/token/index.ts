/** `POST /oauth2/token` (AWS, "Token endpoint"; RFC 6749 §3.2). */
import type { IssuedTokens } from "../../domain/tokens/issue.ts";
import { oauthError } from "../../errors/oauth.ts";
import { exposing } from "../../protocol/cors.ts";
import { jsonAnswer } from "../answers.ts";
import { authenticateClient } from "../client-authentication.ts";
import { refuseClientAtToken } from "../client-refusal.ts";
import { keyOfClient, nonceFor, withNonce } from "../dpop.ts";
import type { Endpoint } from "../endpoint.ts";
import { authorizationCode } from "./authorization-code.ts";
import { clientCredentials } from "./client-credentials.ts";
import { deviceCode } from "./device-code.ts";
import { type Grant, readClientMetadata, requireField } from "./grant.ts";
import { refreshToken } from "./refresh-token.ts";

/** By `grant_type`. */
const grants: Readonly<Record<string, Grant>> = {
  authorization_code: authorizationCode,
  client_credentials: clientCredentials,
  refresh_token: refreshToken,
  "urn:ietf:params:oauth:grant-type:device_code": deviceCode,
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
      dpopJkt: await keyOfClient(call, request, client),
      clientMetadata: readClientMetadata(form),
    });
    return jsonAnswer(answerOf(tokens), { headers: exposing(nonceFor(call, request, { client })) });
  },
  refuse: (call, request, error) =>
    withNonce(call, request, { error, answer: refuseClientAtToken(call, request, error) }),
};

function answerOf(tokens: IssuedTokens): object {
  const { idToken, accessToken, refreshToken: next, expiresInSeconds } = tokens;
  return {
    ...(idToken === undefined ? {} : { id_token: idToken }),
    access_token: accessToken,
    ...(next === undefined ? {} : { refresh_token: next }),
    expires_in: expiresInSeconds,
    token_type: tokens.dpopJkt === undefined ? "Bearer" : "DPoP",
  };
}
