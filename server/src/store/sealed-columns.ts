import { sql } from "kysely";
import type { Db, Schema } from "./schema.ts";

/** A column that holds envelopes of the master key; its row's address is the key, its parts joined by slashes. */
export type SealedColumn = {
  readonly table: keyof Schema;
  readonly column: string;
  readonly key: readonly string[];
};

export type SealedValue = { readonly key: readonly string[]; readonly sealed: string };

/** Every column that schema.ts marks as sealed. */
export const SEALED_COLUMNS: readonly SealedColumn[] = [
  { table: "user_pool_clients", column: "secret", key: ["id"] },
  { table: "users", column: "srp_verifier", key: ["user_pool_id", "id"] },
  { table: "codes", column: "target", key: ["user_pool_id", "user_id", "purpose"] },
  { table: "challenges", column: "state", key: ["handle_hash"] },
  { table: "login_flows", column: "state", key: ["handle_hash"] },
  { table: "signing_keys", column: "private_key", key: ["kid"] },
  { table: "outbox", column: "body", key: ["id"] },
  { table: "stack_resources", column: "properties", key: ["stack_name", "logical_id"] },
  { table: "software_tokens", column: "secret", key: ["user_pool_id", "user_id", "state"] },
  { table: "devices", column: "verifier", key: ["user_pool_id", "user_id", "device_key"] },
  { table: "functions", column: "secrets", key: ["region", "name"] },
];

/** The envelopes in a column, by key; those that are null are left out. */
export async function pageSealedValues(
  db: Db,
  { table, column, key }: SealedColumn,
  page: { after?: readonly string[] | undefined; limit: number },
): Promise<SealedValue[]> {
  const names = sql.join(key.map((part) => sql.ref(part)));
  const after = sql.join((page.after ?? key.map(() => "")).map((part) => sql`${part}`));
  const { rows } = await sql<Record<string, string>>`
    select ${names}, ${sql.ref(column)} as sealed from ${sql.table(table)}
    where ${sql.ref(column)} is not null and (${names}) > (${after})
    order by ${names} limit ${sql.lit(page.limit)}`.execute(db);
  return rows.map(({ sealed = "", ...row }) => ({
    key: key.map((part) => row[part] ?? ""),
    sealed,
  }));
}

/** Puts one envelope in the place of another; false when the column holds something else by now. */
export async function replaceSealedValue(
  db: Db,
  { table, column, key }: SealedColumn,
  change: SealedValue & { by: string },
): Promise<boolean> {
  const same = sql.join(
    key.map((part, index) => sql`${sql.ref(part)} = ${change.key[index]}`),
    sql` and `,
  );
  const { numAffectedRows } = await sql`update ${sql.table(table)}
    set ${sql.ref(column)} = ${change.by}
    where ${same} and ${sql.ref(column)} = ${change.sealed}`.execute(db);
  return (numAffectedRows ?? 0n) > 0n;
}
