/** The access token of a request: in the Authorization header, or in the form of a POST (RFC 6750 §2, RFC 9449 §7.1). */
import { oauthError } from "../errors/oauth.ts";
import type { EndpointRequest } from "./endpoint.ts";

export type ShownToken = {
  readonly token: string;
  /** With `DPoP` a proof must come along, and the token must be bound to its key. */
  readonly scheme: "Bearer" | "DPoP";
};

/** The token; undefined where there is none. Two of them say nothing certain, and one in an address is in every log. */
export function readAccessToken(
  request: Pick<EndpointRequest, "method" | "header" | "form">,
): ShownToken | undefined {
  const header = request.header("authorization");
  const posted = hasForm(request) ? request.form().get("access_token") : undefined;
  if (header === undefined) {
    return posted === undefined ? undefined : { token: posted, scheme: "Bearer" };
  }
  if (posted !== undefined) throw oauthError("invalid_request", "Two access tokens are given.");
  const [, scheme = "", token = ""] = /^(Bearer|DPoP) +([^\s,]+)$/i.exec(header) ?? [];
  if (token === "") return undefined;
  return { token, scheme: scheme.toLowerCase() === "dpop" ? "DPoP" : "Bearer" };
}

function hasForm({ method, header }: Pick<EndpointRequest, "method" | "header">): boolean {
  const type = header("content-type") ?? "";
  return method === "POST" && /^application\/x-www-form-urlencoded\s*(;|$)/i.test(type);
}
