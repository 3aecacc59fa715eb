/** The codes that users of a test receive, and the ones they do not. */
import { stepOutbox } from "../domain/messages/outbox.ts";
import type { TestApp } from "./app.ts";

/** The code in the last message that was sent. */
export function lastCode({ sent }: TestApp): string {
  const code = sent.at(-1)?.code;
  if (code === undefined) throw new Error("no message with a code was sent");
  return code;
}

/** A code of the same form that is not this one, by its last digit. */
export function wrongFor(code: string): string {
  return `${code.slice(0, -1)}${code.endsWith("0") ? "1" : "0"}`;
}

/** Sends what waits in the outbox. */
export async function deliverOutbox({ context }: TestApp): Promise<void> {
  while ((await stepOutbox(context)) > 0);
}
