import { changeOne } from "./atomic.ts";
import type { Db, NewRow, Row } from "./schema.ts";
import { hasEffect, statement } from "./statement.ts";

export type AuthorizationCodeRow = Row<"authorization_codes">;

const insert = statement<AuthorizationCodeRow>()((db, row) =>
  db
    .insertInto("authorization_codes")
    .values({
      code_hash: row.code_hash,
      user_pool_id: row.user_pool_id,
      client_id: row.client_id,
      user_id: row.user_id,
      granted: row.granted,
      family_id: row.family_id,
      redeemed_at_ms: row.redeemed_at_ms,
      created_at_ms: row.created_at_ms,
      expires_at_ms: row.expires_at_ms,
    })
    .onConflict((conflict) => conflict.doNothing()),
);

const find = statement<{ codeHash: string }>()((db, { codeHash }) =>
  db.selectFrom("authorization_codes").selectAll().where("code_hash", "=", codeHash),
);

/** Stores a code. */
export async function insertAuthorizationCode(
  db: Db,
  code: NewRow<"authorization_codes">,
): Promise<boolean> {
  return hasEffect(await insert(db, { family_id: null, redeemed_at_ms: null, ...code }));
}

/** Finds a code, be it redeemed or over. */
export async function findAuthorizationCode(
  db: Db,
  codeHash: string,
): Promise<AuthorizationCodeRow | undefined> {
  return (await find(db, { codeHash })).rows[0];
}

/** Redeems a code that is not over for a family of tokens; true for exactly one of several callers. */
export async function redeemAuthorizationCode(
  db: Db,
  code: { codeHash: string; familyId: string; nowMs: number },
): Promise<boolean> {
  return await changeOne(
    db
      .updateTable("authorization_codes")
      .set({ family_id: code.familyId, redeemed_at_ms: code.nowMs })
      .where("code_hash", "=", code.codeHash)
      .where("redeemed_at_ms", "is", null)
      .where("expires_at_ms", ">", code.nowMs),
  );
}
