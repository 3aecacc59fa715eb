/** `identity_provider` and `idp_identifier`: where a client wants its users to sign in. */
import type { UserPoolClient } from "../../domain/clients/client.ts";
import { oauthError } from "../../errors/oauth.ts";
import type { Parameters } from "../../protocol/parameters.ts";

/** The pool itself, as clients list and name it (AWS, "Authorize endpoint"). */
const ownProvider = "COGNITO";

/**
 * Refuses a provider other than the pool's own users: to send them to the pages of another would be no answer to it. A
 * client that lists others alone lets no user of the pool in by these pages (AWS, CreateUserPoolClient).
 */
export function requireOwnProvider(client: UserPoolClient, parameters: Parameters): void {
  const { supportedIdentityProviders: listed = [] } = client.settings.oauth;
  if (listed.length > 0 && !listed.includes(ownProvider)) throw oauthError("unauthorized_client");
  const named = parameters.get("identity_provider") ?? ownProvider;
  if (named !== ownProvider || parameters.has("idp_identifier")) {
    throw oauthError("invalid_request", "The client has no such identity provider.");
  }
}
