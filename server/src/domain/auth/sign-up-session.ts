/**
 * The Session of a sign-up, by which whoever confirmed it signs in at once (AWS, InitiateAuth with USER_AUTH). One of a user
 * who is not confirmed yet never signs in: of whoever signs up with somebody else's address nothing is proved.
 */
import { invalidSession } from "../../errors/cognito-idp.ts";
import type { Call } from "../call.ts";
import { allowsFlow, type ClientInPool } from "../clients/client.ts";
import type { User } from "../users/user.ts";
import { type BaseState, loadChallenge, prepareChallenge, takeOpenChallenge } from "./challenge.ts";
import { beginProgress } from "./progress.ts";
import type { SignIn } from "./sign-in.ts";

type State = BaseState & { readonly isConfirmed: boolean };

/** The Session in the answer to a sign-up or its confirmation; none where the client has no choice-based sign-in. */
export async function offerSignUpSession(
  call: Call,
  at: ClientInPool,
  user: User,
): Promise<string | undefined> {
  return allowsFlow(at.client, "USER_AUTH") ? openSignUpSession(call, at, user) : undefined;
}

/** Opens such a Session, whatever sign-in the client has for its apps. */
export async function openSignUpSession(
  call: Call,
  { pool, client }: ClientInPool,
  user: User,
): Promise<string> {
  const state: State = {
    isConfirmed: user.status === "CONFIRMED",
    progress: beginProgress("USER_AUTH", { user }),
    userIdForSrp: user.username,
  };
  const challenge = prepareChallenge(
    call,
    { pool, client, admin: false },
    { name: "SIGN_UP", userId: user.id, username: user.username, state },
  );
  await challenge.store(call.db);
  return challenge.session;
}

/** Takes the Session of a confirmed sign-up, once; throws for any other. */
export async function takeSignUpSession(
  call: Call,
  signIn: SignIn,
  { session, user }: { session: string; user: User },
): Promise<void> {
  const handle = { session };
  const challenge = await loadChallenge<State>(call, signIn, { name: "SIGN_UP", handle });
  const { isConfirmed, progress } = challenge.state;
  const isGood =
    isConfirmed &&
    challenge.userId === user.id &&
    progress.passwordHash === user.passwordHash &&
    user.status === "CONFIRMED";
  if (!isGood) throw invalidSession();
  await takeOpenChallenge(call.db, call, challenge);
}
