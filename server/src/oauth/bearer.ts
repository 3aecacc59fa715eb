/** The access token of a request (RFC 6750 §2): in the Authorization header, or in the form of a POST. */
import { oauthError } from "../errors/oauth.ts";
import type { EndpointRequest } from "./endpoint.ts";

/** The token; undefined where there is none. Two of them say nothing certain, and one in an address is in every log. */
export function readAccessToken(
  request: Pick<EndpointRequest, "method" | "header" | "form">,
): string | undefined {
  const header = request.header("authorization");
  const posted = hasForm(request) ? request.form().get("access_token") : undefined;
  if (header === undefined) return posted;
  if (posted !== undefined) throw oauthError("invalid_request", "Two access tokens are given.");
  return /^Bearer +([^\s,]+)$/i.exec(header)?.[1];
}

function hasForm({ method, header }: Pick<EndpointRequest, "method" | "header">): boolean {
  const type = header("content-type") ?? "";
  return method === "POST" && /^application\/x-www-form-urlencoded\s*(;|$)/i.test(type);
}
