import { sql } from "kysely";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { migratedPlace, openPlace } from "../testing/places.ts";
import { type PostgresServer, startPostgres } from "../testing/postgres.ts";
import { addToMeta, findMeta, fixMeta, putMeta } from "./meta.ts";
import { migrate } from "./migrate.ts";
import { connectionSettings } from "./postgres.ts";
import { StoreUnavailable } from "./store-unavailable.ts";

async function open(databaseUrl: string) {
  const store = await openPlace({ databaseUrl });
  onTestFinished(() => store.close());
  return store;
}

async function openNew() {
  const place = await migratedPlace("postgres");
  const databaseUrl = "databaseUrl" in place ? place.databaseUrl : "";
  return { store: await open(databaseUrl), databaseUrl };
}

/** Says something to the database as its administrator. */
async function administrate(databaseUrl: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  await client.query(statement);
  await client.end();
}

const eventually = <T>(look: () => T) => expect.poll(look, { timeout: 20_000, interval: 20 });

describe("a PostgreSQL server that crashes", () => {
  let server: PostgresServer;
  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(() => server.stop());

  it("costs errors only while it is down, and nothing that was acknowledged", async () => {
    const store = await open(server.url);
    await migrate(store, { nowMs: Date.now, holder: "test" });
    const acknowledged: string[] = [];
    const errors: unknown[] = [];
    let stopped = false;
    const writer = async (name: string) => {
      for (let n = 0; !stopped; n += 1) {
        const row = `${name} ${n}`;
        const write = (db = store.db) => putMeta(db, row, "yes");
        await (n % 2 ? write() : store.transaction(write)).then(
          () => acknowledged.push(row),
          (error: unknown) => errors.push(error),
        );
        // Refusals come without a wait, and would keep everything else from its turn.
        await new Promise((resolve) => setImmediate(resolve));
      }
    };
    const writers = Promise.all(Array.from({ length: 15 }, (_, n) => writer(`writer ${n}`)));
    await eventually(() => acknowledged.length).toBeGreaterThan(100);
    await server.crash();
    await eventually(() => errors.length).toBeGreaterThan(50);
    await expect(store.ping()).rejects.toThrow(StoreUnavailable);
    await server.start();
    const state = () =>
      store.ping().then(
        () => "up",
        () => "down",
      );
    await eventually(state).toBe("up");
    const errorsBefore = errors.length;
    const acknowledgedBefore = acknowledged.length;
    await eventually(() => acknowledged.length).toBeGreaterThan(acknowledgedBefore + 100);
    stopped = true;
    await writers;
    // Each writer may still have been in an attempt that began before.
    expect(errors.length - errorsBefore).toBeLessThanOrEqual(15);
    expect(errors.filter((error) => !(error instanceof StoreUnavailable))).toEqual([]);
    const rows = await store.db.selectFrom("meta").select("name").execute();
    const names = new Set(rows.map((row) => row.name));
    expect(acknowledged.filter((name) => !names.has(name))).toEqual([]);
    expect(store.reported.length).toBeGreaterThan(0);
  });

  it("leaves nothing of a transaction that it interrupts, and its caller knows", async () => {
    const store = await open(server.url);
    const change = store.transaction(async (trx) => {
      await putMeta(trx, "half", "done");
      await server.crash();
      await server.start();
      await putMeta(trx, "other half", "done");
    });
    await expect(change).rejects.toThrow(StoreUnavailable);
    expect(await findMeta(store.db, "half")).toBeUndefined();
    expect(await findMeta(store.db, "other half")).toBeUndefined();
  });
});

