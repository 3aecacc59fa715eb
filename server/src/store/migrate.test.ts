import { sql } from "kysely";
import { describe, expect, inject, it, onTestFinished, vi } from "vitest";
import { migrationsWithLongOne } from "../testing/long-migration.ts";
import { emptyPlace, engines, migratedPlace, openPlace } from "../testing/places.ts";
import { createDatabase } from "../testing/postgres.ts";
import { poolId, userRow } from "../testing/rows.ts";
import { startStoreProcess } from "../testing/store-processes.ts";
import { pageGroups } from "./groups.ts";
import { acquireLease } from "./leases.ts";
import { findMeta, putMeta } from "./meta.ts";
import { DatabaseTooNew, MIGRATIONS, migrate } from "./migrate.ts";
import type { Store } from "./store.ts";
import { insertUser, pageUsersByUsernamePrefix } from "./users.ts";

const options = { nowMs: Date.now, holder: "this process" };
/** A process that was killed holds its lease for a while; it is over by this clock. */
const later = { ...options, nowMs: () => Date.now() + 60_000 };
const nothing = async () => undefined;

async function open(place: Parameters<typeof openPlace>[0]): Promise<Store> {
  const store = await openPlace(place);
  onTestFinished(() => store.close());
  return store;
}

async function schemaOf({ db, engine }: Store) {
  const tables = await db.introspection.getTables();
  const indexes =
    engine === "sqlite"
      ? sql<{
          name: string;
        }>`select name from sqlite_master where type = 'index' and sql is not null`
      : sql<{ name: string }>`select indexname as name from pg_indexes
          where schemaname = 'public' and indexname not like '%_pkey'`;
  const { rows } = await indexes.execute(db);
  return {
    tables: tables
      .map(({ name, columns }) => ({
        name,
        columns: columns.map((column) => `${column.name}${column.isNullable ? "?" : ""}`),
      }))
      .sort((a, b) => (a.name < b.name ? -1 : 1)),
    indexes: rows.map((row) => row.name).sort(),
  };
}

describe.each(engines)("migrations on %s", async (engine) => {
  const whole = async () => await schemaOf(await open(await migratedPlace(engine)));

  it("make the same tables, columns and indexes as on the other engine", async () => {
    const [sqlite, postgres] = await Promise.all(
      engines.map(async (each) => await schemaOf(await open(await migratedPlace(each)))),
    );
    expect(sqlite).toEqual(postgres);
    expect(sqlite?.tables.map((table) => table.name)).toContain("users");
  });

  it("run once on an empty database when several processes start at once", async () => {
    const place = await emptyPlace(engine);
    const processes = await Promise.all([1, 2, 3].map(() => startStoreProcess(place)));
    await Promise.all(processes.map((process) => process.migrate()));
    await Promise.all(processes.map((process) => process.kill()));
    const store = await open(place);
    expect(await schemaOf(store)).toEqual(await whole());
    expect(await findMeta(store.db, "schema_version")).toBe(String(MIGRATIONS.length));
  });

  it("are finished by the next process when one is killed half way", async () => {
    const place = await migratedPlace(engine);
    const store = await open(place);
    await insertUser(store.db, userRow({ id: "there before" }));
    const killed = await startStoreProcess(place);
    await killed.stallInMigration();
    await killed.kill();
    const tableNames = async () => (await schemaOf(store)).tables.map((table) => table.name);
    // SQLite takes the half back; elsewhere a schema change is final, and the other half is added to it.
    expect((await tableNames()).includes("long_first")).toBe(engine === "postgres");
    expect(await tableNames()).not.toContain("long_second");
    expect(await findMeta(store.db, "schema_version")).toBe(String(MIGRATIONS.length));

    await migrate(store, { ...later, migrations: migrationsWithLongOne(nothing) });
    const { indexes } = await schemaOf(store);
    expect(await tableNames()).toEqual(expect.arrayContaining(["long_first", "long_second"]));
    expect(indexes).toEqual(
      expect.arrayContaining(["long_first_by_at_ms", "long_second_by_note_id"]),
    );
    expect(await findMeta(store.db, "schema_version")).toBe(String(MIGRATIONS.length + 1));
    const users = { userPoolId: poolId, prefix: "", limit: 10 };
    expect(await pageUsersByUsernamePrefix(store.db, users)).toHaveLength(1);
  });

  it("leave a whole database as it is, however often they run", async () => {
    const store = await open(await migratedPlace(engine));
    await putMeta(store.db, "kept", "yes");
    await migrate(store, options);
    await migrate(store, options);
    expect(await schemaOf(store)).toEqual(await whole());
    expect(await findMeta(store.db, "kept")).toBe("yes");
  });

  it.each(["2000000000", "soon", "1.5e9"])(
    "refuse a database of version %s untouched",
    async (version) => {
      const place = await emptyPlace(engine);
      const store = await open(place);
      await sql`create table meta (name text primary key, value text not null)`.execute(store.db);
      await putMeta(store.db, "schema_version", version);
      await expect(migrate(store, options)).rejects.toThrow(DatabaseTooNew);
      await expect(migrate(store, options)).rejects.toThrow("use a newer Poolhouse");
      expect((await schemaOf(store)).tables.map((table) => table.name)).toEqual(["meta"]);
    },
  );

  it("say what failed, and go on from there once it is mended", async () => {
    const store = await open(await migratedPlace(engine));
    const broken = migrationsWithLongOne(() => Promise.reject(new Error("no such luck")));
    await expect(migrate(store, { ...options, migrations: broken })).rejects.toThrow(
      "no such luck",
    );
    expect(await findMeta(store.db, "schema_version")).toBe(String(MIGRATIONS.length));
    await migrate(store, { ...options, migrations: migrationsWithLongOne(nothing) });
    expect(await findMeta(store.db, "schema_version")).toBe(String(MIGRATIONS.length + 1));
  });
});

