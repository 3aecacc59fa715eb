import { changeOne, insertOne } from "./atomic.ts";
import type { Db, NewRow, Row } from "./schema.ts";

export type RefreshTokenRow = Row<"refresh_tokens">;

/** Stores a refresh token by its hash. */
export async function insertRefreshToken(
  db: Db,
  token: NewRow<"refresh_tokens">,
): Promise<boolean> {
  return await insertOne(db.insertInto("refresh_tokens").values(token));
}

/** Finds a refresh token, be it replaced or expired; its family says whether it is revoked. */
export async function findRefreshToken(
  db: Db,
  tokenHash: string,
): Promise<RefreshTokenRow | undefined> {
  return await db
    .selectFrom("refresh_tokens")
    .selectAll()
    .where("token_hash", "=", tokenHash)
    .executeTakeFirst();
}

/** Marks a refresh token replaced; of several callers exactly one gets true, the others see a reuse. */
export async function replaceRefreshToken(
  db: Db,
  { tokenHash, nowMs }: { tokenHash: string; nowMs: number },
): Promise<boolean> {
  return await changeOne(
    db
      .updateTable("refresh_tokens")
      .set({ replaced_at_ms: nowMs })
      .where("token_hash", "=", tokenHash)
      .where("replaced_at_ms", "is", null)
      .where("expires_at_ms", ">", nowMs),
  );
}
