import { chmodSync, mkdtempSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { sql } from "kysely";
import { describe, expect, inject, it, onTestFinished } from "vitest";
import { openPlace } from "../testing/places.ts";
import { insertOne } from "./atomic.ts";
import { findMeta, putMeta } from "./meta.ts";
import { migrate } from "./migrate.ts";
import type { Store } from "./store.ts";
import { StoreUnavailable } from "./store-unavailable.ts";

const newFolder = () => mkdtempSync(join(inject("folder"), "sqlite-"));

async function open(sqliteFile: string): Promise<Store> {
  const store = await openPlace({ sqliteFile });
  onTestFinished(() => store.close());
  return store;
}

async function openNew(): Promise<{ store: Store; file: string }> {
  const file = join(newFolder(), "store.db");
  const store = await open(file);
  await migrate(store, { nowMs: Date.now, holder: "test" });
  return { store, file };
}

const namesIn = async ({ db }: Store) => {
  const rows = await db.selectFrom("meta").select("name").where("name", "like", "row %").execute();
  return rows.map((row) => row.name).sort();
};

describe("a full SQLite disk", () => {
  const setRoom = async (store: Store, pages: number) => {
    const now = await sql<{ page_count: number }>`pragma page_count`.execute(store.db);
    const most = (now.rows[0]?.page_count ?? 0) + pages;
    await sql`pragma max_page_count = ${sql.lit(most)}`.execute(store.db);
  };
  const bulk = "x".repeat(2_000);

  it("refuses what does not fit, keeps what was acknowledged, and goes on when there is room", async () => {
    const { store, file } = await openNew();
    await setRoom(store, 10);
    const acknowledged: string[] = [];
    const errors: unknown[] = [];
    for (let n = 0; n < 60; n += 1) {
      const name = `row ${String(n).padStart(2, "0")}`;
      await insertOne(store.db.insertInto("meta").values({ name, value: bulk })).then(
        () => acknowledged.push(name),
        (error: unknown) => errors.push(error),
      );
    }
    expect(acknowledged.length).toBeGreaterThan(5);
    expect(errors.length).toBeGreaterThan(5);
    expect(errors.filter((error) => !(error instanceof StoreUnavailable))).toEqual([]);
    expect(await namesIn(store)).toEqual(acknowledged);
    await setRoom(store, 100);
    await putMeta(store.db, "row of later", bulk);
    await store.close();
    expect(await namesIn(await open(file))).toEqual([...acknowledged, "row of later"]);
  });

  it("leaves nothing of a transaction that does not fit as a whole", async () => {
    const { store } = await openNew();
    await setRoom(store, 10);
    const filling = store.transaction(async (trx) => {
      for (let n = 0; n < 60; n += 1) {
        await putMeta(trx, `row ${n}`, bulk);
      }
    });
    await expect(filling).rejects.toThrow(StoreUnavailable);
    expect(await namesIn(store)).toEqual([]);
    await store.transaction((trx) => putMeta(trx, "row 1", "small"));
    expect(await namesIn(store)).toEqual(["row 1"]);
  });
});

describe("a lost SQLite file", () => {
  it.each([
    ["deleted", (file: string) => rmSync(file)],
    ["moved away", (file: string) => renameSync(file, `${file}.moved`)],
    [
      "replaced by another",
      (file: string) => {
        renameSync(file, `${file}.moved`);
        writeFileSync(file, "");
      },
    ],
  ])("takes no change once it is %s", async (_, lose) => {
    const { store, file } = await openNew();
    await putMeta(store.db, "row 1", "before");
    lose(file);
    await expect(putMeta(store.db, "row 2", "lost")).rejects.toThrow(StoreUnavailable);
    const change = store.transaction((trx) => putMeta(trx, "row 3", "lost"));
    await expect(change).rejects.toThrow(StoreUnavailable);
    expect(await namesIn(store)).toEqual(["row 1"]);
  });

  it("does not commit a transaction during which it went", async () => {
    const { store, file } = await openNew();
    const change = store.transaction(async (trx) => {
      await putMeta(trx, "row 1", "lost");
      rmSync(file);
    });
    await expect(change).rejects.toThrow(StoreUnavailable);
  });

  it("is reported as unavailable when there is no such folder or it is no database", async () => {
    const folder = newFolder();
    const nowhere = await open(join(folder, "no such folder", "store.db"));
    await expect(nowhere.ping()).rejects.toThrow(StoreUnavailable);
    const file = join(folder, "text.db");
    writeFileSync(file, "This is no database, and longer than a header of SQLite. ".repeat(20));
    const text = await open(file);
    await expect(text.ping()).rejects.toThrow(StoreUnavailable);
  });

  it("is found again by the next call once it is back", async () => {
    const { store, file } = await openNew();
    renameSync(file, `${file}.moved`);
    await expect(putMeta(store.db, "row 1", "x")).rejects.toThrow(StoreUnavailable);
    renameSync(`${file}.moved`, file);
    await putMeta(store.db, "row 1", "x");
    expect(await namesIn(store)).toEqual(["row 1"]);
  });
});

describe("a SQLite file", () => {
  it("that another process keeps locked is unavailable, and of use again afterwards", async () => {
    const { store, file } = await openNew();
    await sql`pragma busy_timeout = 20`.execute(store.db);
    const other = new DatabaseSync(file);
    other.exec("begin immediate");
    await expect(putMeta(store.db, "row 1", "x")).rejects.toThrow(StoreUnavailable);
    const change = store.transaction((trx) => putMeta(trx, "row 2", "x"));
    await expect(change).rejects.toThrow(StoreUnavailable);
    expect(await namesIn(store)).toEqual([]);
    other.exec("rollback");
    other.close();
    await store.transaction((trx) => putMeta(trx, "row 3", "x"));
    expect(await namesIn(store)).toEqual(["row 3"]);
  });

  it("keeps its commits in order on the disk", async () => {
    const { store } = await openNew();
    const journal = await sql`pragma journal_mode`.execute(store.db);
    expect(journal.rows).toEqual([{ journal_mode: "wal" }]);
    const synchronous = await sql`pragma synchronous`.execute(store.db);
    // 1 is NORMAL: the log is synced before anything in it is moved to the database.
    expect(synchronous.rows).toEqual([{ synchronous: 1 }]);
  });

  it("answers no change before the log is flushed, and reads meanwhile", async () => {
    const file = join(newFolder(), "store.db");
    const first = await openPlace({ sqliteFile: file });
    await migrate(first, { nowMs: Date.now, holder: "test" });
    await first.close();
    const store = await open(file);
    await store.ping();
    // Found by no flush any more, while SQLite goes on writing to it.
    renameSync(`${file}-wal`, `${file}-wal.moved`);
    await expect(putMeta(store.db, "row 1", "x")).rejects.toThrow("could not be flushed");
    const change = store.transaction((trx) => putMeta(trx, "row 2", "x"));
    await expect(change).rejects.toThrow("could not be flushed");
    await expect(change).rejects.toThrow(StoreUnavailable);
    expect(await store.transaction((trx) => findMeta(trx, "row 1"))).toBe("x");
    const undone = store.transaction(async (trx) => {
      await putMeta(trx, "row 2", "y");
      throw new Error("undone");
    });
    await expect(undone).rejects.toThrow("undone");
    renameSync(`${file}-wal.moved`, `${file}-wal`);
    await putMeta(store.db, "row 3", "x");
    expect(await namesIn(store)).toEqual(["row 1", "row 2", "row 3"]);
  });

  it.runIf(process.platform !== "win32")(
    "is readable by its owner alone, its logs too",
    async () => {
      const { store, file } = await openNew();
      await putMeta(store.db, "row 1", "x");
      const modes = ["", "-wal", "-shm"].map((end) => statSync(`${file}${end}`).mode & 0o777);
      expect(modes).toEqual([0o600, 0o600, 0o600]);
    },
  );

  it.runIf(process.platform !== "win32")("is made private if it was not", async () => {
    const file = join(newFolder(), "open.db");
    writeFileSync(file, "");
    chmodSync(file, 0o644);
    await (await open(file)).ping();
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it("is read anew after another process has changed its tables", async () => {
    const { store, file } = await openNew();
    const read = () => store.db.selectFrom("meta").selectAll().where("name", "=", "row").execute();
    await putMeta(store.db, "row", "x");
    expect(await read()).toEqual([{ name: "row", value: "x" }]);
    const newer = new DatabaseSync(file);
    newer.exec("alter table meta add column note text");
    newer.close();
    expect(await read()).toEqual([{ name: "row", value: "x", note: null }]);
    await putMeta(store.db, "row", "y");
    expect(await findMeta(store.db, "row")).toBe("y");
  });

  it("takes any number of different statements", async () => {
    const { store } = await openNew();
    for (let n = 0; n < 1_100; n += 1) {
      const { rows } = await sql<{ n: number }>`select ${sql.lit(n)} as n`.execute(store.db);
      expect(rows).toEqual([{ n }]);
    }
  });

  it("is not streamed", async () => {
    const { store } = await openNew();
    const rows = store.db.selectFrom("meta").selectAll().stream();
    await expect(rows.next()).rejects.toThrow("read by pages");
    await store.ping();
  });
});
