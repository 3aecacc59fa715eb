/**
 * `POST /oauth2/introspect` (RFC 7662), which Cognito has not: what a token is worth at this moment, for the client that it
 * was given to. Nobody learns of tokens of others, so that the endpoint cannot be used to try out what was found.
 */
import { isConfidential } from "../domain/clients/client.ts";
import { type ActiveToken, introspect as findOut } from "../domain/tokens/introspect.ts";
import { oauthError } from "../errors/oauth.ts";
import { jsonAnswer } from "./answers.ts";
import { authenticateClient } from "./client-authentication.ts";
import { refuseClient } from "./client-refusal.ts";
import type { Endpoint } from "./endpoint.ts";
import { requireField } from "./token/grant.ts";

export const introspect: Endpoint = {
  method: "POST",
  path: "/oauth2/introspect",
  event: "Introspect_POST",
  readOnly: true,
  async handle(call, request) {
    const { pool } = request;
    const form = request.form();
    const client = await authenticateClient(call, request, form);
    if (!isConfidential(client)) throw oauthError("invalid_client");
    if (client.extensions.tokenIntrospection !== "on") {
      throw oauthError(
        "unauthorized_client",
        "TokenIntrospection is not switched on for this client.",
      );
    }
    const token = requireField(form, "token");
    const active = await findOut(call, { pool, client }, token);
    return jsonAnswer(active ? shown(client.id, active) : { active: false });
  },
  refuse: refuseClient,
};

/** RFC 7662 §2.2; a refresh token has no `token_type`, which is how access tokens are used. */
function shown(clientId: string, { kind, ...said }: ActiveToken): object {
  const type = said.cnf ? "DPoP" : "Bearer";
  return {
    active: true,
    client_id: clientId,
    ...(kind === "access" ? { token_type: type } : {}),
    ...said,
  };
}
