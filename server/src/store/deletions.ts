import { setImmediate as letOthersRun } from "node:timers/promises";
import { sql } from "kysely";
import { deleteAll, insertOne } from "./atomic.ts";
import type { Db, NewRow, Row, Schema } from "./schema.ts";

export type DeletionRow = Row<"deletions">;

/** Short statements: Aurora DSQL bounds the rows of a transaction, and SQLite has one writer. */
const BATCH_ROWS = 500;

type OwnedTable = { table: keyof Schema; key: readonly string[]; user?: string };

/**
 * Every table that belongs to pools, its primary key, and the column that names the user if it has one. Only the audit
 * trail outlives them: its chain of hashes would not survive a gap, it tells who deleted them, and it holds no secret.
 */
const OWNED_TABLES: readonly OwnedTable[] = [
  { table: "codes", key: ["user_pool_id", "user_id", "purpose"], user: "user_id" },
  { table: "challenges", key: ["handle_hash"], user: "user_id" },
  { table: "software_tokens", key: ["user_pool_id", "user_id", "state"], user: "user_id" },
  { table: "recovery_codes", key: ["user_pool_id", "user_id", "mac"], user: "user_id" },
  { table: "passkeys", key: ["user_pool_id", "credential_id"], user: "user_id" },
  { table: "devices", key: ["user_pool_id", "user_id", "device_key"], user: "user_id" },
  {
    table: "previous_passwords",
    key: ["user_pool_id", "user_id", "replaced_at_ms"],
    user: "user_id",
  },
  { table: "auth_events", key: ["user_pool_id", "user_id", "at_ms", "id"], user: "user_id" },
  { table: "authorization_codes", key: ["code_hash"], user: "user_id" },
  { table: "login_sessions", key: ["handle_hash"], user: "user_id" },
  { table: "login_flows", key: ["handle_hash"], user: "user_id" },
  { table: "device_authorizations", key: ["device_code_hash"], user: "user_id" },
  { table: "consents", key: ["user_pool_id", "user_id", "client_id"], user: "user_id" },
  { table: "logout_notices", key: ["id"] },
  { table: "refresh_tokens", key: ["token_hash"], user: "user_id" },
  { table: "token_families", key: ["id"], user: "user_id" },
  { table: "outbox", key: ["id"], user: "user_id" },
  { table: "user_aliases", key: ["user_pool_id", "kind", "fold_key"], user: "user_id" },
  { table: "user_attributes", key: ["user_pool_id", "name", "user_id"], user: "user_id" },
  { table: "group_members", key: ["user_pool_id", "group_name", "user_id"], user: "user_id" },
  { table: "users", key: ["user_pool_id", "id"], user: "id" },
  { table: "lockouts", key: ["user_pool_id", "subject"] },
  { table: "groups", key: ["user_pool_id", "name"] },
  { table: "pushed_requests", key: ["handle_hash"] },
  { table: "used_ids", key: ["user_pool_id", "id_hash"] },
  { table: "managed_login_brandings", key: ["user_pool_id", "client_id"] },
  { table: "managed_login_assets", key: ["user_pool_id", "client_id", "name"] },
  { table: "ui_customizations", key: ["user_pool_id", "client_id"] },
  { table: "terms", key: ["user_pool_id", "id"] },
  { table: "resource_servers", key: ["user_pool_id", "identifier"] },
  { table: "user_pool_domains", key: ["domain"] },
  { table: "user_pool_clients", key: ["id"] },
  { table: "signing_keys", key: ["kid"] },
];

/** What belongs to a client beside its sign-ins. */
const OAUTH_TABLES: readonly OwnedTable[] = [
  { table: "authorization_codes", key: ["code_hash"] },
  { table: "login_flows", key: ["handle_hash"] },
  { table: "pushed_requests", key: ["handle_hash"] },
  { table: "device_authorizations", key: ["device_code_hash"] },
  { table: "consents", key: ["user_pool_id", "user_id", "client_id"] },
  { table: "logout_notices", key: ["id"] },
  { table: "managed_login_brandings", key: ["user_pool_id", "client_id"] },
  { table: "managed_login_assets", key: ["user_pool_id", "client_id", "name"] },
  { table: "ui_customizations", key: ["user_pool_id", "client_id"] },
  { table: "terms", key: ["user_pool_id", "id"] },
];

/** Notes what is to be purged, in the transaction that takes it out of sight or out of use. */
export async function insertDeletion(db: Db, deletion: NewRow<"deletions">): Promise<boolean> {
  return await insertOne(db.insertInto("deletions").values(deletion));
}

/** Forgets that the verifiers of a pool were to go: they are wanted again. */
export async function deleteVerifierDeletions(db: Db, userPoolId: string): Promise<void> {
  await deleteAll(
    db
      .deleteFrom("deletions")
      .where("user_pool_id", "=", userPoolId)
      .where("verifiers_only", "=", 1),
  );
}

