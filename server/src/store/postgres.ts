import { createHash } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import type { PostgresPool, PostgresPoolClient, PostgresQueryResult } from "kysely";
import type { Pool, PoolClient, PoolConfig } from "pg";
import type { Random } from "../lib/random.ts";
import { isLocalDatabase } from "../lib/this-machine.ts";
import { StoreUnavailable } from "./store-unavailable.ts";
import type { TransactionGuard } from "./transaction-guard.ts";

const MAX_CONNECTIONS = 10;
const CONNECT_TIMEOUT_MS = 5_000;
const STATEMENT_TIMEOUT_MS = 15_000;
const LOCK_TIMEOUT_MS = 5_000;
/** The server's own timeout speaks first; this one is for a server that no longer speaks. */
const ANSWER_TIMEOUT_MS = STATEMENT_TIMEOUT_MS + 2_000;
/** Building an index on a large table takes as long as it takes. */
const SCHEMA_CHANGE_TIMEOUT_MS = 2 ** 31 - 1;
/** Each named statement costs the server memory on every connection, so later ones go unnamed. */
const MAX_NAMED_STATEMENTS = 1_000;
const MAX_TRIES = 10;
const INT8_OID = 20;

type Options = {
  databaseUrl: string;
  guard: TransactionGuard;
  onError: (error: Error) => void;
  random: Pick<Random, "integer">;
};

type RetryConflicts = <T>(work: () => Promise<T>) => Promise<T>;

export type OpenPool = {
  /** For Kysely: statements are prepared once a connection, failures are StoreUnavailable. */
  pool: PostgresPool;
  /** Runs the work again while it loses conflicts. */
  retryConflicts: RetryConflicts;
  /** Resolves when nobody waits for a connection or has one; a pool that is ended before would forget who waits. */
  settled: () => Promise<void>;
};

/** Makes a pool; the first statement connects it. */
export async function openPostgresPool(options: Options): Promise<OpenPool> {
  const { default: pg } = await import("pg");
  const pool = new pg.Pool({
    ...connectionSettings(options.databaseUrl),
    max: MAX_CONNECTIONS,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    statement_timeout: STATEMENT_TIMEOUT_MS,
    lock_timeout: LOCK_TIMEOUT_MS,
    idle_in_transaction_session_timeout: STATEMENT_TIMEOUT_MS,
    query_timeout: ANSWER_TIMEOUT_MS,
    keepAlive: true,
    application_name: "poolhouse",
    types: {
      // Every bigint of the schema is a time or a count, far below 2^53.
      getTypeParser: (oid: number, format?: "text" | "binary") =>
        oid === INT8_OID && format !== "binary" ? Number : pg.types.getTypeParser(oid, format),
    },
  });
  // An error event that nobody hears ends the process. The pool repeats those of idle clients, and only those.
  pool.on("connect", (client) => client.on("error", options.onError));
  pool.on("error", () => undefined);
  const inHand = new WorkInHand();
  const retry = conflictRetrier(options.random);
  return {
    pool: namingPool(pool, { guard: options.guard, retryConflicts: retry, inHand }),
    retryConflicts: (work) => inHand.during(() => retry(work)),
    settled: () => inHand.done(),
  };
}

class WorkInHand {
  #count = 0;
  #waiting: (() => void)[] = [];

  begin(): void {
    this.#count += 1;
  }

  end(): void {
    this.#count -= 1;
    if (this.#count === 0) {
      for (const tell of this.#waiting.splice(0)) {
        tell();
      }
    }
  }

  async during<T>(work: () => Promise<T>): Promise<T> {
    this.begin();
    try {
      return await work();
    } finally {
      this.end();
    }
  }

