/** Behind the calls: removes what deleted users, clients and pools left, and rows whose time is over. */
import { type DeletionRow, finishDeletion, pageDeletions } from "../../store/deletions.ts";
import { deleteExpired } from "../../store/expiries.ts";
import type { Context } from "../context.ts";
import { type LeasedWork, startLeasedWork } from "../leased-work.ts";

/** Longer than a call lasts: one that began before the deletion may still store something of the user. */
const graceMs = 30_000;
const everyMs = 15_000;
/** A pool of millions takes longer; then two nodes delete the same rows, which does no harm. */
const leaseMs = 300_000;
const pageRows = 100;
const expiredRows = 1_000;

/** Starts the purge of this node; of several nodes over one database one does the work. */
export function startPurge(context: Context): LeasedWork {
  let stopping = false;
  const mayGoOn = () => !stopping;
  const work = startLeasedWork(context, {
    name: "purge",
    everyMs,
    leaseMs,
    isDue: async () => true,
    async run() {
      await finishDeletions(context, mayGoOn);
      await removeExpired(context, mayGoOn);
    },
  });
  return {
    step: work.step,
    async stop() {
      stopping = true;
      await work.stop();
    },
  };
}

/** May be ended after any of them; what is left comes up again. */
async function finishDeletions(context: Context, mayGoOn: () => boolean): Promise<void> {
  const dueMs = context.clock.now() - graceMs;
  let after: string | undefined;
  do {
    const page: DeletionRow[] = await pageDeletions(context.store.db, { after, limit: pageRows });
    for (const deletion of page.filter((each) => each.created_at_ms <= dueMs)) {
      if (!mayGoOn()) return;
      await finish(context, deletion);
    }
    after = page.at(-1)?.id;
  } while (after !== undefined);
}

/** One that fails does not hold up the others. */
async function finish(context: Context, deletion: DeletionRow): Promise<void> {
  try {
    await finishDeletion(context.store.db, deletion);
  } catch (error) {
    const { user_pool_id: userPoolId, user_id: userId } = deletion;
    context.log.error({ userPoolId, userId, err: error }, "a deletion could not be finished");
  }
}

async function removeExpired(context: Context, mayGoOn: () => boolean): Promise<void> {
  const nowMs = context.clock.now();
  let mayBeMore = true;
  while (mayBeMore && mayGoOn()) {
    mayBeMore = await deleteExpired(context.store.db, { nowMs, limit: expiredRows });
  }
}
