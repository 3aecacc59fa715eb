/** Signing in, staying signed in, signing out. */
import { AdminInitiateAuth } from "./admin-initiate-auth.ts";
import { AdminRespondToAuthChallenge } from "./admin-respond-to-auth-challenge.ts";
import { AdminUserGlobalSignOut } from "./admin-user-global-sign-out.ts";
import { GetTokensFromRefreshToken } from "./get-tokens-from-refresh-token.ts";
import { GlobalSignOut } from "./global-sign-out.ts";
import { InitiateAuth } from "./initiate-auth.ts";
import { RespondToAuthChallenge } from "./respond-to-auth-challenge.ts";
import { RevokeToken } from "./revoke-token.ts";

export const authOperations = {
  AdminInitiateAuth,
  AdminRespondToAuthChallenge,
  AdminUserGlobalSignOut,
  GetTokensFromRefreshToken,
  GlobalSignOut,
  InitiateAuth,
  RespondToAuthChallenge,
  RevokeToken,
};
