import { fork } from "node:child_process";
import { once } from "node:events";
import type { StorePlace } from "./places.ts";
import type { Order, VerbCall } from "./store-process.ts";

/** Another process with the same store open. */
export type StoreProcess = {
  /** Runs all the calls at once and answers their results in order. */
  call: (calls: VerbCall[]) => Promise<unknown[]>;
  migrate: () => Promise<void>;
  /** Migrates with the long migration and resolves in the middle of it, where the process stays. */
  stallInMigration: () => Promise<void>;
  /** Writes facts `written 0`, `written 1`, … and resolves when `count` of them are acknowledged; it goes on. */
  write: (count: number) => Promise<void>;
  /** Ends it by SIGKILL; answers what it said since the last order. */
  kill: () => Promise<unknown[]>;
};

/** Starts a process on a store. */
export async function startStoreProcess(place: StorePlace): Promise<StoreProcess> {
  const child = fork(new URL("./store-process.ts", import.meta.url), [JSON.stringify(place)], {
    execArgv: [],
  });
  let said: unknown[] = [];
  let failed: Error | undefined;
  child.on("message", (message: { result?: unknown; error?: string }) => {
    said.push(message.result);
    failed ??= message.error === undefined ? undefined : new Error(message.error);
  });
  const gone = once(child, "exit");

  async function heard(count: number): Promise<void> {
    while (said.length < count) {
      await Promise.race([
        once(child, "message"),
        gone.then(([code, signal]) => {
          throw new Error(`The other process ended: ${code ?? signal}`);
        }),
      ]);
    }
    if (failed) {
      throw failed;
    }
  }

  async function order(what: Order, { answers = 1 } = {}): Promise<unknown> {
    said = [];
    child.send(what);
    await heard(answers);
    return said[0];
  }

  await heard(1);
  return {
    call: async (calls) => (await order({ order: "call", calls })) as unknown[],
    migrate: async () => void (await order({ order: "migrate" })),
    stallInMigration: async () => void (await order({ order: "stall" })),
    write: async (count) => void (await order({ order: "write" }, { answers: count })),
    async kill() {
      child.kill("SIGKILL");
      await gone;
      return said;
    },
  };
}
