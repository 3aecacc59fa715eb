import { deleteAll, takeOne } from "./atomic.ts";
import type { Db, NewRow, Row } from "./schema.ts";
import { hasEffect, statement } from "./statement.ts";

export type ChallengeRow = Row<"challenges">;

/** A challenge is named by its Session, or by its SECRET_BLOCK where a client sends no Session. */
export type ChallengeKey = { handleHash: string } | { secretBlockHash: string };

const insert = statement<ChallengeRow>()((db, row) =>
  db
    .insertInto("challenges")
    .values({
      handle_hash: row.handle_hash,
      secret_block_hash: row.secret_block_hash,
      user_pool_id: row.user_pool_id,
      client_id: row.client_id,
      user_id: row.user_id,
      username: row.username,
      name: row.name,
      state: row.state,
      created_at_ms: row.created_at_ms,
      expires_at_ms: row.expires_at_ms,
    })
    .onConflict((conflict) => conflict.doNothing()),
);

/** Stores a challenge. */
export async function insertChallenge(db: Db, challenge: NewRow<"challenges">): Promise<boolean> {
  return hasEffect(await insert(db, { secret_block_hash: null, user_id: null, ...challenge }));
}

/** Finds a challenge, be it expired. */
export async function findChallenge(db: Db, key: ChallengeKey): Promise<ChallengeRow | undefined> {
  return await db
    .selectFrom("challenges")
    .selectAll()
    .where((eb) => eb.and(columnsOf(key)))
    .executeTakeFirst();
}

/** Takes a challenge that has not expired; exactly one of several callers gets it. */
export async function takeChallenge(
  db: Db,
  { key, nowMs }: { key: ChallengeKey; nowMs: number },
): Promise<ChallengeRow | undefined> {
  return await takeOne(
    db
      .deleteFrom("challenges")
      .where((eb) => eb.and(columnsOf(key)))
      .where("expires_at_ms", ">", nowMs)
      .returningAll(),
  );
}

/** Ends every sign-in of a user that is under way. */
export async function deleteUserChallenges(
  db: Db,
  { userPoolId, userId }: { userPoolId: string; userId: string },
): Promise<number> {
  return await deleteAll(
    db
      .deleteFrom("challenges")
      .where("user_pool_id", "=", userPoolId)
      .where("user_id", "=", userId),
  );
}

function columnsOf(key: ChallengeKey) {
  return "handleHash" in key
    ? { handle_hash: key.handleHash }
    : { secret_block_hash: key.secretBlockHash };
}
