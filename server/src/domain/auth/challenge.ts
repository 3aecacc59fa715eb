/**
 * Challenges under way. The client holds a Session, 256 random bits of which only a hash is stored; what the server must
 * remember is sealed. A Session is bound to pool, client, user and challenge, and a right answer takes it, once.
 */
import { hash } from "node:crypto";
import { invalidSession, sessionExpired, sessionUsed } from "../../errors/cognito-idp.ts";
import {
  type ChallengeKey,
  type ChallengeRow,
  findChallenge,
  insertChallenge,
  takeChallenge,
} from "../../store/challenges.ts";
import type { Db } from "../../store/schema.ts";
import type { Call } from "../call.ts";
import { loadClient } from "../clients/client.ts";
import type { Progress } from "./progress.ts";
import type { ChallengeName, SignIn } from "./sign-in.ts";

/** Beside what is asked: the Session of a sign-up, which is good for a sign-in once the user is confirmed. */
export type SessionName = ChallengeName | "SIGN_UP";

/** What every challenge puts aside. */
export type BaseState = {
  readonly progress: Progress;
  /** What the client is told that the user is called; invented for a name that the pool does not have. */
  readonly userIdForSrp: string;
};

/** A challenge as it was left; `State` is what its kind put aside. */
export type Challenge<State extends BaseState = BaseState> = {
  readonly key: { readonly handleHash: string };
  /** Undefined for a name that the pool does not have. */
  readonly userId: string | undefined;
  /** As typed when it was opened. */
  readonly username: string;
  readonly state: State;
};

type NewChallenge = {
  readonly name: SessionName;
  readonly userId: string | undefined;
  readonly username: string;
  readonly state: BaseState;
  /** SECRET_BLOCK, by which a client may answer that sends no Session. */
  readonly secretBlock?: string;
};

export type PreparedChallenge = { readonly session: string; store(trx: Db): Promise<void> };

/** Draws the Session of a challenge, which is good once `store` is committed. */
export function prepareChallenge(
  call: Call,
  { pool, client }: SignIn,
  given: NewChallenge,
): PreparedChallenge {
  const session = call.random.bytes(32).toString("base64url");
  const handleHash = hashOf(session);
  const nowMs = call.clock.now();
  return {
    session,
    async store(trx) {
      await insertChallenge(trx, {
        handle_hash: handleHash,
        secret_block_hash: given.secretBlock === undefined ? null : hashOf(given.secretBlock),
        user_pool_id: pool.id,
        client_id: client.id,
        user_id: given.userId ?? null,
        username: given.username,
        name: given.name,
        state: call.vault.seal(placeOf(handleHash), JSON.stringify(given.state)),
        created_at_ms: nowMs,
        expires_at_ms: nowMs + client.settings.authSessionValidityMinutes * 60_000,
      });
    },
  };
}

/** How an answer names its challenge; where both are given they must name the same one. */
export type ChallengeHandle = { readonly session?: string; readonly secretBlock?: string };

/** The open challenge that an answer is for; throws AWS's refusal for one that is unknown, over or another's. */
export async function loadChallenge<State extends BaseState>(
  call: Call,
  signIn: SignIn,
  given: { name: SessionName; handle: ChallengeHandle },
): Promise<Challenge<State>> {
  const { session, secretBlock } = given.handle;
  const row = await findRow(call, given.handle);
  const isOurs =
    row?.user_pool_id === signIn.pool.id &&
    row.client_id === signIn.client.id &&
    row.name === given.name &&
    (session === undefined || row.handle_hash === hashOf(session)) &&
    (secretBlock === undefined || row.secret_block_hash === hashOf(secretBlock));
  if (!isOurs) throw invalidSession();
  if (row.expires_at_ms <= call.clock.now()) throw sessionExpired();
  const state = call.vault.open(placeOf(row.handle_hash), row.state).toString("utf8");
  return {
    key: { handleHash: row.handle_hash },
    userId: row.user_id ?? undefined,
    username: row.username,
    // Sealed by prepareChallenge for this name of challenge, which was compared.
    state: JSON.parse(state) as State,
  };
}

/** The same where the call names no client: the one that the challenge was put to. */
export async function loadChallengeOfAnyClient(
  call: Call,
  { name, session }: { name: SessionName; session: string },
): Promise<{ challenge: Challenge; signIn: SignIn }> {
  const handle = { session };
  const row = await findRow(call, handle);
  if (!row) throw invalidSession();
  const { pool, client } = await loadClient(call, row.client_id);
  const signIn: SignIn = { pool, client, admin: false };
  return { signIn, challenge: await loadChallenge(call, signIn, { name, handle }) };
}

/** Takes a challenge; throws when another answer was faster or its time is over. */
export async function takeOpenChallenge(
  db: Db,
  call: Call,
  challenge: Pick<Challenge, "key">,
): Promise<Taken> {
  const taken = await takeChallenge(db, { key: challenge.key, nowMs: call.clock.now() });
  if (!taken) throw sessionUsed();
  return { row: taken };
}

/** A challenge that one answer has taken, and that nobody else has until it is put back. */
export type Taken = { readonly row: ChallengeRow };

/** Puts a challenge back that was taken by a right answer which AWS lets the client send again. */
export async function putBack(db: Db, { row }: Taken): Promise<void> {
  await insertChallenge(db, row);
}

async function findRow(
  call: Call,
  { session, secretBlock }: ChallengeHandle,
): Promise<ChallengeRow | undefined> {
  const key: ChallengeKey | undefined =
    session !== undefined
      ? { handleHash: hashOf(session) }
      : secretBlock !== undefined
        ? { secretBlockHash: hashOf(secretBlock) }
        : undefined;
  return key && findChallenge(call.db, key);
}

function hashOf(handle: string): string {
  return hash("sha256", handle, "base64url");
}

function placeOf(handleHash: string) {
  return { table: "challenges", column: "state", row: handleHash };
}
