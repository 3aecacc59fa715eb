import { isConfidential } from "../../domain/clients/client.ts";
import { grantToClient } from "../../domain/grants/client-credentials.ts";
import { oauthError } from "../../errors/oauth.ts";
import { readResource } from "../authorize/options.ts";
import type { Grant } from "./grant.ts";

/** RFC 6749 §4.4: a token for the client itself, which only a client that can prove itself gets. */
export const clientCredentials: Grant = async (call, request) => {
  const { pool, client, form, dpopJkt, clientMetadata } = request;
  const { allowedFlows = [] } = client.settings.oauth;
  if (!allowedFlows.includes("client_credentials") || !isConfidential(client)) {
    throw oauthError("unauthorized_client");
  }
  return grantToClient(
    call,
    { pool, client },
    {
      scopes: form.get("scope")?.split(" "),
      resource: readResource(form.get("resource")),
      ...{ dpopJkt, clientMetadata },
    },
  );
};
