/** `/oauth2/userInfo`: what a token tells of its user (AWS, "UserInfo endpoint"; OpenID Connect Core §5.3). */
import type { Call } from "../domain/call.ts";
import { findClient } from "../domain/clients/client.ts";
import { isHardenedFor } from "../domain/grants/profile.ts";
import { outsideAlgorithms } from "../domain/keys/public-jwk.ts";
import { findTokenHolder } from "../domain/tokens/holder.ts";
import { selectByScope } from "../domain/tokens/scopes.ts";
import { asStandardClaims } from "../domain/tokens/standard-claims.ts";
import { readableAttributes } from "../domain/users/attributes.ts";
import { oauthError } from "../errors/oauth.ts";
import type { ServiceError } from "../errors/service-error.ts";
import { exposing } from "../protocol/cors.ts";
import type { WireAnswer } from "../protocol/wire.ts";
import { jsonAnswer, jsonRefusal } from "./answers.ts";
import { readAccessToken } from "./bearer.ts";
import { keyOfToken, nonceFor } from "./dpop.ts";
import type { Endpoint, EndpointRequest } from "./endpoint.ts";

async function userInfo(call: Call, request: EndpointRequest): Promise<WireAnswer> {
  const { pool } = request;
  const shown = readAccessToken(request);
  if (!shown) throw oauthError("invalid_request", "Bad OAuth2 request at UserInfo Endpoint");
  const { token } = shown;
  const holder = await findTokenHolder(call, token, {
    ...{ uses: ["access"], userPoolIds: [pool.id] },
    dpopJkt: await keyOfToken(call, request, shown),
  });
  if (typeof holder === "string") throw invalidToken();
  const { user, claims } = holder;
  const client = await findClient(call.db, claims.client_id);
  if (client?.userPoolId !== pool.id) throw invalidToken();
  if (!claims.scope.split(" ").includes("openid")) {
    throw oauthError("insufficient_scope", "Access token does not contain openid scope");
  }
  const told = selectByScope(readableAttributes(client, user.attributes), claims.scope);
  return jsonAnswer({
    sub: user.id,
    // Cognito tells all of them as texts, the two flags too.
    ...(isHardenedFor(pool, client) ? asStandardClaims(told) : told),
    username: user.username,
  });
}

function invalidToken(): ServiceError {
  return oauthError(
    "invalid_token",
    "Access token is expired, disabled, or deleted, or the user has globally signed out.",
  );
}

const statuses: Readonly<Record<string, number>> = {
  invalid_token: 401,
  invalid_dpop_proof: 401,
  use_dpop_nonce: 401,
  insufficient_scope: 403,
};

/** RFC 6750 §3: what is wrong stands in WWW-Authenticate too, where Cognito's clients look for it. */
function refuse(call: Call, request: EndpointRequest, error: ServiceError): WireAnswer {
  const status = statuses[error.code];
  if (status === undefined && error.code !== "invalid_request") return jsonRefusal(error);
  const challenge = [
    challengeOf(request),
    `error="${error.code}"`,
    `error_description="${error.message}"`,
    ...(error.code === "insufficient_scope" ? ['scope="openid"'] : []),
  ].join(", ");
  return jsonRefusal(error, {
    ...(status === undefined ? {} : { status }),
    headers: exposing({ "www-authenticate": challenge, ...nonceFor(call, request, { error }) }),
  });
}

/** RFC 9449 §7.1: whoever comes with DPoP is told how to. */
function challengeOf({ pool, header }: EndpointRequest): string {
  const isDpop = /^DPoP /i.test(header("authorization") ?? "");
  return isDpop
    ? `DPoP realm="${pool.id}", algs="${outsideAlgorithms.join(" ")}"`
    : `Bearer realm="${pool.id}"`;
}

const shared = { path: "/oauth2/userInfo", readOnly: true, handle: userInfo, refuse };

export const userInfoByGet: Endpoint = { ...shared, method: "GET", event: "UserInfo_GET" };
/** OpenID Connect Core §5.3.1 asks for it. */
export const userInfoByPost: Endpoint = { ...shared, method: "POST", event: "UserInfo_POST" };
