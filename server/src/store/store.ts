import { Kysely, PostgresDialect, sql } from "kysely";
import type { Random } from "../lib/random.ts";
import { openPostgresPool } from "./postgres.ts";
import type { Db, Schema } from "./schema.ts";
import { sqliteDialect } from "./sqlite.ts";
import { transactionGuard } from "./transaction-guard.ts";

export type Engine = "sqlite" | "postgres";

/** The open database: verbs take `db`, or the handle that `transaction` gives its work. */
export type Store = {
  engine: Engine;
  db: Db;
  /**
   * Runs the work in one transaction: all of it or nothing, and answered only when durable.
   * PostgreSQL may run the work again after a conflict, so it must do nothing but use its handle.
   */
  transaction: <T>(work: (trx: Db) => Promise<T>) => Promise<T>;
  /** Rejects with StoreUnavailable when the database does not answer. */
  ping: () => Promise<void>;
  close: () => Promise<void>;
};

export type StoreOptions = ({ databaseUrl: string } | { sqliteFile: string }) & {
  /** Told of errors that belong to no caller, such as an idle connection that broke. */
  onError: (error: Error) => void;
  /** Spreads the retries of conflicting transactions. */
  random: Pick<Random, "integer">;
};

/** Opens the database without touching its tables (see migrate); PostgreSQL's driver is loaded only when asked for. */
export async function openStore(options: StoreOptions): Promise<Store> {
  return "sqliteFile" in options ? openSqlite(options.sqliteFile) : await openPostgres(options);
}

function openSqlite(file: string): Store {
  const guard = transactionGuard();
  const db = new Kysely<Schema>({ dialect: sqliteDialect(file, guard) });
  return {
    engine: "sqlite",
    db,
    transaction: (work) => db.transaction().execute((trx) => guard.run(() => work(trx))),
    ping: () => ping(db),
    close: () => db.destroy(),
  };
}

async function openPostgres(options: StoreOptions & { databaseUrl: string }): Promise<Store> {
  const guard = transactionGuard();
  const { pool, retryConflicts, settled } = await openPostgresPool({ ...options, guard });
  const db = new Kysely<Schema>({ dialect: new PostgresDialect({ pool }) });
  return {
    engine: "postgres",
    db,
    transaction: (work) =>
      retryConflicts(() =>
        // Snapshot isolation turns a lost update into a conflict that is retried; Aurora DSQL has nothing else.
        db
          .transaction()
          .setIsolationLevel("repeatable read")
          .execute((trx) => guard.run(() => work(trx))),
      ),
    ping: () => ping(db),
    async close() {
      await settled();
      await db.destroy();
      // Kysely ends the pool only once it has used it.
      await pool.end();
    },
  };
}

async function ping(db: Db): Promise<void> {
  await sql`select 1`.execute(db);
}
