/** By what a caller sets up an authenticator app: a sign-in that is over, or one under way. */
import {
  invalidParameter,
  invalidSession,
  missingRequiredParameter,
} from "../../errors/cognito-idp.ts";

/** The access token of a request; one of two proofs is given, never both. */
export function requireOneProof(input: { AccessToken?: string; Session?: string }): string {
  const { AccessToken, Session } = input;
  if (AccessToken !== undefined && Session !== undefined) {
    throw invalidParameter("AccessToken and Session cannot be given together.");
  }
  // No sign-in asks for MFA_SETUP yet, so no Session is one of it.
  if (Session !== undefined) throw invalidSession();
  if (AccessToken === undefined) throw missingRequiredParameter("AccessToken");
  return AccessToken;
}