/** The deletions that are not finished, by id. */
export async function pageDeletions(
  db: Db,
  { after, limit }: { after?: string | undefined; limit: number },
): Promise<DeletionRow[]> {
  return await db
    .selectFrom("deletions")
    .selectAll()
    .where("id", ">", after ?? "")
    .orderBy("id")
    .limit(limit)
    .execute();
}

/**
 * Carries a deletion out and forgets it. Takes the store's own `db`: each batch commits by itself, so it may be
 * stopped at any point and run again.
 */
export async function finishDeletion(db: Db, deletion: DeletionRow): Promise<void> {
  await deleteRows(db, deletion);
  await deleteAll(db.deleteFrom("deletions").where("id", "=", deletion.id));
}

async function deleteRows(db: Db, deletion: DeletionRow): Promise<void> {
  const { user_pool_id: userPoolId, user_id: userId, client_id: clientId } = deletion;
  if (clientId !== null) return await deleteSignIns(db, { userPoolId, clientId });
  if (deletion.verifiers_only !== null) return await deleteVerifiers(db, userPoolId);
  if (userId !== null) return await deleteUserRows(db, { userPoolId, userId });
  return await deleteUserPoolRows(db, userPoolId);
}

/**
 * Deletes the sign-ins by a client that is gone, finished or under way; those by one that has its id since stay. Their
 * refresh tokens are worth nothing without the family and go when they expire.
 */
export async function deleteSignIns(
  db: Db,
  { userPoolId, clientId }: { userPoolId: string; clientId: string },
): Promise<void> {
  const owner = { user_pool_id: userPoolId, client_id: clientId };
  const successor = await db
    .selectFrom("user_pool_clients")
    .select("created_at_ms")
    .where("id", "=", clientId)
    .executeTakeFirst();
  const before = successor ? { createdBeforeMs: successor.created_at_ms } : {};
  await deleteInBatches(db, { table: "challenges", key: ["handle_hash"], ...before }, owner);
  for (const { table, key } of OAUTH_TABLES) {
    await deleteInBatches(db, { table, key, ...before }, owner);
  }
  await deleteInBatches(db, { table: "token_families", key: ["id"], ...before }, owner);
}

/** Deletes the SRP verifiers of a pool's users, going through the users by id. */
async function deleteVerifiers(db: Db, userPoolId: string): Promise<void> {
  let after = "";
  for (;;) {
    const ids = await db
      .selectFrom("users")
      .select("id")
      .where("user_pool_id", "=", userPoolId)
      .where("id", ">", after)
      .orderBy("id")
      .limit(BATCH_ROWS)
      .execute();
    const last = ids.at(-1)?.id;
    if (last === undefined) return;
    await db
      .updateTable("users")
      .set({ srp_salt: null, srp_verifier: null })
      .where("user_pool_id", "=", userPoolId)
      .where("id", ">", after)
      .where("id", "<=", last)
      .where("srp_verifier", "is not", null)
      .execute();
    after = last;
    await letOthersRun();
  }
}

/** Deletes everything that belongs to a user. */
export async function deleteUserRows(
  db: Db,
  { userPoolId, userId }: { userPoolId: string; userId: string },
): Promise<void> {
  for (const owned of OWNED_TABLES) {
    if (owned.user) {
      await deleteInBatches(db, owned, { user_pool_id: userPoolId, [owned.user]: userId });
    }
  }
}

/** Deletes everything that belongs to a pool, and last the pool itself. */
export async function deleteUserPoolRows(db: Db, userPoolId: string): Promise<void> {
  for (const owned of OWNED_TABLES) {
    await deleteInBatches(db, owned, { user_pool_id: userPoolId });
  }
  await deleteAll(db.deleteFrom("deletions").where("user_pool_id", "=", userPoolId));
  await deleteAll(db.deleteFrom("user_pools").where("id", "=", userPoolId));
}

async function deleteInBatches(
  db: Db,
  { table, key, createdBeforeMs }: OwnedTable & { createdBeforeMs?: number },
  owner: Readonly<Record<string, string>>,
): Promise<void> {
  const name = sql.table(table);
  const columns = sql.join(key.map((column) => sql.ref(column)));
  const owned = sql.join(
    [
      ...Object.entries(owner).map(([column, value]) => sql`${sql.ref(column)} = ${value}`),
      ...(createdBeforeMs === undefined ? [] : [sql`created_at_ms < ${createdBeforeMs}`]),
    ],
    sql` and `,
  );
  for (;;) {
    await sql`delete from ${name} where (${columns}) in (
      select ${columns} from ${name} where ${owned} limit ${sql.lit(BATCH_ROWS)})`.execute(db);
    // Not told by the number of rows that went: another process may have taken this batch, not the next.
    const left = await sql`select 1 from ${name} where ${owned} limit 1`.execute(db);
    if (left.rows.length === 0) {
      return;
    }
    await letOthersRun();
  }
}