describe("migrations on PostgreSQL", () => {
  it("never take the version back when a newer program went on meanwhile", async () => {
    const store = await open(await migratedPlace("postgres"));
    const migrations = migrationsWithLongOne(() => putMeta(store.db, "schema_version", "12"));
    await migrate(store, { ...options, migrations });
    expect(await findMeta(store.db, "schema_version")).toBe("12");
  });

  it("stop when another process has taken them over", async () => {
    const store = await open(await migratedPlace("postgres"));
    vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
    onTestFinished(() => void vi.useRealTimers());
    const lose = async () => {
      const thief = { name: "migrate", holder: "thief", durationMs: 60_000 };
      await acquireLease(store.db, { ...thief, nowMs: Date.now() + 60_000 });
      vi.advanceTimersByTime(2_000);
    };
    // Long enough for the renewal to be refused meanwhile.
    const look = () => sql`select 1`;
    const migrations = migrationsWithLongOne(lose, Array(500).fill(look));
    const migrating = migrate(store, { ...options, migrations });
    await expect(migrating).rejects.toThrow("Another process took the migration over");
    expect(await findMeta(store.db, "schema_version")).toBe(String(MIGRATIONS.length));
  });

  it("wait for the process that is at it", async () => {
    const store = await open(await migratedPlace("postgres"));
    const order: string[] = [];
    let second: Promise<void> | undefined;
    const first = migrationsWithLongOne(async () => {
      const migrations = migrationsWithLongOne(async () => void order.push("second"));
      second = migrate(store, { ...options, holder: "second", migrations });
      await store.ping();
      order.push("first");
    });
    await migrate(store, { ...options, migrations: first });
    await second;
    // When its turn comes, nothing is left to do.
    expect(order).toEqual(["first"]);
  });

  it.each([
    ["done", nothing],
    ["broken", () => Promise.reject(new Error("no such luck"))],
  ])("leave no connection without a time limit when they are %s", async (_, inTheMiddle) => {
    const store = await open(await migratedPlace("postgres"));
    const migrations = migrationsWithLongOne(inTheMiddle);
    await migrate(store, { ...options, migrations }).catch(() => undefined);
    const limits = await Promise.all(
      Array.from({ length: 10 }, () =>
        sql<{ statement_timeout: string }>`show statement_timeout`.execute(store.db),
      ),
    );
    expect(limits.map(({ rows }) => rows[0]?.statement_timeout)).toEqual(Array(10).fill("15s"));
  });

  it("order texts by their bytes in a database that was made for a language", async () => {
    const server = inject("postgresUrl");
    const store = await open({ databaseUrl: await createDatabase(server, { collation: "en-US" }) });
    await migrate(store, options);
    const times = { created_at_ms: 1, modified_at_ms: 1 };
    for (const name of ["a", "B", "-b", "Ä", "b"]) {
      await store.db
        .insertInto("groups")
        .values({ user_pool_id: poolId, name, ...times })
        .execute();
    }
    const groups = await pageGroups(store.db, { userPoolId: poolId, limit: 10 });
    expect(groups.map((group) => group.name)).toEqual(["-b", "B", "a", "b", "Ä"]);
  });
});
