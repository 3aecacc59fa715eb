/**
 * Functions that are modules of a local folder, each in worker threads of its own: one that hangs, spins or crashes costs
 * its own calls alone. A thread is no sandbox: a module can do what the process can.
 */
import type { Log } from "../../domain/context.ts";
import {
  type Attempt,
  attemptTimeoutMs,
  type FunctionRuntime,
  type Invocation,
} from "../../domain/functions/runtime.ts";
import { findModuleFile } from "./module-file.ts";
import { type ModuleThread, startModuleThread } from "./module-thread.ts";

export type ModuleRuntime = FunctionRuntime & {
  /** Stops all threads; calls under way fail. */
  close(): Promise<void>;
};

export type ModuleRuntimeOptions = {
  /** Undefined where this server has no folder of modules. */
  readonly folder: string | undefined;
  readonly log: Log;
  readonly timeoutMs?: number;
  /** Threads at once, of all functions. */
  readonly maxThreads?: number;
  /** Threads at once of one function, so that a slow one leaves some to the others. */
  readonly maxThreadsOfOne?: number;
  /** Calls that wait for a thread. */
  readonly maxWaiting?: number;
};

type Thread = {
  readonly arn: string;
  /** What the thread was started with; a call of the same can have it. */
  readonly key: string;
  readonly thread: ModuleThread;
  isBusy: boolean;
  /** Stopped: it serves no more calls and is counted until it is gone. */
  isStopping: boolean;
};

type Place = { readonly invocation: Invocation; readonly path: string; readonly key: string };
type Waiting = Place & { settle(thread: Thread | undefined): void };

const failed = (message: string): Attempt => ({ kind: "failed", message, again: false });

/** Makes the runtime; threads are started when they are needed and kept while they behave. */
export function createModuleRuntime(options: ModuleRuntimeOptions): ModuleRuntime {
  const { folder, log, timeoutMs = attemptTimeoutMs, maxWaiting = 100 } = options;
  const threads = createThreads(options);
  const waiting: Waiting[] = [];
  let isClosed = false;

  /** Gives threads to those who wait, first come first served, but for those whose function has its share. */
  function serve(): void {
    for (const each of [...waiting]) {
      const thread = threads.take(each, serve);
      if (!thread) continue;
      waiting.splice(waiting.indexOf(each), 1);
      each.settle(thread);
    }
  }

  function threadFor(place: Place, endMs: number): Promise<Thread | undefined> {
    const thread = threads.take(place, serve);
    if (thread) return Promise.resolve(thread);
    if (waiting.length >= maxWaiting) return Promise.resolve(undefined);
    return new Promise((resolve) => {
      const entry: Waiting = { ...place, settle };
      const timer = setTimeout(() => settle(undefined), endMs - performance.now());
      function settle(given: Thread | undefined): void {
        clearTimeout(timer);
        const index = waiting.indexOf(entry);
        if (index >= 0) waiting.splice(index, 1);
        resolve(given);
      }
      waiting.push(entry);
    });
  }

  return {
    async run(invocation) {
      if (folder === undefined) return failed("POOLHOUSE_FUNCTIONS_DIR is not set");
      const endMs = performance.now() + timeoutMs;
      const file = await findModuleFile(folder, invocation.target);
      if (!file) return failed(`there is no module ${invocation.target} in ${folder}`);
      if (isClosed) return failed("the server is stopping");
      const { arn, handler, environment } = invocation;
      const key = JSON.stringify([arn, file.path, file.stamp, handler, environment]);
      const thread = await threadFor({ invocation, path: file.path, key }, endMs);
      if (!thread) return failed("no thread was free in time");
      const { event, requestId } = invocation;
      const leftMs = Math.max(1, endMs - performance.now());
      const attempt = await thread.thread.call({ event, requestId, timeoutMs: leftMs });
      if (attempt.kind === "failed") {
        thread.isStopping = true;
        log.warn({ function: invocation.name, why: attempt.message }, "a function failed");
      }
      thread.isBusy = false;
      serve();
      return attempt;
    },
    async close() {
      isClosed = true;
      for (const each of [...waiting]) each.settle(undefined);
      await threads.stopAll();
    },
  };
}

function createThreads(options: ModuleRuntimeOptions) {
  const { log, maxThreads = 16, maxThreadsOfOne = 4 } = options;
  const threads = new Set<Thread>();

  function start({ invocation, path, key }: Place, onExit: () => void): Thread {
    const entry: Thread = {
      arn: invocation.arn,
      key,
      isBusy: true,
      isStopping: false,
      thread: startModuleThread({
        invocation,
        path,
        onLine: (stream, line) => log.info({ function: invocation.name, stream }, line),
        onExit() {
          threads.delete(entry);
          onExit();
        },
      }),
    };
    threads.add(entry);
    return entry;
  }

  function stop(thread: Thread): void {
    thread.isStopping = true;
    void thread.thread.stop();
  }

  return {
    /** An idle thread of the same module, or a new one; undefined while there is room for neither. */
    take(place: Place, onExit: () => void): Thread | undefined {
      const idle = [...threads].filter(({ isBusy, isStopping }) => !isBusy && !isStopping);
      const fit = idle.find(({ key }) => key === place.key);
      if (fit) {
        fit.isBusy = true;
        return fit;
      }
      // Of a module as it was before it changed.
      const old = idle.filter(({ arn }) => arn === place.invocation.arn);
      for (const thread of old) stop(thread);
      const own = [...threads].filter(({ arn }) => arn === place.invocation.arn);
      if (own.length >= maxThreadsOfOne) return undefined;
      if (threads.size < maxThreads) return start(place, onExit);
      const other = idle.find(({ isStopping }) => !isStopping);
      if (other) stop(other);
      return undefined;
    },
    async stopAll() {
      const all = [...threads];
      for (const thread of all) thread.isStopping = true;
      await Promise.all(all.map(({ thread }) => thread.stop()));
    },
  };
}
