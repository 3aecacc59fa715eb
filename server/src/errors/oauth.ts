/**
 * What the OAuth endpoints refuse: the codes are the standards' (RFC 6749 §4.1.2.1, §5.2; OpenID Connect Core §3.1.2.6;
 * RFC 7009, 8628, 9126, 9449), the message is the `error_description`, for developers. Cognito often gives none.
 */
import { ServiceError } from "./service-error.ts";

export type OAuthErrorCode =
  | "invalid_request"
  | "invalid_client"
  | "invalid_grant"
  | "unauthorized_client"
  | "unsupported_grant_type"
  | "unsupported_response_type"
  | "unsupported_token_type"
  | "invalid_scope"
  | "invalid_target"
  | "invalid_token"
  | "insufficient_scope"
  | "access_denied"
  | "server_error"
  | "temporarily_unavailable"
  | "login_required"
  | "consent_required"
  | "interaction_required"
  | "request_not_supported"
  | "request_uri_not_supported"
  | "invalid_request_uri"
  | "registration_not_supported"
  | "authorization_pending"
  | "slow_down"
  | "expired_token"
  | "invalid_dpop_proof"
  | "use_dpop_nonce";

/** A refusal in the words of OAuth. */
export function oauthError(code: OAuthErrorCode, description = ""): ServiceError {
  return new ServiceError(code, description);
}

/** Whether an error is one of OAuth's, which are the only ones in lower case. */
export function isOAuthError({ code }: ServiceError): boolean {
  return /^[a-z_]+$/.test(code);
}

/** How an OAuth client is told of the refusal of a rule that user pools share with their API. */
export function asOAuthError(error: ServiceError): ServiceError {
  if (isOAuthError(error)) return error;
  if (error.fault === "server") return oauthError("server_error");
  if (error.code === "TooManyRequestsException") return oauthError("temporarily_unavailable");
  if (error.code === "ResourceNotFoundException") return oauthError("invalid_client");
  // A function of the pool refused, or failed: Cognito passes its words on (AWS, "Token endpoint").
  const isFunction = /Lambda/.test(error.code);
  return oauthError("invalid_grant", isFunction ? error.message : "");
}
