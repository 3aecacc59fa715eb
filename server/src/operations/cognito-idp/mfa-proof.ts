/** By what a caller sets up an authenticator app: a sign-in that is over, or one under way. */
import { invalidParameter, missingRequiredParameter } from "../../errors/cognito-idp.ts";

/** The access token of a request or the Session of MFA_SETUP: one of the two, never both. */
export function oneProof(input: {
  AccessToken?: string;
  Session?: string;
}): { readonly accessToken: string } | { readonly session: string } {
  const { AccessToken: accessToken, Session: session } = input;
  if (accessToken !== undefined && session !== undefined) {
    throw invalidParameter("AccessToken and Session cannot be given together.");
  }
  if (session !== undefined) return { session };
  if (accessToken === undefined) throw missingRequiredParameter("AccessToken");
  return { accessToken };
}
