/**
 * argon2 on threads of its own. In Node's thread pool hashes would stand before what waits for the disk, and compete as
 * equals with the thread that answers requests.
 */
import { Worker } from "node:worker_threads";
import type { Options } from "@node-rs/argon2";
import type { Answer, Job } from "./hash-thread.ts";

export type HashThreads = {
  /** A PHC string. */
  hash(password: string, cost: Options): Promise<string>;
  /** Rejects for what is no PHC string. */
  verify(phc: string, password: string): Promise<boolean>;
};

type Thread = { readonly worker: Worker; settle: Settle | undefined };
type Settle = { resolve(answer: Answer): void; reject(error: Error): void };

const threadFile = new URL(
  import.meta.url.endsWith(".ts") ? "./hash-thread.ts" : "./hash-thread.js",
  import.meta.url,
);

/** Threads are started when none is free, and kept; how many there are is up to who calls at once. */
export function createHashThreads(): HashThreads {
  const free = new Set<Thread>();

  function start(): Thread {
    const worker = new Worker(threadFile, {
      argv: [],
      execArgv: [],
      // The server's settings hold secrets, and here nobody needs them.
      env: {},
      resourceLimits: { maxOldGenerationSizeMb: 16, maxYoungGenerationSizeMb: 4 },
    });
    const thread: Thread = { worker, settle: undefined };
    worker.on("message", (answer: Answer) => thread.settle?.resolve(answer));
    worker.on("error", (error: Error) => thread.settle?.reject(error));
    worker.on("exit", () => {
      free.delete(thread);
      thread.settle?.reject(new Error("a thread that hashes passwords ended"));
    });
    return thread;
  }

  /** A thread whose job failed to be answered is on its way out and is not used again. */
  async function run(job: Job): Promise<string | boolean> {
    const [thread = start()] = free;
    free.delete(thread);
    // A process that is about to end waits for a hash, and not for a thread without one.
    thread.worker.ref();
    const answer = await new Promise<Answer>((resolve, reject) => {
      thread.settle = { resolve, reject };
      thread.worker.postMessage(job);
    });
    thread.settle = undefined;
    thread.worker.unref();
    free.add(thread);
    if ("error" in answer) throw new Error(answer.error);
    return answer.value;
  }

  return {
    hash: async (password, cost) => String(await run({ password, cost })),
    verify: async (phc, password) => (await run({ password, phc })) === true,
  };
}
