/**
 * Many users at once, straight into the database: through the API each would cost a password hash. Every one is a copy of
 * a user that was made through the API, in all tables that hold one, under another id and another address.
 */
import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import pg from "pg";
import type { Poolhouse } from "./poolhouse.ts";
import type { BenchUser } from "./pools.ts";

/** Every table that AdminCreateUser writes a user into, with the column that says whose row it is. */
const tables = [
  ["users", "id"],
  ["user_aliases", "user_id"],
  ["user_attributes", "user_id"],
] as const;

const BATCH = 1_000;

type Row = Record<string, string | number | null>;
type Database = {
  read(table: string, column: string, id: string): Promise<Row[]>;
  insert(table: string, rows: readonly Row[]): Promise<void>;
  close(): Promise<void>;
};

/** An installation, and the users of one of its pools. */
type Filled = Pick<Poolhouse, "dataDir" | "databaseUrl" | "users">;

/** Adds users until the pool has so many; answers the added ones. */
export async function loadUsers(installation: Filled, upTo: number): Promise<BenchUser[]> {
  const [template] = installation.users;
  if (!template) throw new Error("there is no user to copy");
  const database = await open(installation);
  try {
    const copies: BenchUser[] = [];
    for (let n = installation.users.length; n < upTo; n++) {
      copies.push({ email: `loaded-${n}@example.com`, sub: randomUUID() });
    }
    for (const [table, column] of tables) {
      const rows = await database.read(table, column, template.sub);
      for (let at = 0; at < copies.length; at += BATCH) {
        const batch = copies.slice(at, at + BATCH);
        await database.insert(
          table,
          batch.flatMap((copy) => rows.map((row) => copied(row, template, copy))),
        );
      }
    }
    return copies;
  } finally {
    await database.close();
  }
}

function copied(row: Row, from: BenchUser, to: BenchUser): Row {
  return Object.fromEntries(
    Object.entries(row).map(([column, value]) => [
      column,
      typeof value === "string"
        ? value.replaceAll(from.sub, to.sub).replaceAll(from.email, to.email)
        : value,
    ]),
  );
}

async function open({ dataDir, databaseUrl }: Filled): Promise<Database> {
  return databaseUrl ? openPostgres(databaseUrl) : openSqlite(join(dataDir, "poolhouse.db"));
}

function openSqlite(file: string): Database {
  const database = new DatabaseSync(file, { timeout: 5_000 });
  return {
    async read(table, column, id) {
      return database.prepare(`select * from ${table} where ${column} = ?`).all(id) as Row[];
    },
    async insert(table, rows) {
      const columns = Object.keys(rows[0] ?? {});
      const statement = database.prepare(
        `insert into ${table} (${columns.join(", ")}) values (${columns.map(() => "?").join(", ")})`,
      );
      database.exec("begin immediate");
      for (const row of rows) statement.run(...columns.map((column) => row[column] ?? null));
      database.exec("commit");
    },
    close: async () => database.close(),
  };
}

async function openPostgres(connectionString: string): Promise<Database> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  return {
    async read(table, column, id) {
      return (await client.query<Row>(`select * from ${table} where ${column} = $1`, [id])).rows;
    },
    async insert(table, rows) {
      await client.query(
        `insert into ${table} select * from json_populate_recordset(null::${table}, $1)`,
        [JSON.stringify(rows)],
      );
    },
    async close() {
      // What autovacuum would do by itself a minute later.
      for (const [table] of tables) await client.query(`vacuum analyze ${table}`);
      await client.end();
    },
  };
}
