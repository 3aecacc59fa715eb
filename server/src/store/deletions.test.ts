import { sql } from "kysely";
import { afterAll, describe, expect, it } from "vitest";
import { engines, testStore } from "../testing/places.ts";
import { challengeRow, refreshTokenRow, tokenFamilyRow, userRow } from "../testing/rows.ts";
import {
  type DeletionRow,
  deleteVerifierDeletions,
  finishDeletion,
  insertDeletion,
  pageDeletions,
} from "./deletions.ts";
import type { Db, NewRow, Schema } from "./schema.ts";
import { findTokenFamily } from "./token-families.ts";
import { findUserPool, insertUserPool } from "./user-pools.ts";
import { findUser, insertUser } from "./users.ts";

type Owner = { pool: string; user: string };
type Table = { name: keyof Schema; columns: { name: string; isText: boolean }[] };

/** The tables as the database itself has them, so that one which nobody thought of here is seen too. */
async function tablesOf(db: Db): Promise<Table[]> {
  const tables = await db.introspection.getTables();
  return tables.map(({ name, columns }) => ({
    name: name as keyof Schema,
    columns: columns.map((column) => ({
      name: column.name,
      isText: column.dataType.toLowerCase() === "text",
    })),
  }));
}

const has = (table: Table, column: string) => table.columns.some(({ name }) => name === column);
const userColumn = (table: Table) => (table.name === "users" ? "id" : "user_id");

/** Puts a row of an owner into a table; what is neither pool nor user is unlike that of any other row. */
async function fill(db: Db, table: Table, { pool, user }: Owner): Promise<void> {
  const values: Record<string, string | number | null> = Object.fromEntries(
    table.columns.map(({ name, isText }) => [name, isText ? `${pool} ${user} ${name}` : 1]),
  );
  values["user_pool_id"] = pool;
  if (has(table, userColumn(table))) {
    values[userColumn(table)] = user;
  }
  if (table.name === "deletions") {
    values["client_id"] = null;
    values["verifiers_only"] = null;
  }
  if (table.name === "audit_events") {
    values["seq"] = null;
  }
  const columns = sql.join(Object.keys(values).map((name) => sql.ref(name)));
  await sql`insert into ${sql.table(table.name)} (${columns})
    values (${sql.join(Object.values(values))})`.execute(db);
}

async function count(db: Db, table: Table, owner: Partial<Owner>): Promise<number> {
  const conditions = [
    ...(owner.pool ? [sql`user_pool_id = ${owner.pool}`] : []),
    ...(owner.user ? [sql`${sql.ref(userColumn(table))} = ${owner.user}`] : []),
  ];
  const { rows } = await sql`select 1 from ${sql.table(table.name)}
    where ${sql.join(conditions, sql` and `)}`.execute(db);
  return rows.length;
}

const poolRow = (id: string) => ({
  id,
  name: "pool",
  settings: "{}",
  extensions: "{}",
  created_at_ms: 1,
  modified_at_ms: 1,
});

async function finish(db: Db, given: Partial<NewRow<"deletions">>): Promise<void> {
  const id = `${given.user_pool_id} ${given.user_id}`;
  const deletion = { id, user_pool_id: "pool", created_at_ms: 1, ...given };
  await insertDeletion(db, deletion);
  await finishDeletion(db, await noted(db, deletion.id));
}

async function noted(db: Db, id: string): Promise<DeletionRow> {
  const rows = await pageDeletions(db, { limit: 100 });
  const row = rows.find((each) => each.id === id);
  if (!row) {
    throw new Error(`No deletion ${id}`);
  }
  return row;
}

