import { chmodSync, closeSync, fstatSync, openSync, statSync } from "node:fs";
import { DatabaseSync, type SQLInputValue, type StatementSync } from "node:sqlite";
import {
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  type QueryResult,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from "kysely";
import { dropOldest } from "../lib/drop-oldest.ts";
import { type Flush, flushLog } from "./sqlite-flush.ts";
import { StoreUnavailable } from "./store-unavailable.ts";
import type { TransactionGuard } from "./transaction-guard.ts";

const BUSY_TIMEOUT_MS = 5_000;
const MAX_CACHED_STATEMENTS = 1_000;

/** A Kysely dialect over one SQLite file: durable commits, one connection, taken in turns. */
export function sqliteDialect(file: string, guard: TransactionGuard): Dialect {
  return {
    createDriver: () => new SqliteDriver(file, guard),
    createAdapter: () => new TurnTakingAdapter(),
    createQueryCompiler: () => new SqliteQueryCompiler(),
    createIntrospector: (db) => new SqliteIntrospector(db),
  };
}

/** Kysely's own mutex would wait before the guard could speak, so the driver takes turns itself. */
class TurnTakingAdapter extends SqliteAdapter {
  override get supportsMultipleConnections() {
    return true;
  }
}

class SqliteDriver implements Driver {
  readonly #file: string;
  readonly #guard: TransactionGuard;
  readonly #waiting: (() => void)[] = [];
  #taken = false;
  #connection: SqliteConnection | undefined;
  #flush: Flush | undefined;

  constructor(file: string, guard: TransactionGuard) {
    this.#file = file;
    this.#guard = guard;
  }

  async init(): Promise<void> {
    this.#connection = new SqliteConnection(openDatabase(this.#file), presence(this.#file));
    this.#flush = this.#file === ":memory:" ? undefined : flushLog(this.#file);
  }

  async acquireConnection(): Promise<DatabaseConnection> {
    this.#guard.refuseInside();
    if (!this.#connection) {
      throw new StoreUnavailable("The SQLite store is not open");
    }
    if (this.#taken) {
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
    this.#taken = true;
    return this.#connection;
  }

  /** Kysely answers its caller when this resolves: that one waits for the disk, and the next in turn does not. */
  async releaseConnection(): Promise<void> {
    const hasChanged = this.#connection?.takeChanged();
    this.#passOn();
    if (hasChanged) {
      await this.#flush?.commits();
    }
  }

  #passOn(): void {
    const next = this.#waiting.shift();
    if (next) {
      next();
    } else {
      this.#taken = false;
    }
  }

  async beginTransaction(): Promise<void> {
    this.#connection?.begin();
  }

  async commitTransaction(): Promise<void> {
    this.#connection?.commit();
  }

  async rollbackTransaction(): Promise<void> {
    this.#connection?.rollback();
  }

  async destroy(): Promise<void> {
    // In its turn, after all that was asked before; Kysely lets nobody queue behind it.
    await this.acquireConnection();
    await this.#flush?.close();
    this.#connection?.close();
    this.#connection = undefined;
  }
}

type Prepared = { statement: StatementSync; returnsRows: boolean; writes: boolean };

class SqliteConnection implements DatabaseConnection {
  readonly #database: DatabaseSync;
  readonly #isPresent: () => boolean;
  readonly #statements = new Map<string, Prepared>();
  #failed = false;
  #hasChanged = false;

  constructor(database: DatabaseSync, isPresent: () => boolean) {
    this.#database = database;
    this.#isPresent = isPresent;
  }

  async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    // Kysely types parameters as unknown; node:sqlite itself refuses what it cannot bind.
    const parameters = query.parameters as readonly SQLInputValue[];
    try {
      const { statement, returnsRows, writes } = this.#prepare(query.sql);
      if (writes) {
        // Within a transaction the commit asks.
        if (!this.#database.isTransaction) {
          this.#refuseLost();
        }
        this.#hasChanged = true;
      }
      if (returnsRows) {
        // The row type is what the query builder inferred for this statement.
        return { rows: statement.all(...parameters) as R[] };
      }
      return { rows: [], numAffectedRows: BigInt(statement.run(...parameters).changes) };
    } catch (error) {
      this.#failed = true;
      throw asStoreError(error);
    }
  }

  // biome-ignore lint/correctness/useYield: streaming is not offered; pages are read by key.
  async *streamQuery<R>(): AsyncIterableIterator<QueryResult<R>> {
    throw new Error("The store does not stream: read by pages");
  }

  begin(): void {
    this.#failed = false;
    // Not a deferred begin: a second process could otherwise take the write lock between our read and our write.
    this.#run("begin immediate");
  }

  commit(): void {
    // As PostgreSQL has it: nothing is committed after a failed statement, be its error caught.
    if (this.#failed) {
      throw new Error("A statement of the transaction failed, so nothing of it is committed");
    }
    this.#refuseLost();
    this.#run("commit");
  }

  /** Whether anything was changed since this was asked last. */
  takeChanged(): boolean {
    const hasChanged = this.#hasChanged;
    this.#hasChanged = false;
    return hasChanged;
  }

  rollback(): void {
    this.#hasChanged = false;
    // Some errors (disk full, I/O) make SQLite roll back by itself; a second rollback would hide them.
    if (this.#database.isTransaction) {
      this.#run("rollback");
    }
  }

  close(): void {
    this.#statements.clear();
    this.#database.close();
  }

  #run(sql: string): void {
    try {
      this.#database.exec(sql);
    } catch (error) {
      throw asStoreError(error);
    }
  }

  /** A deleted file stays writable to whoever has it open, and goes with this process. */
  #refuseLost(): void {
    if (!this.#isPresent()) {
      throw new StoreUnavailable("The SQLite database file was deleted or replaced");
    }
  }

  #prepare(sql: string): Prepared {
    const known = this.#statements.get(sql);
    if (known) {
      return known;
    }
    const statement = this.#database.prepare(sql);
    const prepared = {
      statement,
      returnsRows: statement.columns().length > 0,
      writes: !sql.startsWith("select"),
    };
    this.#statements.set(sql, prepared);
    dropOldest(this.#statements, MAX_CACHED_STATEMENTS);
    return prepared;
  }
}

