import { afterAll, describe, expect, it } from "vitest";
import { engines, testStore } from "../testing/places.ts";
import { hasEffect, statement } from "./statement.ts";

const put = statement<{ name: string; value: string }>()((db, { name, value }) =>
  db.insertInto("meta").values({ name, value }),
);
const find = statement<{ name: string }>()((db, { name }) =>
  db.selectFrom("meta").selectAll().where("name", "=", name),
);
const change = statement<{ name: string; from: string; to: string }>()((db, { name, from, to }) =>
  db.updateTable("meta").set({ value: to }).where("name", "=", name).where("value", "=", from),
);

describe.each(engines)("a statement on %s", async (engine) => {
  const { db, close, transaction } = await testStore(engine);
  afterAll(close);

  it("runs with the values of each call, however many there are at once", async () => {
    const names = Array.from({ length: 20 }, (_, n) => `row ${n}`);
    await Promise.all(names.map((name) => put(db, { name, value: `value of ${name}` })));
    const found = await Promise.all(names.map((name) => find(db, { name })));
    expect(found.map(({ rows }) => rows)).toEqual(
      names.map((name) => [{ name, value: `value of ${name}` }]),
    );
  });

  it("takes values as they are, whatever they look like", async () => {
    const name = "'; drop table meta; --";
    await put(db, { name, value: "$1 ?" });
    expect((await find(db, { name })).rows).toEqual([{ name, value: "$1 ?" }]);
  });

  it("runs within a transaction, and is undone with it", async () => {
    const undone = transaction(async (trx) => {
      await put(trx, { name: "undone", value: "x" });
      expect((await find(trx, { name: "undone" })).rows).toHaveLength(1);
      throw new Error("enough");
    });
    await expect(undone).rejects.toThrow("enough");
    expect((await find(db, { name: "undone" })).rows).toEqual([]);
  });

  it("tells whether it had an effect", async () => {
    await put(db, { name: "mood", value: "good" });
    expect(hasEffect(await change(db, { name: "mood", from: "good", to: "better" }))).toBe(true);
    expect(hasEffect(await change(db, { name: "mood", from: "good", to: "bad" }))).toBe(false);
    expect((await find(db, { name: "mood" })).rows).toEqual([{ name: "mood", value: "better" }]);
  });
});

it("is the same on databases of both engines in one process", async () => {
  const stores = await Promise.all(engines.map(testStore));
  for (const [n, { db }] of stores.entries()) await put(db, { name: "engine", value: String(n) });
  for (const [n, { db }] of stores.entries()) {
    expect((await find(db, { name: "engine" })).rows).toEqual([
      { name: "engine", value: String(n) },
    ]);
  }
  for (const { close } of stores) await close();
});
