/** `identity_provider` and `idp_identifier`: where a client wants its users to sign in. */
import { oauthError } from "../../errors/oauth.ts";
import type { Parameters } from "../../protocol/parameters.ts";

/** Refuses a provider other than the pool's own users: to send them to the pages of another would be no answer to it. */
export function requireOwnProvider(parameters: Parameters): void {
  const named = parameters.get("identity_provider") ?? "COGNITO";
  if (named !== "COGNITO" || parameters.has("idp_identifier")) {
    throw oauthError("invalid_request", "The client has no such identity provider.");
  }
}
