/** What the outbox holds of a message: its text only ever sealed, with the time after which it would be of no use. */
import type { NewRow } from "../../store/schema.ts";
import { codeLifetimeMs } from "../codes/code.ts";
import type { Context } from "../context.ts";
import type { UserPool } from "../pools/pool.ts";
import type { Wording } from "../triggers/custom-message.ts";
import type { Message } from "./sender.ts";

/** A message without a code is news; a day later it is none. */
const newsLifetimeMs = 86_400_000;

export type Envelope = {
  readonly message: Message;
  readonly expiresAtMs: number;
  /** Where a function of the pool words or sends the message. */
  readonly wording?: Wording;
};

/** The row to insert for a message to this user. */
export function outboxRow(
  context: Pick<Context, "random" | "clock" | "vault">,
  given: {
    pool: UserPool;
    userId: string | null;
    message: Message;
    wording?: Wording | undefined;
  },
): NewRow<"outbox"> {
  const { pool, userId, message, wording } = given;
  const id = context.random.uuid();
  const nowMs = context.clock.now();
  // The shortest life that any code of this pool has: later than that it might not be accepted any more.
  const lifetimeMs = message.code ? codeLifetimeMs(pool, "reset-password") : newsLifetimeMs;
  const expiresAtMs = nowMs + lifetimeMs;
  const envelope: Envelope = { message, expiresAtMs, ...(wording ? { wording } : {}) };
  return {
    id,
    user_pool_id: pool.id,
    user_id: userId,
    body: context.vault.seal(bodyPlace(id), JSON.stringify(envelope)),
    attempts: 0,
    next_attempt_at_ms: nowMs,
    created_at_ms: nowMs,
    failed_at_ms: null,
  };
}

/** Opens what outboxRow sealed; throws when it was changed or its key is gone. */
export function openEnvelope(
  context: Pick<Context, "vault">,
  row: { readonly id: string; readonly body: string },
): Envelope {
  // Sealed by outboxRow.
  return JSON.parse(context.vault.open(bodyPlace(row.id), row.body).toString("utf8")) as Envelope;
}

function bodyPlace(id: string) {
  return { table: "outbox", column: "body", row: id };
}
