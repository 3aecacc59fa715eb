/** REFRESH_TOKEN_AUTH, for clients without rotation; GetTokensFromRefreshToken serves both kinds. */
import { flowNotEnabled } from "../../../errors/cognito-idp.ts";
import type { Call } from "../../call.ts";
import { requireSecretHash } from "../../clients/client.ts";
import { loadRefreshToken, refreshTokens, rotates } from "../../tokens/refresh.ts";
import { type Given, type Outcome, requireParameter, type SignIn } from "../sign-in.ts";

/** New access and ID tokens for a refresh token; the secret is proved over the real user name or the `sub`. */
export async function refreshByFlow(
  call: Call,
  signIn: SignIn,
  { parameters }: Given,
): Promise<Outcome> {
  if (rotates(signIn.client)) {
    // AWS, RefreshTokenRotationType: with rotation only GetTokensFromRefreshToken refreshes.
    throw flowNotEnabled("REFRESH_TOKEN_AUTH");
  }
  const presented = await loadRefreshToken(call, signIn, {
    token: requireParameter(parameters, "REFRESH_TOKEN"),
    deviceKey: parameters["DEVICE_KEY"],
  });
  requireSecretHash(call, signIn.client, {
    secretHash: parameters["SECRET_HASH"],
    names: [presented.user.username, presented.user.id],
    auth: true,
  });
  return { tokens: await refreshTokens(call, signIn, presented) };
}
