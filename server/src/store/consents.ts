import type { Db, NewRow, Row } from "./schema.ts";

export type ConsentRow = Row<"consents">;
type Key = { userPoolId: string; userId: string; clientId: string };

/** What a user has granted a client. */
export async function findConsent(db: Db, key: Key): Promise<ConsentRow | undefined> {
  return await db
    .selectFrom("consents")
    .selectAll()
    .where("user_pool_id", "=", key.userPoolId)
    .where("user_id", "=", key.userId)
    .where("client_id", "=", key.clientId)
    .executeTakeFirst();
}

/** Stores what a user grants a client, in place of what there was. */
export async function putConsent(db: Db, consent: NewRow<"consents">): Promise<void> {
  const { scopes, modified_at_ms } = consent;
  await db
    .insertInto("consents")
    .values(consent)
    .onConflict((conflict) =>
      conflict
        .columns(["user_pool_id", "user_id", "client_id"])
        .doUpdateSet({ scopes, modified_at_ms }),
    )
    .execute();
}
