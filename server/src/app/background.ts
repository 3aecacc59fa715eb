import { startSealer } from "../domain/audit/seal.ts";
import type { Context } from "../domain/context.ts";
import { startKeyRotation } from "../domain/keys/rotation-worker.ts";
import { createSpareKeyPairs } from "../domain/keys/spare-key-pairs.ts";
import { startTellingClients } from "../domain/logout/tell-clients.ts";
import { type Outbox, startOutbox } from "../domain/messages/outbox.ts";
import { startPurge } from "../domain/purge/purge.ts";

/** Two for each of the next pools. */
const SPARE_KEY_PAIRS = 4;

/** The work that a node does without being asked. */
export type Background = Pick<Context, "wakeOutbox" | "makeSigningKeyPair"> & {
  start(context: Context): void;
  /** Lets what is under way finish. */
  stop(): Promise<void>;
};

/** Makes the work ready; it begins with `start`, and until then nothing is lost by asking for it. */
export function createBackground(): Background {
  const keyPairs = createSpareKeyPairs({ count: SPARE_KEY_PAIRS });
  const workers: { stop(): Promise<void> }[] = [];
  let outbox: Outbox | undefined;
  return {
    wakeOutbox: () => outbox?.wake(),
    makeSigningKeyPair: keyPairs.take,
    start(context) {
      outbox = startOutbox(context);
      workers.push(
        outbox,
        startSealer(context),
        startKeyRotation(context),
        startPurge(context),
        startTellingClients(context),
      );
      void keyPairs.fill();
    },
    async stop() {
      const ends = await Promise.allSettled(workers.map((worker) => worker.stop()));
      const failed = ends.find((end) => end.status === "rejected");
      if (failed) throw failed.reason;
    },
  };
}
