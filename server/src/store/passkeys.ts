import { deleteAll, insertOne } from "./atomic.ts";
import type { Db, NewRow, Row } from "./schema.ts";
import { hasEffect, statement } from "./statement.ts";

export type PasskeyRow = Row<"passkeys">;

type PasskeyKey = { userPoolId: string; credentialId: string };

const find = statement<PasskeyKey>()((db, { userPoolId, credentialId }) =>
  db
    .selectFrom("passkeys")
    .selectAll()
    .where("user_pool_id", "=", userPoolId)
    .where("credential_id", "=", credentialId),
);

type Use = PasskeyKey & { userId: string; publicKey: string; signCount: number; nowMs: number };

/** Authenticators that do not count say 0 for ever (WebAuthn Level 3 §6.1.1). */
const record = statement<Use>()((db, use) =>
  db
    .updateTable("passkeys")
    .set({ sign_count: use.signCount, last_used_at_ms: use.nowMs })
    .where("user_pool_id", "=", use.userPoolId)
    .where("credential_id", "=", use.credentialId)
    .where("user_id", "=", use.userId)
    .where("public_key", "=", use.publicKey)
    .where((eb) =>
      eb.or([
        eb("sign_count", "<", use.signCount),
        eb.and([eb("sign_count", "=", 0), eb("sign_count", "=", use.signCount)]),
      ]),
    ),
);

/** Adds a passkey; false when its credential id is taken in the pool, be it by the same user. */
export async function insertPasskey(db: Db, passkey: NewRow<"passkeys">): Promise<boolean> {
  return await insertOne(db.insertInto("passkeys").values(passkey));
}

/** Finds a passkey by the id that its authenticator chose. */
export async function findPasskey(db: Db, key: PasskeyKey): Promise<PasskeyRow | undefined> {
  return (await find(db, key)).rows[0];
}

/** Where a passkey stands among those of its user. */
export type PasskeyPosition = readonly [createdAtMs: number, credentialId: string];

/** The passkeys of a user, oldest first. */
export async function pagePasskeys(
  db: Db,
  page: { userPoolId: string; userId: string; after?: PasskeyPosition | undefined; limit: number },
): Promise<PasskeyRow[]> {
  const [createdAtMs, credentialId] = page.after ?? [-1, ""];
  return await db
    .selectFrom("passkeys")
    .selectAll()
    .where("user_pool_id", "=", page.userPoolId)
    .where("user_id", "=", page.userId)
    .where((eb) =>
      eb.or([
        eb("created_at_ms", ">", createdAtMs),
        eb.and([eb("created_at_ms", "=", createdAtMs), eb("credential_id", ">", credentialId)]),
      ]),
    )
    .orderBy("created_at_ms")
    .orderBy("credential_id")
    .limit(page.limit)
    .execute();
}

/**
 * Notes that a passkey signed, if its counter went on and nobody removed or replaced it meanwhile; of several who
 * present one signature of a counting authenticator exactly one gets true.
 */
export async function recordPasskeySignature(db: Db, use: Use): Promise<boolean> {
  return hasEffect(await record(db, use));
}

/** Removes a passkey of this user; false when the user has none of that id. */
export async function deletePasskey(
  db: Db,
  { userPoolId, userId, credentialId }: PasskeyKey & { userId: string },
): Promise<boolean> {
  const deleted = await deleteAll(
    db
      .deleteFrom("passkeys")
      .where("user_pool_id", "=", userPoolId)
      .where("credential_id", "=", credentialId)
      .where("user_id", "=", userId),
  );
  return deleted > 0;
}
