/** Whom an answer is for, and whether it is for a challenge that is open. */
import { invalidSession, missingRequiredParameter } from "../../../errors/cognito-idp.ts";
import { ServiceError } from "../../../errors/service-error.ts";
import type { Db } from "../../../store/schema.ts";
import type { Call } from "../../call.ts";
import { requireSecretHash } from "../../clients/client.ts";
import { findDevice, tracksDevices } from "../../devices/device.ts";
import type { UserPool } from "../../pools/pool.ts";
import { findUser, findUserBySub } from "../../users/find.ts";
import { foldKey } from "../../users/fold-key.ts";
import type { User } from "../../users/user.ts";
import { type Candidate, candidateOf, nobody, requireEnabled } from "../candidate.ts";
import { type BaseState, type Challenge, loadChallenge } from "../challenge.ts";
import {
  type ChallengeName,
  type Given,
  namedDevice,
  type Parameters,
  requireUsername,
  type SignIn,
} from "../sign-in.ts";

/** An open challenge, and whom it was put to. */
export type Opened<State extends BaseState = BaseState> = {
  readonly challenge: Challenge<State>;
  readonly who: Candidate;
  readonly state: State;
};

/** Opens the challenge that an answer is for, for the client that it was put to, under any name that its user has. */
export async function openAnswer<State extends BaseState>(
  call: Call,
  signIn: SignIn,
  { name, given, secretBlock }: { name: ChallengeName; given: Given; secretBlock?: string },
): Promise<Opened<State>> {
  const { pool, client } = signIn;
  const { session, parameters } = given;
  const username = requireUsername(parameters);
  if (session === undefined && secretBlock === undefined) throw missingRequiredParameter("Session");
  const challenge = await loadChallenge<State>(call, signIn, {
    name,
    handle: {
      ...(session === undefined ? {} : { session }),
      ...(secretBlock === undefined ? {} : { secretBlock }),
    },
  });
  const who = await whoOf(call, pool, { challenge, username });
  const { userIdForSrp } = challenge.state;
  if (!signIn.byPages) {
    requireSecretHash(call, client, {
      secretHash: parameters["SECRET_HASH"],
      names: [username, challenge.username, userIdForSrp, ...(who.user ? [who.user.id] : [])],
      auth: true,
    });
  }
  return { challenge, who, state: await withDevice(call, pool, { challenge, who, parameters }) };
}

/** Some clients name their device only now; one that the user does not have counts as none. Nobody's is looked for too. */
async function withDevice<State extends BaseState>(
  call: Call,
  pool: UserPool,
  given: { challenge: Challenge<State>; who: Candidate; parameters: Parameters },
): Promise<State> {
  const { state } = given.challenge;
  const { user, name } = given.who;
  const { deviceKey } = namedDevice(given.parameters);
  if (!deviceKey || state.progress.deviceKey !== undefined || !tracksDevices(pool)) return state;
  const device = await findDevice(call.db, pool, { userId: user?.id ?? name, deviceKey });
  return user && device ? { ...state, progress: { ...state.progress, deviceKey } } : state;
}

/** The user as the sign-in found them when they proved the first factor; throws when they are another by now. */
export function requireStanding(opened: Opened): User {
  const user = requireSame(opened);
  requireEnabled(user);
  return user;
}

/** The same of one who proved nothing yet: whether they are disabled is for later. */
export function requireSame({ who, state }: Opened): User {
  const { user } = who;
  if (!user || state.progress.passwordHash !== user.passwordHash) throw invalidSession();
  return user;
}

/**
 * Decides about an answer in one transaction: a refusal that `work` returns commits what was counted, and is thrown then.
 * The call's own row in the trail comes with what follows.
 */
export async function decide<T>(
  call: Call,
  work: (trx: Db) => Promise<T | ServiceError>,
): Promise<T> {
  const result = await call.store.transaction(work);
  if (result instanceof ServiceError) throw result;
  return result;
}

/** Whom the challenge was put to; the answer may name them as it was typed, or as the pool or an alias calls them. */
async function whoOf(
  call: Call,
  pool: UserPool,
  { challenge, username }: { challenge: Challenge; username: string },
): Promise<Candidate> {
  const { userId, username: name } = challenge;
  const isSameName = [name, challenge.state.userIdForSrp].some(
    (known) => foldKey(pool, known) === foldKey(pool, username),
  );
  // One read for nobody too: its time tells nothing.
  const user = await findUserBySub(call.db, pool, userId ?? name);
  if (!isSameName) {
    const named = await findUser(call.db, pool, username);
    if (named === undefined || named.id !== userId) throw invalidSession();
  }
  return user && user.id === userId ? candidateOf(call, pool, { name, user }) : nobody(pool, name);
}
