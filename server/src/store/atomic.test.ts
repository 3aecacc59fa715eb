import { afterAll, describe, expect, it } from "vitest";
import { engines, testStore } from "../testing/places.ts";
import { challengeRow } from "../testing/rows.ts";
import { changeOne, deleteAll, insertOne, takeOne } from "./atomic.ts";

describe.each(engines)("the atomic primitives on %s", async (engine) => {
  const { db, close } = await testStore(engine);
  afterAll(close);
  const many = <T>(work: (position: number) => Promise<T>) =>
    Promise.all(Array.from({ length: 25 }, (_, position) => work(position)));

  it("insert a row once, whoever comes first, and leave the one that stands", async () => {
    const inserted = await many((position) =>
      insertOne(db.insertInto("meta").values({ name: "once", value: String(position) })),
    );
    expect(inserted.filter(Boolean)).toHaveLength(1);
    const rows = await db.selectFrom("meta").selectAll().where("name", "=", "once").execute();
    expect(rows).toEqual([{ name: "once", value: String(inserted.indexOf(true)) }]);
  });

  it("insert nothing when another unique key than the primary one is taken", async () => {
    const insert = (handle: string, secretBlock: string | null) =>
      insertOne(
        db
          .insertInto("challenges")
          .values(challengeRow({ handle_hash: handle, secret_block_hash: secretBlock })),
      );
    expect(await insert("first", "block")).toBe(true);
    expect(await insert("second", "block")).toBe(false);
    expect(await insert("second", null)).toBe(true);
    expect(await insert("third", null)).toBe(true);
  });

  it("take a row out for exactly one of many takers", async () => {
    await insertOne(db.insertInto("meta").values({ name: "prize", value: "gold" }));
    const taken = await many(() =>
      takeOne(db.deleteFrom("meta").where("name", "=", "prize").returningAll()),
    );
    expect(taken.filter(Boolean)).toEqual([{ name: "prize", value: "gold" }]);
    expect(
      await takeOne(db.deleteFrom("meta").where("name", "=", "prize").returningAll()),
    ).toBeUndefined();
  });

  it("compare and set for exactly one of many who saw the same value", async () => {
    await insertOne(db.insertInto("meta").values({ name: "version", value: "1" }));
    const changed = await many((position) =>
      changeOne(
        db
          .updateTable("meta")
          .set({ value: `by ${position}` })
          .where("name", "=", "version")
          .where("value", "=", "1"),
      ),
    );
    expect(changed.filter(Boolean)).toHaveLength(1);
    const row = await db.selectFrom("meta").selectAll().where("name", "=", "version").execute();
    expect(row).toEqual([{ name: "version", value: `by ${changed.indexOf(true)}` }]);
  });

  it("say that a change happened also where the new value equals the old one", async () => {
    await insertOne(db.insertInto("meta").values({ name: "same", value: "1" }));
    expect(
      await changeOne(db.updateTable("meta").set({ value: "1" }).where("name", "=", "same")),
    ).toBe(true);
  });

  it("tell how many rows went, and of rivals each row is counted by one", async () => {
    for (const name of ["row 1", "row 2", "row 3"]) {
      await insertOne(db.insertInto("meta").values({ name, value: "" }));
    }
    const counts = await many(() =>
      deleteAll(db.deleteFrom("meta").where("name", "like", "row %")),
    );
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(3);
  });
});