describe.each(engines)("deletions on %s", async (engine) => {
  const { db, close } = await testStore(engine);
  afterAll(close);
  const tables = (await tablesOf(db)).filter((table) => has(table, "user_pool_id"));
  const stays = (table: Table) => table.name === "audit_events";

  it("leave no row of a deleted pool in any table, and every row of the others", async () => {
    const owners = ["gone", "stays"].flatMap((pool) =>
      ["ada", "bob"].map((user) => ({ pool, user })),
    );
    await insertUserPool(db, poolRow("gone"));
    await insertUserPool(db, poolRow("stays"));
    for (const table of tables) {
      for (const owner of owners) {
        await fill(db, table, owner);
      }
    }
    await finish(db, { id: "the pool", user_pool_id: "gone", user_id: null });
    for (const table of tables) {
      const left = { table: table.name, rows: await count(db, table, { pool: "gone" }) };
      expect(left).toEqual({ table: table.name, rows: stays(table) ? 2 : 0 });
      const kept = { table: table.name, rows: await count(db, table, { pool: "stays" }) };
      expect(kept).toEqual({ table: table.name, rows: 2 });
    }
    expect(await findUserPool(db, "gone")).toBeUndefined();
    expect(await findUserPool(db, "stays")).toBeDefined();
  });

  it("leave no row of a deleted user in any table, and every row of the others", async () => {
    const ofUsers = tables.filter(
      (table) => has(table, userColumn(table)) && table.name !== "deletions",
    );
    expect(ofUsers.map((table) => table.name)).toContain("users");
    const owners = [
      { pool: "users", user: "carol" },
      { pool: "users", user: "dave" },
      { pool: "others", user: "carol" },
    ];
    const [gone = { pool: "", user: "" }, ...kept] = owners;
    for (const table of ofUsers) {
      for (const owner of owners) {
        await fill(db, table, owner);
      }
    }
    await finish(db, { user_pool_id: gone.pool, user_id: gone.user });
    for (const table of ofUsers) {
      const left = { table: table.name, rows: await count(db, table, gone) };
      expect(left).toEqual({ table: table.name, rows: stays(table) ? 1 : 0 });
      for (const owner of kept) {
        const rows = { table: table.name, rows: await count(db, table, owner) };
        expect(rows).toEqual({ table: table.name, rows: 1 });
      }
    }
  });

  it("are done when they say so, however many rows there are and whoever does them at once", async () => {
    const tokens = Array.from({ length: 1_200 }, (_, n) =>
      refreshTokenRow({ token_hash: `many ${n}`, user_pool_id: "many", user_id: "erin" }),
    );
    for (let start = 0; start < tokens.length; start += 400) {
      await db
        .insertInto("refresh_tokens")
        .values(tokens.slice(start, start + 400))
        .execute();
    }
    await insertDeletion(db, {
      id: "many",
      user_pool_id: "many",
      user_id: "erin",
      created_at_ms: 1,
    });
    const deletion = await noted(db, "many");
    const left = await Promise.all(
      [1, 2, 3].map(async () => {
        await finishDeletion(db, deletion);
        const rows = db.selectFrom("refresh_tokens").select("token_hash");
        return await rows.where("user_pool_id", "=", "many").execute();
      }),
    );
    expect(left).toEqual([[], [], []]);
    await expect(noted(db, "many")).rejects.toThrow("No deletion");
  });

  it("are noted once by their id, and paged by it", async () => {
    const note = (id: string) =>
      insertDeletion(db, { id, user_pool_id: "paged", user_id: "x", created_at_ms: 1 });
    expect(await note("page b")).toBe(true);
    expect(await note("page b")).toBe(false);
    expect(await note("page a")).toBe(true);
    const page = (after: string) => pageDeletions(db, { after, limit: 1 });
    expect(await page("page")).toMatchObject([{ id: "page a" }]);
    expect(await page("page a")).toMatchObject([
      { id: "page b", client_id: null, verifiers_only: null },
    ]);
  });

  it("of the sign-ins by one client end those, and no others", async () => {
    for (const client of ["web", "app"]) {
      const owner = { user_pool_id: "clients", client_id: client };
      await db
        .insertInto("challenges")
        .values(challengeRow({ handle_hash: `by ${client}`, ...owner }))
        .execute();
      await db
        .insertInto("token_families")
        .values(tokenFamilyRow({ id: `by ${client}`, ...owner }))
        .execute();
    }
    await finish(db, { id: "client", user_pool_id: "clients", client_id: "web" });
    expect(await findTokenFamily(db, "by web")).toBeUndefined();
    expect(await findTokenFamily(db, "by app")).toBeDefined();
    const challenges = db.selectFrom("challenges").select("handle_hash");
    expect(await challenges.where("user_pool_id", "=", "clients").execute()).toEqual([
      { handle_hash: "by app" },
    ]);
  });

  it("of the sign-ins by one client leave those of the next client of its id", async () => {
    const owner = { user_pool_id: "successors", client_id: "reborn" };
    const client = { id: "reborn", user_pool_id: "successors", name: "", settings: "" };
    await db
      .insertInto("user_pool_clients")
      .values({ ...client, extensions: "", created_at_ms: 5_000, modified_at_ms: 5_000 })
      .execute();
    for (const [id, created_at_ms] of Object.entries({ "of old": 4_999, "of new": 5_000 })) {
      await db
        .insertInto("token_families")
        .values(tokenFamilyRow({ id, created_at_ms, ...owner }))
        .execute();
    }
    await finish(db, { id: "reborn", user_pool_id: "successors", client_id: "reborn" });
    expect(await findTokenFamily(db, "of old")).toBeUndefined();
    expect(await findTokenFamily(db, "of new")).toBeDefined();
  });

  it("of verifiers leave the users and their passwords, and can be called off", async () => {
    const secrets = { srp_salt: "salt", srp_verifier: "sealed", password_hash: "hash" };
    const ids = Array.from({ length: 520 }, (_, n) => `user ${n}`);
    const users = ids.map((id) => userRow({ id, user_pool_id: "verifiers", ...secrets }));
    await db.insertInto("users").values(users).execute();
    await insertUser(db, userRow({ id: "user 0", user_pool_id: "verified", ...secrets }));
    const deletion = { id: "called off", user_pool_id: "verifiers", verifiers_only: 1 };
    await insertDeletion(db, { ...deletion, created_at_ms: 1 });
    await deleteVerifierDeletions(db, "verifiers");
    await expect(noted(db, "called off")).rejects.toThrow("No deletion");
    await finish(db, { ...deletion, id: "verifiers" });
    const after = db.selectFrom("users").select(["srp_salt", "srp_verifier", "password_hash"]);
    const rows = await after.where("user_pool_id", "=", "verifiers").execute();
    expect(rows).toHaveLength(520);
    const bare = { srp_salt: null, srp_verifier: null, password_hash: "hash" };
    expect(rows.filter((row) => JSON.stringify(row) !== JSON.stringify(bare))).toEqual([]);
    const other = { userPoolId: "verified", id: "user 0" };
    expect(await findUser(db, other)).toMatchObject(secrets);
  });
});
