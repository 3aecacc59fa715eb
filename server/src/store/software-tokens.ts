import { changeOne, deleteAll, takeOne } from "./atomic.ts";
import type { Db, NewRow, Row } from "./schema.ts";

export type SoftwareTokenRow = Row<"software_tokens">;

type Owner = { userPoolId: string; userId: string };
type Key = Owner & { state: "pending" | "active" };

/** Stores a token; one that the user had in the same state is gone from then on. */
export async function putSoftwareToken(db: Db, token: NewRow<"software_tokens">): Promise<void> {
  const { user_pool_id, user_id, state, ...fresh } = token;
  await db
    .insertInto("software_tokens")
    .values(token)
    .onConflict((conflict) =>
      conflict
        .columns(["user_pool_id", "user_id", "state"])
        .doUpdateSet({ ...fresh, friendly_name: fresh.friendly_name ?? null }),
    )
    .execute();
}

export async function findSoftwareToken(
  db: Db,
  { userPoolId, userId, state }: Key,
): Promise<SoftwareTokenRow | undefined> {
  return await db
    .selectFrom("software_tokens")
    .selectAll()
    .where("user_pool_id", "=", userPoolId)
    .where("user_id", "=", userId)
    .where("state", "=", state)
    .executeTakeFirst();
}

/** Takes the pending token whose code was proved; exactly one of several callers gets it, and none that was replaced. */
export async function takePendingToken(
  db: Db,
  { userPoolId, userId, secret }: Owner & { secret: string },
): Promise<SoftwareTokenRow | undefined> {
  return await takeOne(
    db
      .deleteFrom("software_tokens")
      .where("user_pool_id", "=", userPoolId)
      .where("user_id", "=", userId)
      .where("state", "=", "pending")
      .where("secret", "=", secret)
      .returningAll(),
  );
}

/**
 * Takes the code of one time step; false when it, or a later one, was taken before (RFC 6238 §5.2: each is good once), or
 * when the token is another by now. `secret` is the column as it was read; re-sealed meanwhile, the code is refused.
 */
export async function takeStep(
  db: Db,
  { userPoolId, userId, secret, step }: Owner & { secret: string; step: number },
): Promise<boolean> {
  return await changeOne(
    db
      .updateTable("software_tokens")
      .set({ last_step: step })
      .where("user_pool_id", "=", userPoolId)
      .where("user_id", "=", userId)
      .where("state", "=", "active")
      .where("secret", "=", secret)
      .where("last_step", "<", step),
  );
}

/** Deletes the tokens of a user, proved or not; tells how many there were. */
export async function deleteSoftwareTokens(db: Db, { userPoolId, userId }: Owner): Promise<number> {
  return await deleteAll(
    db
      .deleteFrom("software_tokens")
      .where("user_pool_id", "=", userPoolId)
      .where("user_id", "=", userId),
  );
}