describe("a PostgreSQL store", () => {
  it("replaces connections that the server ends, idle or at work", async () => {
    const { store, databaseUrl } = await openNew();
    const end = `select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and pid <> pg_backend_pid()`;
    await store.ping();
    await administrate(databaseUrl, end);
    await eventually(() => store.reported.length).toBe(1);
    await putMeta(store.db, "after", "idle");
    const change = store.transaction(async (trx) => {
      await putMeta(trx, "after", "work");
      await administrate(databaseUrl, end);
      await putMeta(trx, "after", "all");
    });
    await expect(change).rejects.toThrow(StoreUnavailable);
    expect(await findMeta(store.db, "after")).toBe("idle");
  });

  it.each([
    ["a statement takes too long", "set local statement_timeout = 20"],
    ["a lock is waited for too long", "set local lock_timeout = 20"],
  ])("is unavailable when %s, and of use again at once", async (_, limit) => {
    const { store, databaseUrl } = await openNew();
    const other = await open(databaseUrl);
    await putMeta(store.db, "row", "before");
    await other.transaction(async (holder) => {
      await putMeta(holder, "row", "held");
      const waiting = store.transaction(async (trx) => {
        await sql.raw(limit).execute(trx);
        await addToMeta(trx, "count", 1);
        await sql`update meta set value = 'mine' where name = 'row'`.execute(trx);
      });
      await expect(waiting).rejects.toThrow(StoreUnavailable);
      expect(await findMeta(store.db, "count")).toBeUndefined();
    });
    expect(await findMeta(store.db, "row")).toBe("held");
  });

  it("is unavailable while its server takes no changes", async () => {
    const { store, databaseUrl } = await openNew();
    const name = new URL(databaseUrl).pathname.slice(1);
    const setting = `alter database ${name} set default_transaction_read_only`;
    await administrate(databaseUrl, `${setting} = on`);
    await expect(putMeta(store.db, "row", "x")).rejects.toThrow(StoreUnavailable);
    await administrate(databaseUrl, `begin; set transaction read write; ${setting} = off; commit`);
    await putMeta(store.db, "row", "y");
    expect(await findMeta(store.db, "row")).toBe("y");
  });

  it("is unavailable when there is no such server, database or user", async () => {
    const { databaseUrl } = await openNew();
    const nobody = new URL(databaseUrl);
    nobody.username = "nobody";
    const nowhere = new URL(databaseUrl);
    nowhere.pathname = "nowhere";
    const urls = [nobody.href, nowhere.href, "postgres://postgres@127.0.0.1:1/postgres"];
    for (const url of urls) {
      const store = await open(url);
      await expect(store.ping()).rejects.toThrow(StoreUnavailable);
    }
  });

  it("lets an error of the statement itself through as it is", async () => {
    const { store } = await openNew();
    await expect(sql`select nonsense`.execute(store.db)).rejects.toThrow(
      'column "nonsense" does not exist',
    );
    const row = { name: "row", value: "x" };
    await fixMeta(store.db, row.name, row.value);
    const again = store.db.insertInto("meta").values(row).execute();
    await expect(again).rejects.toThrow("duplicate key");
  });

  it("prepares a statement once a connection", async () => {
    const { store } = await openNew();
    await store.db.connection().execute(async (db) => {
      for (let n = 0; n < 5; n += 1) {
        await findMeta(db, `row ${n}`);
      }
      const { rows } = await sql<{ calls: number }>`select generic_plans + custom_plans as calls
        from pg_prepared_statements where statement like 'select "value" from "meta"%'`.execute(db);
      expect(rows).toEqual([{ calls: 5 }]);
    });
  });

  it("reads anew, on every connection, after a newer program has changed the tables", async () => {
    const { store, databaseUrl } = await openNew();
    await putMeta(store.db, "row", "x");
    const read = (db = store.db) =>
      db.selectFrom("meta").selectAll().where("name", "=", "row").execute();
    const onAllConnections = () => Promise.all(Array.from({ length: 10 }, () => read()));
    await onAllConnections();
    await administrate(databaseUrl, "alter table meta add column note text");
    const row = { name: "row", value: "x", note: null };
    expect(await store.transaction((trx) => read(trx))).toEqual([row]);
    expect(await onAllConnections()).toEqual(Array(10).fill([row]));
    await administrate(databaseUrl, "alter table meta add column more text");
    expect(await read()).toEqual([{ ...row, more: null }]);
  });

  it("takes any number of different statements", async () => {
    const { store } = await openNew();
    await store.transaction(async (trx) => {
      for (let n = 0; n < 1_100; n += 1) {
        const { rows } = await sql<{ n: number }>`select ${sql.lit(n)} as n`.execute(trx);
        expect(rows).toEqual([{ n }]);
      }
    });
  });
});

describe("the connection to PostgreSQL", () => {
  it.each([
    "postgres://localhost/db",
    "postgres://user:secret@localhost:5433/db",
    "postgres://127.0.0.1/db",
    "postgres://127.9.9.9/db",
    "postgres://[::1]/db",
    "postgres:///db",
    "postgres://localhost/db?host=/var/run/postgresql",
    "postgres://%2Fvar%2Frun%2Fpostgresql/db",
  ])("needs no TLS on this machine: %s", (url) => {
    expect(connectionSettings(url)).toEqual({ connectionString: url });
  });

  it.each([
    "postgres://db.example.com/db",
    "postgres://127.0.0.1.example.com/db",
    "postgres://localhost.example.com/db",
    "postgres://10.0.0.1/db",
    "postgres://localhost/db?host=db.example.com",
    "postgres://user:ssl@db.example.com/db?application_name=sslmode",
  ])("is by TLS with a verified certificate elsewhere: %s", (url) => {
    const ssl = { rejectUnauthorized: true };
    expect(connectionSettings(url)).toEqual({ connectionString: url, ssl });
  });

  it("is as its URL says where that speaks of TLS", () => {
    const url = "postgres://db.example.com/db?sslmode=disable";
    expect(connectionSettings(url)).toEqual({ connectionString: url });
  });

  it("is refused, without repeating the password, when it is no URL", () => {
    const refusal = (url: string) => {
      try {
        return connectionSettings(url);
      } catch (error) {
        return error;
      }
    };
    const error = refusal("postgres://user:secret@db example.com/db");
    expect(error).toBeInstanceOf(TypeError);
    expect(JSON.stringify(Object.getOwnPropertyDescriptors(error))).not.toContain("secret");
    expect(String(error)).toContain("not a URL");
  });
});
