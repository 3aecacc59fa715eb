import type { Log } from "../domain/context.ts";

/** Ctrl-C in a terminal reaches us several times at once: from the terminal, from npm, from the launcher. */
const SAME_SIGNAL_MS = 500;

/**
 * Stops the server at the first SIGINT, SIGTERM or SIGHUP, or at an error that nobody caught, and then ends the process;
 * a further signal ends it at once.
 */
export function stopOnSignal({ stop, log }: { stop: () => Promise<void>; log: Log }): void {
  let stoppingSinceMs: number | undefined;

  function end(exitCode: number): void {
    stoppingSinceMs = Date.now();
    stop().then(
      () => process.exit(exitCode),
      (error: unknown) => {
        log.error({ err: error }, "the server did not stop cleanly");
        process.exit(1);
      },
    );
  }

  for (const [signal, number] of [
    ["SIGINT", 2],
    ["SIGTERM", 15],
    ["SIGHUP", 1],
  ] as const) {
    process.on(signal, () => {
      if (stoppingSinceMs === undefined) end(0);
      else if (Date.now() - stoppingSinceMs > SAME_SIGNAL_MS) process.exit(128 + number);
    });
  }
  // After such an error nothing is known of the state in memory; what is in the store is whole.
  process.on("uncaughtException", (error) => {
    log.error({ err: error }, "an error was caught by nobody: stopping");
    if (stoppingSinceMs === undefined) end(1);
  });
}
