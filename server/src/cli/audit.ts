import { setTimeout as pause } from "node:timers/promises";
import { describeEvent, type ListedEvent } from "./audit-event.ts";
import { readPlace, verify } from "./audit-verify.ts";
import { CommandError, exitCodes } from "./command-error.ts";
import type { DefineCommand } from "./index.ts";
import { callOperation } from "./signed-client.ts";

export const define: DefineCommand = (command) => {
  command
    .command("tail")
    .description("Print the newest events of the audit trail, oldest first.")
    .option("--follow", "go on printing events as they are sealed, about a second after each")
    .option("--pool <id>", "of this user pool alone")
    .option("--lines <number>", "how many of the newest to begin with, up to 500", readLines, 50)
    .option("--json", "print each event as CloudTrail has it, one a line")
    .action(tail);
  command
    .command("verify")
    .description("Check that nobody changed, added or took out an event of the audit trail.")
    .option("--expect <place>", "a place that an earlier check printed: SEQUENCE:HASH", readPlace)
    .option("--offline", "read the database and the master-key file, and ask no server")
    .option("--json", "print the result as JSON")
    .action(verify);
};

type Events = { Events: ListedEvent[]; LastSequence: number };

type TailOptions = { follow?: boolean; pool?: string; lines: number; json?: boolean };

const FOLLOW_EVERY_MS = 1_000;

async function tail({ follow, pool, lines, json }: TailOptions): Promise<void> {
  process.stdout.on("error", endWithReader);
  const ask = (more: object) =>
    callOperation<Events>("PoolhouseService.ListAuditEvents", {
      ...(pool === undefined ? {} : { UserPoolId: pool }),
      ...more,
    });
  const print = ({ Events }: Events) => {
    for (const event of Events) {
      process.stdout.write(`${json ? JSON.stringify(event.Event) : describeEvent(event)}\n`);
    }
  };
  let page = await ask({ MaxResults: lines });
  print(page);
  while (follow) {
    const after = page.LastSequence;
    page = await ask({ AfterSequence: after });
    print(page);
    // Behind by more than a page it does not wait.
    if (page.LastSequence === after) await pause(FOLLOW_EVERY_MS);
  }
}

/** Whoever reads the pipe has read enough, as `head` does. */
function endWithReader(error: NodeJS.ErrnoException): void {
  if (error.code !== "EPIPE") throw error;
  process.exit(exitCodes.done);
}

function readLines(given: string): number {
  const lines = Number(given);
  if (Number.isInteger(lines) && lines >= 1 && lines <= 500) return lines;
  throw new CommandError(`--lines takes a number from 1 to 500, not ${given}`, exitCodes.usage);
}
