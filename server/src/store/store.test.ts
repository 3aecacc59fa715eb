import { afterAll, describe, expect, it } from "vitest";
import { engines, migratedPlace, openPlace } from "../testing/places.ts";
import { addToMeta, findMeta, putMeta } from "./meta.ts";
import type { Db } from "./schema.ts";
import { openStore } from "./store.ts";
import { StoreUnavailable } from "./store-unavailable.ts";

/** Resolves for all once `count` have come. */
function meeting(count: number): () => Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  let missing = count;
  return () => {
    missing -= 1;
    if (missing <= 0) resolve();
    return promise;
  };
}

describe.each(engines)("a store on %s", async (engine) => {
  const place = await migratedPlace(engine);
  const store = await openPlace(place);
  const { db } = store;
  afterAll(() => store.close());
  const isRefused = (work: Promise<unknown>) =>
    expect(work).rejects.toThrow("own db was used inside a transaction");

  it("keeps all of a transaction and answers what its work answers", async () => {
    const answer = await store.transaction(async (trx) => {
      await putMeta(trx, "one", "1");
      await putMeta(trx, "two", "2");
      return await findMeta(trx, "one");
    });
    expect(answer).toBe("1");
    expect([await findMeta(db, "one"), await findMeta(db, "two")]).toEqual(["1", "2"]);
  });

  it("keeps nothing of a transaction whose work fails, and passes its very error on", async () => {
    const trouble = new Error("trouble");
    const failing = store.transaction(async (trx) => {
      await putMeta(trx, "half", "done");
      throw trouble;
    });
    await expect(failing).rejects.toBe(trouble);
    expect(await findMeta(db, "half")).toBeUndefined();
  });

  it("commits nothing after a failed statement, also when its error is caught", async () => {
    const swallowing = store.transaction(async (trx) => {
      await putMeta(trx, "swallowed", "yes");
      const taken = { name: "swallowed", value: "again" };
      await trx
        .insertInto("meta")
        .values(taken)
        .execute()
        .catch(() => undefined);
    });
    await expect(swallowing).rejects.toThrow();
    expect(await findMeta(db, "swallowed")).toBeUndefined();
    await store.transaction((trx) => putMeta(trx, "after it", "fine"));
    expect(await findMeta(db, "after it")).toBe("fine");
  });

  it("keeps transactions that overlap apart, failing ones too", async () => {
    const runs = Array.from({ length: 8 }, (_, n) =>
      store.transaction(async (trx) => {
        await putMeta(trx, `overlap ${n}`, "begun");
        await new Promise((resolve) => setImmediate(resolve));
        if (n % 3 === 0) throw new Error("not this one");
        await putMeta(trx, `overlap ${n}`, "done");
      }),
    );
    const outcomes = (await Promise.allSettled(runs)).map(({ status }) => status === "fulfilled");
    const values = await Promise.all(runs.map((_, n) => findMeta(db, `overlap ${n}`)));
    expect(outcomes).toEqual([false, true, true, false, true, true, false, true]);
    expect(values.map((value) => value === "done")).toEqual(outcomes);
    expect(values[0]).toBeUndefined();
  });

  it("shows others nothing of a transaction before its end", async () => {
    const other = await openPlace(place);
    await store.transaction(async (trx) => {
      await putMeta(trx, "hidden", "yes");
      expect(await findMeta(trx, "hidden")).toBe("yes");
      expect(await findMeta(other.db, "hidden")).toBeUndefined();
    });
    expect(await findMeta(other.db, "hidden")).toBe("yes");
    await other.close();
  });

  it("refuses its own db inside a transaction instead of waiting for ever, and undoes the work", async () => {
    const uses: ((trx: Db) => Promise<unknown>)[] = [
      () => findMeta(db, "x"),
      () => putMeta(db, "x", "y"),
      () => store.ping(),
      () => store.transaction(async () => "inner"),
    ];
    for (const use of uses) {
      await isRefused(
        store.transaction(async (trx) => {
          await putMeta(trx, "guarded", "yes");
          await use(trx);
        }),
      );
    }
    expect(await findMeta(db, "guarded")).toBeUndefined();
  });

  it("allows its own db to what a transaction started and left behind", async () => {
    const end = Promise.withResolvers<void>();
    const { leftBehind } = await store.transaction(async (trx) => {
      await putMeta(trx, "left behind", "seen");
      return { leftBehind: end.promise.then(() => findMeta(db, "left behind")) };
    });
    end.resolve();
    expect(await leftBehind).toBe("seen");
  });

  it("allows another transaction's handle to nobody once it is over", async () => {
    let kept: Db | undefined;
    await store.transaction(async (trx) => {
      kept = trx;
    });
    await expect(putMeta(kept ?? db, "too late", "yes")).rejects.toThrow();
    expect(await findMeta(db, "too late")).toBeUndefined();
  });

  it("finishes what was asked before it closes, and is of no use afterwards", async () => {
    const closing = await openPlace(place);
    await closing.ping();
    const writes = Array.from({ length: 30 }, (_, n) => putMeta(closing.db, `last ${n}`, "yes"));
    const transactions = Array.from({ length: 5 }, () =>
      closing.transaction((trx) => addToMeta(trx, "last sum", 1)),
    );
    const answers = Promise.all([...writes, ...transactions]);
    await closing.close();
    await answers;
    expect(await findMeta(db, "last 29")).toBe("yes");
    expect(await findMeta(db, "last sum")).toBe("5");
    await closing.close();
    await expect(closing.ping()).rejects.toThrow();
    await expect(closing.transaction(async () => undefined)).rejects.toThrow();
    expect(closing.reported).toEqual([]);
  });
});

