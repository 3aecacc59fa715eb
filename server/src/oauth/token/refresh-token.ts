import { loadRefreshToken, refreshTokens } from "../../domain/tokens/refresh.ts";
import { oauthError } from "../../errors/oauth.ts";
import { type Grant, requireField } from "./grant.ts";

/** RFC 6749 §6: new tokens for a refresh token, of the API's sign-ins too, with the scope it has or a part of that. */
export const refreshToken: Grant = async (call, request) => {
  const { pool, client, form, dpopJkt, clientMetadata } = request;
  call.about.more["authFlow"] = "REFRESH_TOKEN_AUTH";
  const token = requireField(form, "refresh_token");
  const presented = await loadRefreshToken(
    call,
    { pool, client },
    { token, deviceKey: form.get("device_key"), dpopJkt },
  );
  // It is of a sign-in without a proof: from before, or by the API.
  if (client.extensions.dpop === "required" && presented.family.dpop_jkt === null) {
    throw oauthError("invalid_grant", "The refresh token is bound to no key.");
  }
  const granted = presented.family.scope.split(" ");
  const asked = form.get("scope")?.split(" ") ?? granted;
  if (!asked.every((each) => granted.includes(each))) throw oauthError("invalid_scope");
  return refreshTokens(
    call,
    { pool, client, clientMetadata, scope: [...new Set(asked)].join(" ") },
    presented,
  );
};