function openDatabase(file: string): DatabaseSync {
  let database: DatabaseSync | undefined;
  try {
    if (file !== ":memory:") {
      makePrivate(file);
    }
    database = new DatabaseSync(file, {
      timeout: BUSY_TIMEOUT_MS,
      enableDoubleQuotedStringLiterals: false,
      defensive: true,
    });
    database.exec("pragma journal_mode = wal");
    // The order of commits is SQLite's part, that each is on the disk before it is answered is flushLog's.
    database.exec("pragma synchronous = normal");
    database.exec("pragma trusted_schema = off");
    // A burst of writes must not leave a log of that size on disk for ever.
    database.exec("pragma journal_size_limit = 67108864");
    return database;
  } catch (error) {
    database?.close();
    throw asStoreError(error);
  }
}

/** Tells whether the path still leads to the file that was opened. */
function presence(file: string): () => boolean {
  if (file === ":memory:") {
    return () => true;
  }
  const opened = statSync(file);
  return () => {
    const now = statSync(file, { throwIfNoEntry: false });
    return now?.ino === opened.ino && now.dev === opened.dev;
  };
}

/** SQLite gives its log files the mode of the database file, so this one decides for all three. */
function makePrivate(file: string): void {
  const descriptor = openSync(file, "a", 0o600);
  try {
    if (process.platform !== "win32" && (fstatSync(descriptor).mode & 0o077) !== 0) {
      chmodSync(file, 0o600);
    }
  } finally {
    closeSync(descriptor);
  }
}

/** SQLite's primary result codes for a file that is locked, full, read-only, broken or gone. */
const UNAVAILABLE_CODES = new Set([
  5, // SQLITE_BUSY
  6, // SQLITE_LOCKED
  8, // SQLITE_READONLY
  10, // SQLITE_IOERR
  11, // SQLITE_CORRUPT
  13, // SQLITE_FULL
  14, // SQLITE_CANTOPEN
  15, // SQLITE_PROTOCOL: gave up waiting for a lock of the log
  26, // SQLITE_NOTADB
]);

function asStoreError(error: unknown): unknown {
  if (!(error instanceof Error)) {
    return error;
  }
  const primary =
    "errcode" in error && typeof error.errcode === "number" ? error.errcode & 0xff : 0;
  const fromFileSystem = "syscall" in error;
  return UNAVAILABLE_CODES.has(primary) || fromFileSystem
    ? new StoreUnavailable(`The SQLite database is not available: ${error.message}`, {
        cause: error,
      })
    : error;
}
