/** The other process of a test: opens the store that it is given and does what its parent orders over Node's IPC. */
import { systemRandom } from "../lib/random.ts";
import { takeChallenge } from "../store/challenges.ts";
import { checkAndTakeCode } from "../store/codes.ts";
import { countUp } from "../store/counters.ts";
import { acquireLease } from "../store/leases.ts";
import { recordFailure } from "../store/lockouts.ts";
import { addToMeta, findMeta, fixMeta, putMeta } from "../store/meta.ts";
import { migrate } from "../store/migrate.ts";
import { claimOutboxMessages } from "../store/outbox.ts";
import { replaceRefreshToken } from "../store/refresh-tokens.ts";
import type { Db } from "../store/schema.ts";
import { openStore } from "../store/store.ts";
import { migrationsWithLongOne } from "./long-migration.ts";
import type { StorePlace } from "./places.ts";

const verbs = {
  acquireLease,
  checkAndTakeCode,
  claimOutboxMessages,
  countUp,
  recordFailure,
  replaceRefreshToken,
  takeChallenge,
  addToMeta: (db: Db, { name, amount }: { name: string; amount: number }) =>
    addToMeta(db, name, amount),
  /** Reads, then writes: right only in a transaction that notices when another did so meanwhile. */
  async addByReading(db: Db, { name }: { name: string }) {
    await putMeta(db, name, String(Number(await findMeta(db, name)) + 1));
  },
};
type Verbs = typeof verbs;

/** A verb of the store with what it takes. */
export type VerbCall = {
  [Verb in keyof Verbs]: {
    verb: Verb;
    options: Parameters<Verbs[Verb]>[1];
    inTransaction?: boolean;
  };
}[keyof Verbs];

/** What the parent orders; each is answered by one message, those of `write` and `stall` by one at every step. */
export type Order =
  | { order: "call"; calls: VerbCall[] }
  /** Migrates; with the long migration it stops in the middle of that for ever. */
  | { order: "migrate" | "stall" }
  /** Writes facts `written 0`, `written 1`, …, telling of each when it is durable, until it is killed. */
  | { order: "write" };

async function carryOut(order: Order): Promise<unknown> {
  switch (order.order) {
    case "call":
      return await Promise.all(order.calls.map(call));
    case "migrate":
      return await migrate(store, { nowMs: Date.now, holder: systemRandom.uuid() });
    case "stall": {
      const forEver = new Promise<void>((resolve) => setInterval(resolve, 2 ** 31 - 1));
      const migrations = migrationsWithLongOne(() => {
        process.send?.({ result: "in the middle" });
        return forEver;
      });
      return await migrate(store, { nowMs: Date.now, holder: systemRandom.uuid(), migrations });
    }
    case "write":
      for (let n = 0; ; n += 1) {
        await fixMeta(store.db, `written ${n}`, "yes");
        process.send?.({ result: n });
      }
  }
}

async function call({ verb, options, inTransaction }: VerbCall): Promise<unknown> {
  const run = verbs[verb] as (db: Db, options: unknown) => Promise<unknown>;
  return inTransaction
    ? await store.transaction((trx) => run(trx, options))
    : await run(store.db, options);
}

const place: StorePlace = JSON.parse(process.argv[2] ?? "");
const store = await openStore({ ...place, onError: () => undefined, random: systemRandom });
process.on("disconnect", () => process.exit());
process.on("message", (order: Order) => {
  carryOut(order).then(
    (result) => process.send?.({ result }),
    (error: unknown) => process.send?.({ error: String(error) }),
  );
});
process.send?.({ result: "ready" });
