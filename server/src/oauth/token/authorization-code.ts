import { redeemCode } from "../../domain/grants/authorization-code.ts";
import { oauthError } from "../../errors/oauth.ts";
import { type Grant, requireField } from "./grant.ts";

/** RFC 6749 §4.1.3: tokens for the code that the authorization endpoint gave. */
export const authorizationCode: Grant = async (call, request) => {
  const { pool, client, form, dpopJkt, clientMetadata } = request;
  if (!client.settings.oauth.allowedFlows?.includes("code")) {
    throw oauthError("unauthorized_client");
  }
  const { tokens } = await redeemCode(
    call,
    { pool, client },
    {
      code: requireField(form, "code"),
      redirectUri: form.get("redirect_uri"),
      codeVerifier: form.get("code_verifier"),
      ...{ dpopJkt, clientMetadata },
    },
  );
  return tokens;
};
