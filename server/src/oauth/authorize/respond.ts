/** What a client is told by way of the browser. */
import type { Call } from "../../domain/call.ts";
import { issuerOf, type UserPool } from "../../domain/pools/pool.ts";
import { asOAuthError } from "../../errors/oauth.ts";
import type { ServiceError } from "../../errors/service-error.ts";
import { writeParameters } from "../../protocol/parameters.ts";
import type { ClientAnswer, ResponseTarget } from "./request.ts";

/** Of which pool the answer is, and where it goes. */
type AnsweredAt = { readonly pool: UserPool; readonly target: ResponseTarget };

/** A refusal for the client (RFC 6749 §4.1.2.1). */
export function clientRefusal(call: Call, at: AnsweredAt, refusal: ServiceError): ClientAnswer {
  const { code, message } = asOAuthError(refusal);
  const told: [string, string][] = [["error", code]];
  if (message !== "") told.push(["error_description", message]);
  return clientAnswer(call, at, told);
}

/** An answer with the client's `state`, and with who gives it, so that no other server's can pass for ours (RFC 9207). */
export function clientAnswer(
  call: Call,
  { pool, target }: AnsweredAt,
  parameters: readonly (readonly [string, string])[],
): ClientAnswer {
  const iss = issuerOf(pool, call.settings.publicUrl);
  return {
    target,
    parameters: [
      ...parameters,
      ...(target.state === undefined ? [] : [["state", target.state] as const]),
      ["iss", iss],
    ],
  };
}

/** The address that carries an answer, in its query or its fragment. */
export function locationOf({ target, parameters }: ClientAnswer): string {
  const { redirectUri, mode } = target;
  return mode === "fragment"
    ? `${redirectUri}#${writeParameters(parameters)}`
    : withParameters(redirectUri, parameters);
}

/** A registered address with more in its query; it keeps what it has (RFC 6749 §3.1.2). */
export function withParameters(
  uri: string,
  parameters: readonly (readonly [string, string])[],
): string {
  if (parameters.length === 0) return uri;
  const joint = uri.includes("?") ? (/[?&]$/.test(uri) ? "" : "&") : "?";
  return `${uri}${joint}${writeParameters(parameters)}`;
}
