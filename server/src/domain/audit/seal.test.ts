import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { movableClock } from "../../lib/clock.ts";
import { insertAuditEvent, pageSealedAuditEvents } from "../../store/audit-events.ts";
import type { Engine, Store } from "../../store/store.ts";
import { type TestApp, testApp } from "../../testing/app.ts";
import { engines, migratedPlace, openPlace } from "../../testing/places.ts";
import type { Context } from "../context.ts";
import { digestKeys } from "./chain.ts";
import { startSealer } from "./seal.ts";
import { verifyTrail } from "./verify.ts";

/** Two nodes over one database. SQLite lets two connections of one thread wait for each other, so there they share one. */
async function twoStores(engine: Engine): Promise<readonly [Store, Store]> {
  const place = await migratedPlace(engine);
  const one = await openPlace(place);
  return [one, engine === "sqlite" ? one : await openPlace(place)];
}

describe.each(engines)("the sealer on %s", (engine) => {
  let app: TestApp;
  let stores: readonly [Store, Store];
  let count: number;

  beforeEach(async () => {
    count = 0;
    app = await testApp();
    stores = await twoStores(engine);
  });
  afterEach(async () => {
    await app.close();
    for (const store of new Set(stores)) await store.close();
  });

  async function happen(events: number): Promise<void> {
    for (let i = 0; i < events; i++) {
      const id = app.context.random.uuid();
      const event = JSON.stringify({ eventID: id, number: ++count });
      await insertAuditEvent(stores[0].db, { id, at_ms: count, user_pool_id: null, event });
    }
  }

  function node(store: Store, change: Partial<Context> = {}): Context {
    return { ...app.context, store, ...change };
  }

  async function seal(context: Context): Promise<void> {
    const sealer = startSealer(context);
    await sealer.step();
    await sealer.stop();
  }

  function check(limit?: number) {
    const { publicKey } = digestKeys(app.context.vault);
    return verifyTrail(stores[1], { publicKey, ...(limit === undefined ? {} : { limit }) });
  }

  async function sealedNumbers(): Promise<number[]> {
    const rows = await pageSealedAuditEvents(stores[0].db, { after: 0, limit: 10_000 });
    return rows.map((row) => JSON.parse(row.event).number);
  }

  test("gives rows their places in the order in which they happened, and signs the end", async () => {
    await happen(3);
    await seal(node(stores[0]));
    await happen(2);
    await seal(node(stores[1]));
    expect(await sealedNumbers()).toEqual([1, 2, 3, 4, 5]);
    expect(await check()).toMatchObject({ atEnd: true, through: { seq: 5 } });
  });

  test("seals more than one batch in a step", async () => {
    await happen(1_203);
    await seal(node(stores[0]));
    expect(await sealedNumbers()).toHaveLength(1_203);
    expect(await check()).toMatchObject({ atEnd: true, through: { seq: 1_203 } });
  });

  test("killed before it committed leaves nothing half sealed, and the next one goes on", async () => {
    await happen(3);
    const killed: Store["transaction"] = (work) =>
      stores[0].transaction(async (trx) => {
        await work(trx);
        throw new Error("killed");
      });
    const dying = startSealer(node({ ...stores[0], transaction: killed }));
    await expect(dying.step()).rejects.toThrow("killed");
    await dying.stop();
    expect(await sealedNumbers()).toEqual([]);
    await seal(node(stores[1]));
    expect(await check()).toMatchObject({ atEnd: true, through: { seq: 3 } });
  });

  test("two at once, both believing to hold the lease, never fork the chain or seal a row twice", async () => {
    const base = movableClock(app.context.clock);
    const ahead = { now: () => base.now() + 30_000 };
    const one = startSealer(node(stores[0], { clock: base }));
    const two = startSealer(node(stores[1], { clock: ahead }));
    for (let round = 0; round < 15; round++) {
      await Promise.allSettled([happen(7), one.step(), two.step(), happen(7)]);
      base.advance(60_000);
    }
    await one.stop();
    await two.stop();
    await seal(node(stores[0]));
    const numbers = await sealedNumbers();
    expect(new Set(numbers).size).toBe(count);
    expect(numbers).toHaveLength(count);
    expect(await check()).toMatchObject({ atEnd: true, through: { seq: count } });
  });

  test("goes on behind rows that were taken away, so that the gap stays to be seen", async () => {
    await happen(3);
    await seal(node(stores[0]));
    await stores[0].db.deleteFrom("audit_events").where("seq", ">", 1).execute();
    await happen(2);
    await seal(node(stores[0]));
    expect(await check()).toMatchObject({ fault: { seq: 2, why: "the row is missing" } });
    const rows = await pageSealedAuditEvents(stores[0].db, { after: 0, limit: 10 });
    expect(rows.map(({ seq }) => seq)).toEqual([1, 4, 5]);
  });
});
