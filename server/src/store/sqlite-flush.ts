import { type FileHandle, open } from "node:fs/promises";
import { StoreUnavailable } from "./store-unavailable.ts";

/** Brings what SQLite committed onto the disk. */
export type Flush = {
  /** Resolves when all that is committed at this moment will outlive a power cut; rejects when nobody knows that it will. */
  commits(): Promise<void>;
  /** Lets what was asked before finish. */
  close(): Promise<void>;
};

/**
 * Flushes the write-ahead log of this SQLite file. With `synchronous = full` every commit waits for a flush of its own and
 * stops the whole process meanwhile. Here commits go on while the disk works, and the next flush serves all of them.
 */
export function flushLog(file: string): Flush {
  let log: FileHandle | undefined;
  let running: Promise<void> | undefined;
  let next: Promise<void> | undefined;
  let failure: StoreUnavailable | undefined;

  async function run(): Promise<void> {
    if (failure) throw failure;
    try {
      // SQLite takes no locks on its log, so closing it here takes none away. Windows flushes only what may be written.
      log ??= await open(`${file}-wal`, "r+");
    } catch (error) {
      throw unavailable(error);
    }
    try {
      await log.datasync();
    } catch (error) {
      // The system may have forgotten what it could not write, so a later success would prove nothing.
      failure = unavailable(error);
      throw failure;
    }
  }

  /** Begins a flush as soon as the one under way is over; what is committed until then is part of it. */
  async function runNext(): Promise<void> {
    await running?.catch(() => undefined);
    next = undefined;
    running = run().finally(() => {
      running = undefined;
    });
    await running;
  }

  return {
    commits() {
      next ??= runNext();
      return next;
    },
    async close() {
      await Promise.allSettled([running, next]);
      await log?.close();
    },
  };
}

function unavailable(error: unknown): StoreUnavailable {
  const reason = error instanceof Error ? error.message : "unknown";
  return new StoreUnavailable(`The SQLite database could not be flushed: ${reason}`, {
    cause: error,
  });
}
