/** Behind the calls: removes what deleted users, clients and pools left, and rows whose time is over. */
import { setTimeout as pause } from "node:timers/promises";
import { type DeletionRow, finishDeletion, pageDeletions } from "../../store/deletions.ts";
import { deleteExpired } from "../../store/expiries.ts";
import { acquireLease, releaseLease, renewLease } from "../../store/leases.ts";
import type { Context } from "../context.ts";

/** Longer than a call lasts: one that began before the deletion may still store something of the user. */
const graceMs = 30_000;
const usualEveryMs = 15_000;
/** Longer than the time between two looks, so that the node which does the work keeps it. */
const leaseMs = 120_000;
const pageRows = 100;
const expiredRows = 1_000;
const leaseName = "purge";

export type Purge = {
  /** Lets what is being removed at this moment finish, and removes no more. */
  stop(): Promise<void>;
};

/** Starts the purge of this node; of several nodes over one database one does the work. */
export function startPurge(context: Context, { everyMs = usualEveryMs } = {}): Purge {
  const holder = context.random.uuid();
  const stopping = new AbortController();
  const { signal } = stopping;
  const note = (error: unknown) =>
    context.log.error({ err: error }, "the purge failed; it will be tried again");

  async function run(): Promise<void> {
    while (!signal.aborted) {
      await pause(everyMs, undefined, { signal, ref: false }).catch(() => undefined);
      if (!signal.aborted) await stepPurge(context, { holder, signal }).catch(note);
    }
    await releaseLease(context.store.db, { name: leaseName, holder }).catch(note);
  }

  const running = run();
  return {
    async stop() {
      stopping.abort();
      await running;
    },
  };
}

type Step = {
  /** Who does the work; the same for all steps of one node. */
  readonly holder: string;
  readonly signal?: AbortSignal;
};

/** Removes all that is due, unless another node does; may be ended at any point and run again. */
export async function stepPurge(context: Context, { holder, signal }: Step): Promise<void> {
  const { db } = context.store;
  const term = () => ({
    name: leaseName,
    holder,
    nowMs: context.clock.now(),
    durationMs: leaseMs,
  });
  const mayGoOn = async () => !signal?.aborted && (await renewLease(db, term()));
  if (!(await acquireLease(db, term()))) return;
  await finishDeletions(context, mayGoOn);
  const nowMs = context.clock.now();
  while ((await deleteExpired(db, { nowMs, limit: expiredRows })) && (await mayGoOn()));
}

async function finishDeletions(context: Context, mayGoOn: () => Promise<boolean>): Promise<void> {
  const { db } = context.store;
  const dueMs = context.clock.now() - graceMs;
  let after: string | undefined;
  do {
    const page: DeletionRow[] = await pageDeletions(db, { after, limit: pageRows });
    for (const deletion of page.filter((each) => each.created_at_ms <= dueMs)) {
      if (!(await mayGoOn())) return;
      await finish(context, deletion);
    }
    after = page.at(-1)?.id;
  } while (after !== undefined);
}

/** One that fails does not hold up the others; it stays noted and comes up again. */
async function finish(context: Context, deletion: DeletionRow): Promise<void> {
  try {
    await finishDeletion(context.store.db, deletion);
  } catch (error) {
    const { user_pool_id: userPoolId, user_id: userId } = deletion;
    context.log.error({ userPoolId, userId, err: error }, "a deletion could not be finished");
  }
}
