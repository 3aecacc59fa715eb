/** USER_PASSWORD_AUTH and ADMIN_USER_PASSWORD_AUTH: the password itself, over TLS. */
import type { Call } from "../call.ts";
import { requireSecretHash } from "../clients/client.ts";
import { afterPassword } from "./after-password.ts";
import { findCandidate, proveCandidate } from "./candidate.ts";
import {
  type Outcome,
  type Parameters,
  requireParameter,
  requireUsername,
  type SignIn,
} from "./sign-in.ts";

/** Signs in by user name and password. */
export async function signInByPassword(
  call: Call,
  signIn: SignIn,
  parameters: Parameters,
): Promise<Outcome> {
  const name = requireUsername(parameters);
  const password = requireParameter(parameters, "PASSWORD");
  const secretHash = parameters["SECRET_HASH"];
  requireSecretHash(call, signIn.client, { secretHash, names: [name], auth: true });
  const candidate = await findCandidate(call, signIn, name);
  const user = await proveCandidate(call, signIn.pool, {
    candidate,
    isProved: () => call.passwords.verify(candidate.user?.passwordHash ?? null, password),
  });
  return afterPassword(call, signIn, { user, password });
}
