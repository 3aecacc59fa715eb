/** The sealer: gives committed rows of the trail their places in the chain and signs where it then stands. */
import {
  type AuditEventRow,
  findLastAuditDigest,
  findLastSealedAuditEvent,
  insertAuditDigest,
  pageUnsealedAuditEvents,
  sealAuditEvent,
} from "../../store/audit-events.ts";
import type { Db } from "../../store/schema.ts";
import type { Context } from "../context.ts";
import { type LeasedWork, startLeasedWork } from "../leased-work.ts";
import {
  type ChainPlace,
  chainHash,
  chainStart,
  digestKeys,
  placeOf,
  signDigest,
} from "./chain.ts";

const everyMs = 1_000;
const leaseMs = 15_000;
const batchRows = 500;
/** Then another node may take over; far more than a second's worth. */
const batchesAtOnce = 20;

/** Starts the sealer of this node; any number of nodes may run one, and the chain never forks. */
export function startSealer(context: Context): LeasedWork {
  const { db } = context.store;
  const { privateKey } = digestKeys(context.vault);

  async function sealBatch(): Promise<number> {
    const last = await lastPlace(db);
    const rows = await pageUnsealedAuditEvents(db, batchRows);
    const sealed = chain(last, rows);
    const end = sealed.at(-1);
    if (!end) return 0;
    const place = { seq: end.seq, hash: end.hash, at_ms: context.clock.now() };
    const digest = { ...place, signature: signDigest(privateKey, place) };
    await context.store.transaction(async (trx) => {
      // Another sealer may have been here since; what both missed the unique places refuse.
      const moved = (await lastPlace(trx)).seq !== last.seq;
      for (const row of moved ? [] : sealed) {
        if (!(await sealAuditEvent(trx, row))) throw new Error("another sealer took this row");
      }
      if (!moved) await insertAuditDigest(trx, digest);
    });
    return rows.length;
  }

  return startLeasedWork(context, {
    name: "audit-sealer",
    everyMs,
    leaseMs,
    isDue: async () => (await findOldestUnsealed(db)) !== undefined,
    async run() {
      for (let batch = 0; batch < batchesAtOnce; batch++) {
        if ((await sealBatch()) < batchRows) return;
      }
    },
  });
}

/** The event that has waited longest to be sealed. */
export async function findOldestUnsealed(db: Db): Promise<AuditEventRow | undefined> {
  const [oldest] = await pageUnsealedAuditEvents(db, 1);
  return oldest;
}

/** A digest beyond the last row means that rows were taken away; going on behind it keeps the gap for everybody to see. */
async function lastPlace(db: Db): Promise<ChainPlace> {
  const digest = (await findLastAuditDigest(db)) ?? chainStart;
  const row = await findLastSealedAuditEvent(db);
  const place = row ? placeOf(row) : chainStart;
  return place.seq >= digest.seq ? place : digest;
}

function chain(last: ChainPlace, rows: readonly AuditEventRow[]) {
  let place = last;
  return rows.map((row) => {
    const seq = place.seq + 1;
    place = { seq, hash: chainHash(place.hash, { ...row, seq }) };
    return { id: row.id, ...place };
  });
}
