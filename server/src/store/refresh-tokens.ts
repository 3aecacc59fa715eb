import type { Db, NewRow, Row } from "./schema.ts";
import { hasEffect, statement } from "./statement.ts";

export type RefreshTokenRow = Row<"refresh_tokens">;

const insert = statement<RefreshTokenRow>()((db, row) =>
  db
    .insertInto("refresh_tokens")
    .values({
      token_hash: row.token_hash,
      family_id: row.family_id,
      user_pool_id: row.user_pool_id,
      user_id: row.user_id,
      issued_at_ms: row.issued_at_ms,
      expires_at_ms: row.expires_at_ms,
      replaced_at_ms: row.replaced_at_ms,
    })
    .onConflict((conflict) => conflict.doNothing()),
);

const find = statement<{ tokenHash: string }>()((db, { tokenHash }) =>
  db.selectFrom("refresh_tokens").selectAll().where("token_hash", "=", tokenHash),
);

const replace = statement<{ tokenHash: string; nowMs: number }>()((db, { tokenHash, nowMs }) =>
  db
    .updateTable("refresh_tokens")
    .set({ replaced_at_ms: nowMs })
    .where("token_hash", "=", tokenHash)
    .where("replaced_at_ms", "is", null)
    .where("expires_at_ms", ">", nowMs),
);

/** Stores a refresh token by its hash. */
export async function insertRefreshToken(
  db: Db,
  token: NewRow<"refresh_tokens">,
): Promise<boolean> {
  return hasEffect(await insert(db, { replaced_at_ms: null, ...token }));
}

/** Finds a refresh token, be it replaced or expired; its family says whether it is revoked. */
export async function findRefreshToken(
  db: Db,
  tokenHash: string,
): Promise<RefreshTokenRow | undefined> {
  return (await find(db, { tokenHash })).rows[0];
}

/** Marks a refresh token replaced; of several callers exactly one gets true, the others see a reuse. */
export async function replaceRefreshToken(
  db: Db,
  use: { tokenHash: string; nowMs: number },
): Promise<boolean> {
  return hasEffect(await replace(db, use));
}
