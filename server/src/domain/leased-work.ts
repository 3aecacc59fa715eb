/** Work that one node does at a time, again and again, such as chaining the trail or rotating keys. */
import { acquireLease, releaseLease } from "../store/leases.ts";
import type { Context } from "./context.ts";

export type LeasedWork = {
  /** Does now what the timer would do; rejects where the timer would only log. */
  step(): Promise<void>;
  /** Lets a step under way finish, starts no other, and gives the lease back. */
  stop(): Promise<void>;
};

type Job = {
  readonly name: string;
  readonly everyMs: number;
  /** Longer than a run takes. */
  readonly leaseMs: number;
  /** A cheap look, without the lease: whether there is anything to do. */
  isDue(): Promise<boolean>;
  run(): Promise<void>;
};

/**
 * Starts a job on this node; any number of nodes may start it over the same database. The lease only spares work: a
 * holder that lost it without noticing may still be running, so what the job does must be safe to do twice at once.
 */
export function startLeasedWork(context: Context, job: Job): LeasedWork {
  const { db } = context.store;
  const lease = { name: job.name, holder: context.random.uuid() };
  let stopping = false;
  let last: Promise<void> = Promise.resolve();

  async function step(): Promise<void> {
    if (!(await job.isDue())) return;
    const nowMs = context.clock.now();
    if (await acquireLease(db, { ...lease, nowMs, durationMs: job.leaseMs })) await job.run();
  }

  /** One step after the other, however they are asked for. */
  function queue(): Promise<void> {
    const mine = last.then(step);
    last = mine.catch(() => undefined);
    return mine;
  }

  async function tick(): Promise<void> {
    await queue().catch((error: unknown) => {
      context.log.error(
        { err: error, job: job.name },
        "background work failed; it will be retried",
      );
    });
    if (!stopping) timer = setTimeout(tick, job.everyMs).unref();
  }

  let timer = setTimeout(tick, job.everyMs).unref();
  return {
    step: queue,
    async stop() {
      stopping = true;
      clearTimeout(timer);
      await last;
      await releaseLease(db, lease);
    },
  };
}
