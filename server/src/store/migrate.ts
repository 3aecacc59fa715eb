import { setTimeout as pause } from "node:timers/promises";
import { sql } from "kysely";
import { acquireLease, releaseLease, renewLease } from "./leases.ts";
import { initial } from "./migrations/0001-initial.ts";
import { signInFactors } from "./migrations/0002-sign-in-factors.ts";
import { hostedLogin } from "./migrations/0003-hosted-login.ts";
import { type Migration, type Step, table } from "./migrations/definition.ts";
import type { Db } from "./schema.ts";
import type { Store } from "./store.ts";

/** All migrations, oldest first; the schema's version is how many have been applied. */
export const MIGRATIONS: readonly Migration[] = [initial, signInFactors, hostedLogin];

const VERSION = "schema_version";
const LEASE = "migrate";
const LEASE_MS = 10_000;
const RENEW_EVERY_MS = 2_000;
const LOOK_AGAIN_AFTER_MS = 50;
const MAX_TRIES = 20;

/** unique_violation in the catalogue, duplicate_table, duplicate_object: another process was first. */
const ALREADY_THERE = new Set(["23505", "42P07", "42710"]);

/** The tables that the runner itself stands on. */
const FOUNDATION = [
  table("meta", { name: "text", value: "text" }, ["name"]),
  table("leases", { name: "text", holder: "text", until_ms: "bigint" }, ["name"]),
];

/** The database was written by a newer program than this one. */
export class DatabaseTooNew extends Error {
  override readonly name = "DatabaseTooNew";
}

export type MigrateOptions = {
  /** The machine's clock, not one that can be moved. */
  nowMs: () => number;
  /** Unlike that of any other process. */
  holder: string;
  migrations?: readonly Migration[];
};

/**
 * Brings the schema up to this program's; one read when it is there already. Several processes may start at
 * once and any may be killed: every step can run again, and the version moves only after the last one.
 */
export async function migrate(store: Store, options: MigrateOptions): Promise<void> {
  const migrations = options.migrations ?? MIGRATIONS;
  if ((await appliedVersion(store.db, migrations)) === migrations.length) {
    return;
  }
  const dialect = { text: await textType(store), engine: store.engine };
  if (store.engine === "sqlite") {
    // Schema changes are transactional here, and the write lock keeps other processes out.
    await store.transaction(async (trx) => {
      await runSteps(
        trx,
        FOUNDATION.map((step) => step(dialect)),
      );
      await applyFrom(trx, migrations, { ...options, dialect });
    });
    return;
  }
  await createFoundation(store.db, dialect);
  await holdingLease(store.db, options, (checkLease) =>
    store.db.connection().execute(async (db) => {
      // An index on a large table may take longer than any request should.
      await sql`set statement_timeout = 0`.execute(db);
      try {
        await applyFrom(db, migrations, { ...options, dialect, checkLease });
      } finally {
        await sql`reset statement_timeout`.execute(db);
      }
    }),
  );
}

type Dialect = Parameters<Step>[0];
type ApplyOptions = { dialect: Dialect; checkLease?: () => void };

async function applyFrom(
  db: Db,
  migrations: readonly Migration[],
  { dialect, checkLease }: ApplyOptions,
): Promise<void> {
  const version = await appliedVersion(db, migrations);
  for (const [position, migration] of migrations.entries()) {
    if (position >= version) {
      await runSteps(
        db,
        migration.steps.map((step) => step(dialect)),
        checkLease,
      );
      await raiseVersion(db, position + 1);
    }
  }
}

/** Only upwards: another process, or a newer program, may have gone on while this one stood still. */
async function raiseVersion(db: Db, version: number): Promise<void> {
  const value = String(version);
  await db
    .insertInto("meta")
    .values({ name: VERSION, value })
    .onConflict((conflict) =>
      conflict
        .column("name")
        .doUpdateSet({ value })
        .where(sql`cast(meta.value as integer)`, "<", version),
    )
    .execute();
}

/** How many migrations the database has had; refuses one from the future. */
async function appliedVersion(db: Db, migrations: readonly Migration[]): Promise<number> {
  let value: string | undefined;
  try {
    const row = await db
      .selectFrom("meta")
      .select("value")
      .where("name", "=", VERSION)
      .executeTakeFirst();
    value = row?.value;
  } catch (error) {
    if (!isMissingTable(error)) {
      throw error;
    }
  }
  const version = Number(value ?? 0);
  if (!(version <= migrations.length)) {
    throw new DatabaseTooNew(
      `The database has schema version ${value}, this program knows up to ${migrations.length}: use a newer Poolhouse`,
    );
  }
  return version;
}

/** 42P01 is PostgreSQL's undefined_table; SQLite has only its sentence. */
function isMissingTable(error: unknown): boolean {
  return (
    error instanceof Error &&
    (("code" in error && error.code === "42P01") || error.message.startsWith("no such table"))
  );
}

async function runSteps(
  db: Db,
  steps: readonly { execute: (db: Db) => Promise<unknown> }[],
  checkLease?: () => void,
): Promise<void> {
  for (const step of steps) {
    checkLease?.();
    await step.execute(db);
  }
}

/**
 * Keys are compared and ordered by their bytes on every engine. A database made with a language's collation
 * orders otherwise (and its indexes break when the C library changes), so there the columns say it.
 */
async function textType(store: Store): Promise<string> {
  if (store.engine === "sqlite") {
    return "text";
  }
  const { rows } = await sql<{
    bytewise: boolean;
  }>`select 'B' < 'a' and '-b' < 'a' as bytewise`.execute(store.db);
  return rows[0]?.bytewise ? "text" : 'text collate "C"';
}

/** Two processes that create the same table at once can collide in PostgreSQL's own catalogue. */
async function createFoundation(db: Db, dialect: Dialect): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      await runSteps(
        db,
        FOUNDATION.map((step) => step(dialect)),
      );
      return;
    } catch (error) {
      const state = error instanceof Error && "code" in error ? error.code : undefined;
      if (tries === MAX_TRIES || !ALREADY_THERE.has(String(state))) {
        throw error;
      }
      await pause(LOOK_AGAIN_AFTER_MS);
    }
  }
}

/** A lease with an end, not an advisory lock: CockroachDB and Aurora DSQL have none. */
async function holdingLease(
  db: Db,
  { nowMs, holder }: MigrateOptions,
  work: (checkLease: () => void) => Promise<void>,
): Promise<void> {
  const lease = { name: LEASE, holder };
  while (!(await acquireLease(db, { ...lease, nowMs: nowMs(), durationMs: LEASE_MS }))) {
    await pause(LOOK_AGAIN_AFTER_MS);
  }
  let lost: Error | undefined;
  const renewal = setInterval(() => {
    renewLease(db, { ...lease, nowMs: nowMs(), durationMs: LEASE_MS }).then(
      (held) => {
        lost ??= held ? undefined : new Error("Another process took the migration over");
      },
      (error: Error) => {
        lost ??= error;
      },
    );
  }, RENEW_EVERY_MS);
  try {
    await work(() => {
      if (lost) {
        throw lost;
      }
    });
  } finally {
    clearInterval(renewal);
    await releaseLease(db, lease);
  }
}