describe("a store on PostgreSQL", async () => {
  const place = await migratedPlace("postgres");
  const random = { integer: () => 0 };
  const store = await openStore({ ...place, random, onError: () => undefined });
  const other = await openPlace(place);
  afterAll(() => Promise.all([store.close(), other.close()]));

  it("shows a transaction one state of the database from its first look on", async () => {
    await putMeta(store.db, "moving", "before");
    const seen = await store.transaction(async (trx) => {
      const first = await findMeta(trx, "moving");
      await putMeta(other.db, "moving", "after");
      return [first, await findMeta(trx, "moving")];
    });
    expect(seen).toEqual(["before", "before"]);
  });

  it("runs a transaction again that lost to another, on what the other left", async () => {
    await putMeta(store.db, "sum", "1");
    let runs = 0;
    await store.transaction(async (trx) => {
      runs += 1;
      const seen = Number(await findMeta(trx, "sum"));
      if (runs === 1) {
        await putMeta(other.db, "sum", "10");
      }
      await putMeta(trx, "sum", String(seen + 1));
    });
    expect(runs).toBe(2);
    expect(await findMeta(store.db, "sum")).toBe("11");
  });

  it("gives a transaction up that keeps losing, and says that it is the store", async () => {
    let runs = 0;
    const losing = store.transaction(async (trx) => {
      runs += 1;
      await findMeta(trx, "contended");
      await putMeta(other.db, "contended", String(runs));
      await putMeta(trx, "contended", "mine");
    });
    await expect(losing).rejects.toThrow(StoreUnavailable);
    expect(runs).toBe(10);
    expect(await findMeta(store.db, "contended")).toBe("10");
  });

  it("runs one of two transactions again that wait for each other", async () => {
    await putMeta(store.db, "left", "0");
    await putMeta(store.db, "right", "0");
    const met = meeting(2);
    const both = (first: string, second: string) =>
      store.transaction(async (trx) => {
        await addToMeta(trx, first, 1);
        await met();
        await addToMeta(trx, second, 1);
      });
    await Promise.all([both("left", "right"), both("right", "left")]);
    expect(await findMeta(store.db, "left")).toBe("2");
    expect(await findMeta(store.db, "right")).toBe("2");
  });

  it("does not run a transaction again that failed by itself", async () => {
    let runs = 0;
    const failing = store.transaction(async (trx) => {
      runs += 1;
      await trx.insertInto("meta").values({ name: "left", value: "again" }).execute();
    });
    await expect(failing).rejects.toThrow("duplicate key");
    expect(runs).toBe(1);
  });
});