  async done(): Promise<void> {
    if (this.#count > 0) {
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }
}

/** TLS with a verified certificate, unless the server is on this machine or the URL says otherwise. */
export function connectionSettings(databaseUrl: string): PoolConfig {
  const url = URL.parse(databaseUrl);
  if (!url) {
    // The parser's own error would carry the text, and so the password, into the log.
    throw new TypeError("The database URL is not a URL");
  }
  const saysItself = [...url.searchParams.keys()].some((name) => name.startsWith("ssl"));
  return {
    connectionString: databaseUrl,
    ...(saysItself || isLocalDatabase(url) ? {} : { ssl: { rejectUnauthorized: true } }),
  };
}

function namingPool(
  pool: Pool,
  {
    guard,
    ...rest
  }: { guard: TransactionGuard } & Pick<ClientOptions, "retryConflicts" | "inHand">,
): PostgresPool {
  const names = new StatementNames();
  // Kysely keys its own state by client, so one client must always show the same face.
  const faces = new WeakMap<PoolClient, PostgresPoolClient>();
  let ended: Promise<void> | undefined;
  return {
    options: pool.options,
    end() {
      ended ??= pool.end();
      return ended;
    },
    async connect() {
      guard.refuseInside();
      rest.inHand.begin();
      const client = await pool.connect().catch((error: unknown) => {
        rest.inHand.end();
        throw unavailable(error);
      });
      const known = faces.get(client);
      if (known) {
        return known;
      }
      const face = namingClient(client, { names, ...rest });
      faces.set(client, face);
      return face;
    },
  };
}

type ClientOptions = {
  names: StatementNames;
  retryConflicts: RetryConflicts;
  inHand: WorkInHand;
};

function namingClient(
  client: PoolClient,
  { names, retryConflicts, inHand }: ClientOptions,
): PostgresPoolClient {
  let inTransaction = false;
  let broken = false;

  async function send<R>(text: string, values: readonly unknown[]) {
    const name = names.of(text);
    const query = { text, values: [...values], ...(name && { name }), ...timeoutOf(text) };
    try {
      // Kysely's result type is the part of pg's that it reads.
      return (await client.query(query)) as unknown as PostgresQueryResult<R>;
    } catch (error) {
      if (name && isStalePlan(error)) {
        names.renew(name);
      }
      if (!isUnavailable(error)) {
        throw error;
      }
      broken = true;
      throw unavailable(error);
    }
  }

  async function query<R>(
    text: string,
    values: readonly unknown[],
  ): Promise<PostgresQueryResult<R>> {
    if (/^(begin|start transaction)/.test(text)) {
      inTransaction = true;
      return await send<R>(text, values);
    }
    if (text === "commit" || text === "rollback") {
      inTransaction = false;
      return await send<R>(text, values);
    }
    // A lone statement that lost a conflict has changed nothing and can simply run again.
    return inTransaction
      ? await send<R>(text, values)
      : await retryConflicts(() => send<R>(text, values));
  }

  return {
    // Kysely also types a cursor form here, which only streaming uses; the store does not stream.
    query: query as PostgresPoolClient["query"],
    release(destroy) {
      inTransaction = false;
      client.release(destroy || broken);
      inHand.end();
    },
  };
}

function timeoutOf(text: string): { query_timeout?: number } {
  return /^(create|alter|drop) /.test(text) ? { query_timeout: SCHEMA_CHANGE_TIMEOUT_MS } : {};
}

/** One name for a text on every connection; a connection prepares what it meets under a new name. */
class StatementNames {
  readonly #names = new Map<string, string>();
  #generation = 0;

  of(text: string): string | undefined {
    const known = this.#names.get(text);
    if (known || this.#names.size >= MAX_NAMED_STATEMENTS) {
      return known;
    }
    const hash = createHash("sha256").update(text).digest("base64url").slice(0, 27);
    const name = `${this.#generation}_${hash}`;
    this.#names.set(text, name);
    return name;
  }

  /** Has every statement prepared anew, once for all connections that still know the given name. */
  renew(name: string): void {
    if (name.startsWith(`${this.#generation}_`)) {
      this.#generation += 1;
      this.#names.clear();
    }
  }
}

function conflictRetrier(random: Pick<Random, "integer">): RetryConflicts {
  return async (work) => {
    for (let tries = 1; ; tries += 1) {
      try {
        return await work();
      } catch (error) {
        if (!isConflict(error)) {
          throw error;
        }
        if (tries === MAX_TRIES) {
          throw new StoreUnavailable("The change kept conflicting with others", { cause: error });
        }
        await pause(random.integer(Math.min(2 ** tries, 250)));
      }
    }
  };
}

/** Only the server's own errors have a severity; EPIPE would otherwise pass for a state of five letters. */
function sqlState(error: unknown): string | undefined {
  const fromServer = error instanceof Error && "severity" in error && "code" in error;
  return fromServer ? String(error.code) : undefined;
}

/**
 * feature_not_supported, which no statement of ours meets otherwise: "cached plan must not change result type", said
 * of a prepared `select *` after a newer program has added a column.
 */
function isStalePlan(error: unknown): boolean {
  return sqlState(error) === "0A000";
}

/** serialization_failure and deadlock_detected: rolled back whole, safe to run again. */
function isConflict(error: unknown): boolean {
  const state = sqlState(error);
  return state === "40001" || state === "40P01" || isStalePlan(error);
}

/** Classes and codes of PostgreSQL's Appendix A that speak of the server and not of the statement. */
const UNAVAILABLE_STATES = /^(08...|53...|58...|57P0[1-4]|57014|55P03|25006|25P03|25P04|XX...)$/;

function isUnavailable(error: unknown): boolean {
  const state = sqlState(error);
  if (state !== undefined) {
    return UNAVAILABLE_STATES.test(state);
  }
  // Not from the server: a broken socket or a timeout of the driver, unless the call itself was wrong.
  return !(error instanceof TypeError || error instanceof RangeError);
}

function unavailable(error: unknown): StoreUnavailable {
  const reason = error instanceof Error ? error.message : "unknown";
  return new StoreUnavailable(`The PostgreSQL database is not available: ${reason}`, {
    cause: error,
  });
}
