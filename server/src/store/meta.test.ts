import { afterAll, describe, expect, it } from "vitest";
import { engines, testStore } from "../testing/places.ts";
import { addToMeta, findMeta, fixMeta, putMeta } from "./meta.ts";

describe.each(engines)("facts about the installation on %s", async (engine) => {
  const { db, close, transaction } = await testStore(engine);
  afterAll(close);

  it("are unknown until they are set", async () => {
    expect(await findMeta(db, "unknown")).toBeUndefined();
  });

  it("are fixed once, and all who come at once learn the same", async () => {
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, n) =>
        n % 2 === 0
          ? fixMeta(db, "account", String(n))
          : transaction((trx) => fixMeta(trx, "account", String(n))),
      ),
    );
    expect(new Set(answers).size).toBe(1);
    expect(await fixMeta(db, "account", "another")).toBe(answers[0]);
    expect(await findMeta(db, "account")).toBe(answers[0]);
  });

  it("are replaced when they are put", async () => {
    await putMeta(db, "mood", "good");
    await putMeta(db, "mood", "");
    expect(await findMeta(db, "mood")).toBe("");
  });

  it("add up, whoever adds at once", async () => {
    await Promise.all(Array.from({ length: 30 }, (_, n) => addToMeta(db, "sum", n)));
    expect(await findMeta(db, "sum")).toBe("435");
    await addToMeta(db, "sum", 9_000_000_000_000);
    await addToMeta(db, "sum", -435);
    expect(await findMeta(db, "sum")).toBe("9000000000000");
  });
});
