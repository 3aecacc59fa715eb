/** The worker of the outbox: sends what calls left there, at least once, and gives up when it would be of no use. */
import {
  claimOutboxMessages,
  deleteOutboxMessage,
  failOutboxMessage,
  type OutboxRow,
  postponeOutboxMessage,
} from "../../store/outbox.ts";
import { type Call, makeOwnCall } from "../call.ts";
import type { Context } from "../context.ts";
import { findPool, type UserPool } from "../pools/pool.ts";
import { retryDelayMs } from "../retry-delay.ts";
import { wordMessage } from "../triggers/custom-message.ts";
import { hasCustomSender, sendByFunction } from "../triggers/custom-sender.ts";
import { recordDeliveryFailure } from "./delivery-failure.ts";
import { type Envelope, openEnvelope } from "./outbox-row.ts";
import { Undeliverable } from "./sender.ts";

const batchSize = 10;
/** Longer than any sender tries. A node that dies holds back what it had claimed for so long. */
const claimMs = 60_000;
const maxAttempts = 10;
/** For messages that became due again, that another node left, or whose wake-up was lost. */
const pollMs = 2_000;

export type Outbox = {
  /** Says that a message may be there, so that it does not wait for the next look. */
  wake(): void;
  /** Lets what is being sent finish, and sends no more. */
  stop(): Promise<void>;
};

/** Starts the worker of this node; any number of nodes may run one over the same database. */
export function startOutbox(context: Context, { everyMs = pollMs } = {}): Outbox {
  let alarm = Promise.withResolvers<void>();
  let stopping = false;

  async function run(): Promise<void> {
    while (!stopping) {
      // Set before looking: who wakes while it looks must not be overheard.
      alarm = Promise.withResolvers();
      const found = await stepOutbox(context).catch((error: unknown) => {
        context.log.error({ err: error }, "the outbox could not be read; it will be tried again");
        return 0;
      });
      if (found === 0 && !stopping) await nap();
    }
  }

  async function nap(): Promise<void> {
    const timer = setTimeout(alarm.resolve, everyMs).unref();
    await alarm.promise;
    clearTimeout(timer);
  }

  const running = run();
  return {
    wake: () => alarm.resolve(),
    async stop() {
      stopping = true;
      alarm.resolve();
      await running;
    },
  };
}

/** Claims the messages that are due, tries each once, and answers how many there were. */
export async function stepOutbox(context: Context): Promise<number> {
  const nowMs = context.clock.now();
  const claim = { nowMs, retryAtMs: nowMs + claimMs, limit: batchSize };
  const rows = await claimOutboxMessages(context.store.db, claim);
  await Promise.all(rows.map((row) => deliver(context, row)));
  return rows.length;
}

async function deliver(context: Context, row: OutboxRow): Promise<void> {
  const envelope = readEnvelope(context, row);
  if (envelope instanceof Error) return await giveUp(context, row, { error: envelope });
  try {
    await send(context, row, envelope);
  } catch (error) {
    return await tryLater(context, row, { envelope, error });
  }
  await deleteOutboxMessage(context.store.db, row.id);
}

function readEnvelope(context: Context, row: OutboxRow): Envelope | Error {
  try {
    return openEnvelope(context, row);
  } catch (error) {
    return new Undeliverable("its text does not open", { cause: error });
  }
}

async function send(context: Context, row: OutboxRow, envelope: Envelope): Promise<void> {
  if (context.clock.now() >= envelope.expiresAtMs)
    throw new Undeliverable("it would come too late to be of use");
  // More claims than attempts: whoever claimed it before never got as far as saying that it failed.
  if (row.attempts > maxAttempts) throw new Undeliverable("it was tried too often");
  const { message, wording } = envelope;
  if (!wording) return await context.sender.send(message);
  const { call, pool } = await openCall(context, row);
  const asked = { message, wording };
  if (hasCustomSender(pool, message.channel)) return await sendByFunction(call, pool, asked);
  await context.sender.send(await wordMessage(call, pool, asked));
}

/** What the pool's functions are asked within; each call of one leaves a row in the trail of its own. */
async function openCall(context: Context, row: OutboxRow): Promise<{ call: Call; pool: UserPool }> {
  const pool =
    row.user_pool_id === null ? undefined : await findPool(context.store.db, row.user_pool_id);
  if (!pool) throw new Undeliverable("its pool is gone");
  const facts = { service: "cognito-idp", operation: "DeliverMessage", requestId: row.id };
  const call = makeOwnCall(context, facts);
  if (row.user_id !== null) call.about.sub = row.user_id;
  // Nothing is due for the sending itself.
  call.trail.written = true;
  return { call, pool };
}

type Failure = { readonly envelope?: Envelope; readonly error: unknown };

async function tryLater(
  context: Context,
  row: OutboxRow,
  failure: Failure & { readonly envelope: Envelope },
): Promise<void> {
  const nextAttemptAtMs = context.clock.now() + retryDelayMs(row.attempts);
  const inVain =
    failure.error instanceof Undeliverable ||
    row.attempts >= maxAttempts ||
    nextAttemptAtMs >= failure.envelope.expiresAtMs;
  if (inVain) return await giveUp(context, row, failure);
  context.log.warn(aboutFor(row, failure), "a message could not be sent and will be tried again");
  await postponeOutboxMessage(context.store.db, { id: row.id, nextAttemptAtMs });
}

async function giveUp(context: Context, row: OutboxRow, failure: Failure): Promise<void> {
  context.log.error(aboutFor(row, failure), "a message could not be sent and was given up");
  const channel = failure.envelope?.message.channel;
  await context.store.transaction(async (trx) => {
    await failOutboxMessage(trx, { id: row.id, nowMs: context.clock.now() });
    await recordDeliveryFailure(trx, context, {
      userPoolId: row.user_pool_id,
      userId: row.user_id,
      requestId: row.id,
      attempts: row.attempts,
      ...(channel === undefined ? {} : { channel }),
    });
  });
}

/** For the log: never the text, which holds a code. */
function aboutFor(row: OutboxRow, { envelope, error }: Failure): object {
  return {
    message: row.id,
    userPoolId: row.user_pool_id,
    channel: envelope?.message.channel,
    attempts: row.attempts,
    err: error,
  };
}
