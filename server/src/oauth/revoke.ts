/** `POST /oauth2/revoke` (AWS, "Revoke endpoint"; RFC 7009). */
import { isHardenedFor } from "../domain/grants/profile.ts";
import { revokeByAccessToken, revokeRefreshToken } from "../domain/tokens/revoke.ts";
import { oauthError } from "../errors/oauth.ts";
import { authenticateClient } from "./client-authentication.ts";
import { refuseClient } from "./client-refusal.ts";
import type { Endpoint } from "./endpoint.ts";
import { requireField } from "./token/grant.ts";

export const revoke: Endpoint = {
  method: "POST",
  path: "/oauth2/revoke",
  event: "Revoke_POST",
  async handle(call, request) {
    const { pool } = request;
    const form = request.form();
    const client = await authenticateClient(call, request, form);
    const token = requireField(form, "token");
    if (!client.settings.enableTokenRevocation) {
      throw oauthError("invalid_request", "Token revocation is not enabled for this client.");
    }
    // Cognito takes refresh tokens alone; so may a server (RFC 7009 §2), but it need not leave an app without a way.
    if (!token.includes(".")) await revokeRefreshToken(call, client, token);
    else if (!isHardenedFor(pool, client)) throw oauthError("unsupported_token_type");
    else await revokeByAccessToken(call, { pool, client }, token);
    return { status: 200, headers: { "cache-control": "no-store", pragma: "no-cache" }, body: "" };
  },
  refuse: refuseClient,
};
