/** `response_type` and `response_mode`. */
import type { UserPoolClient } from "../../domain/clients/client.ts";
import { oauthError } from "../../errors/oauth.ts";
import type { Parameters } from "../../protocol/parameters.ts";
import type { ResponseMode } from "./request.ts";

/** A response type that the client lists; tokens straight to the browser only where it lists `implicit`. */
export function readResponseType(client: UserPoolClient, parameters: Parameters): "code" | "token" {
  const type = parameters.get("response_type");
  if (type === undefined) throw oauthError("invalid_request", "response_type is missing.");
  if (type !== "code" && type !== "token") throw oauthError("unsupported_response_type");
  const flow = type === "code" ? "code" : "implicit";
  if (!client.settings.oauth.allowedFlows?.includes(flow)) throw oauthError("unauthorized_client");
  // Tokens that go through the browser are bound to no key.
  if (type === "token" && client.extensions.dpop === "required") {
    throw oauthError("unauthorized_client");
  }
  return type;
}

/** The mode of a response type, where none is asked for: what is no code is in no query, which servers log. */
export function ownMode(parameters: Parameters): ResponseMode {
  const types = (parameters.get("response_type") ?? "code").split(" ");
  return types.some((type) => type === "token" || type === "id_token") ? "fragment" : "query";
}

/** The mode that is asked for, or the type's own; undefined for one that cannot be used. */
export function readResponseMode(
  client: UserPoolClient,
  parameters: Parameters,
): ResponseMode | undefined {
  const own = ownMode(parameters);
  const mode = parameters.get("response_mode") ?? own;
  if (mode === own || mode === "fragment") return mode;
  return mode === "form_post" && client.extensions.formPost === "on" ? mode : undefined;
}
