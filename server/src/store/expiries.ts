import { sql } from "kysely";
import type { Db, Schema } from "./schema.ts";

type ExpiringTable = {
  table: keyof Schema;
  key: readonly string[];
  column: string;
  afterMs: number;
};

/** Failures are forgotten after 15 quiet minutes, which may follow a lock of 15. */
const LOCKOUT_MS = 1_800_000;

/** What is worth nothing once its time is over, and how long after that it is kept. */
const EXPIRING_TABLES: readonly ExpiringTable[] = [
  { table: "challenges", key: ["handle_hash"], column: "expires_at_ms", afterMs: 3_600_000 },
  {
    table: "codes",
    key: ["user_pool_id", "user_id", "purpose"],
    column: "expires_at_ms",
    afterMs: 86_400_000,
  },
  { table: "refresh_tokens", key: ["token_hash"], column: "expires_at_ms", afterMs: 0 },
  // Access tokens of a family may outlive its refresh tokens by a day at most.
  { table: "token_families", key: ["id"], column: "expires_at_ms", afterMs: 86_400_000 },
  {
    table: "lockouts",
    key: ["user_pool_id", "subject"],
    column: "last_failed_at_ms",
    afterMs: LOCKOUT_MS,
  },
  // AWS keeps the activity of users that long (Developer guide, "Viewing and exporting user event history").
  {
    table: "auth_events",
    key: ["user_pool_id", "user_id", "at_ms", "id"],
    column: "at_ms",
    afterMs: 90 * 86_400_000,
  },
  // A code that comes back after its time still ends what it gave.
  {
    table: "authorization_codes",
    key: ["code_hash"],
    column: "expires_at_ms",
    afterMs: 86_400_000,
  },
  { table: "login_sessions", key: ["handle_hash"], column: "expires_at_ms", afterMs: 0 },
  { table: "login_flows", key: ["handle_hash"], column: "expires_at_ms", afterMs: 3_600_000 },
  { table: "pushed_requests", key: ["handle_hash"], column: "expires_at_ms", afterMs: 0 },
  {
    table: "device_authorizations",
    key: ["device_code_hash"],
    column: "expires_at_ms",
    afterMs: 3_600_000,
  },
  { table: "used_ids", key: ["user_pool_id", "id_hash"], column: "until_ms", afterMs: 0 },
  // Only notices that were given up have this time.
  { table: "logout_notices", key: ["id"], column: "failed_at_ms", afterMs: 30 * 86_400_000 },
  { table: "counters", key: ["name"], column: "until_ms", afterMs: 0 },
  { table: "leases", key: ["name"], column: "until_ms", afterMs: 86_400_000 },
  // Only messages that were given up have this time.
  { table: "outbox", key: ["id"], column: "failed_at_ms", afterMs: 30 * 86_400_000 },
];

/** Removes up to `limit` rows of each table whose time is over; tells whether there may be more. */
export async function deleteExpired(
  db: Db,
  { nowMs, limit }: { nowMs: number; limit: number },
): Promise<boolean> {
  let more = false;
  for (const { table, key, column, afterMs } of EXPIRING_TABLES) {
    const name = sql.table(table);
    const columns = sql.join(key.map((part) => sql.ref(part)));
    // Said again outside: a row that is renewed meanwhile stays.
    const over = sql`${sql.ref(column)} <= ${nowMs - afterMs}`;
    const { numAffectedRows } = await sql`delete from ${name} where ${over} and (${columns}) in (
      select ${columns} from ${name} where ${over} limit ${sql.lit(limit)})`.execute(db);
    more ||= (numAffectedRows ?? 0n) >= BigInt(limit);
  }
  return more;
}
