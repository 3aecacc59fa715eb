import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type TestApp, testApp } from "../../testing/app.ts";
import { engines } from "../../testing/places.ts";
import { type TestPool, testCall, testPool } from "../../testing/pools.ts";
import { drawOpenChallenge, findOpenChallenge } from "./open-challenge.ts";

describe.each(engines)("a challenge to nobody in particular on %s", (engine) => {
  let app: TestApp;
  let home: TestPool;
  beforeEach(async () => {
    app = await testApp({ engine });
    home = await testPool(app);
  });
  afterEach(() => app.close());

  const asked = (browserHash = "a", at = home) => ({ ...at, browserHash });
  const find = (handle: string, by = asked()) => findOpenChallenge(testCall(app), by, handle);
  const rows = () => app.context.store.db.selectFrom("used_ids").selectAll().execute();

  test("is known again by its handle, and nothing is stored before it counts", async () => {
    const { challenge, handle } = drawOpenChallenge(testCall(app), asked());
    expect(challenge).toMatch(/^[\w-]{43}$/);
    expect(find(handle)?.challenge).toBe(challenge);
    expect(drawOpenChallenge(testCall(app), asked()).challenge).not.toBe(challenge);
    expect(await rows()).toEqual([]);
  });

  test("counts for one of many that answer it at once", async () => {
    const { handle } = drawOpenChallenge(testCall(app), asked());
    const take = () => testCall(app).change(async (trx) => find(handle)?.take(trx));
    const taken = await Promise.all(Array.from({ length: 8 }, take));
    expect(taken.filter(Boolean)).toEqual([true]);
    expect(await rows()).toHaveLength(1);
  });

  test("counts not if what takes it fails", async () => {
    const { handle } = drawOpenChallenge(testCall(app), asked());
    const failing = testCall(app).change(async (trx) => {
      await find(handle)?.take(trx);
      throw new Error("the passkey was removed");
    });
    await expect(failing).rejects.toThrow("removed");
    expect(await testCall(app).change(async (trx) => find(handle)?.take(trx))).toBe(true);
  });

  test("is another one for another browser, client or pool", async () => {
    const { challenge, handle } = drawOpenChallenge(testCall(app), asked());
    const other = await testPool(app);
    const others = [
      asked("b"),
      asked("a", { ...home, client: other.client }),
      asked("a", { ...home, pool: other.pool }),
    ];
    for (const each of others) expect(find(handle, each)?.challenge).not.toBe(challenge);
  });

  test("is over after a quarter of an hour", async () => {
    const { handle } = drawOpenChallenge(testCall(app), asked());
    app.clock.advance(15 * 60_000 - 1000);
    expect(find(handle)).toBeDefined();
    app.clock.advance(1000);
    expect(find(handle)).toBeUndefined();
  });

  test.each(["", "x", "1.x", `9999999999999.${"x".repeat(22)}`, `${"9".repeat(500)}.x`, "NaN.x"])(
    "is not found by what is no handle of ours: %j",
    (handle) => {
      expect(find(handle)).toBeUndefined();
    },
  );

  test("is not known to whoever moves its end", async () => {
    const { challenge, handle } = drawOpenChallenge(testCall(app), asked());
    const [untilMs = "", rest] = handle.split(".");
    app.clock.advance(60_000);
    expect(find(`${Number(untilMs) + 60_000}.${rest}`)?.challenge).not.toBe(challenge);
  });
});
