/** The inbox of development: messages stay in memory instead of being sent, with their code and link in reach. */
import type { FastifyInstance, FastifyRequest } from "fastify";
import type { Log } from "../domain/context.ts";
import { plainText } from "../domain/messages/plain-text.ts";
import type { Message, Sender } from "../domain/messages/sender.ts";
import type { Clock } from "../lib/clock.ts";
import type { Random } from "../lib/random.ts";

/** What the JSON API lists. */
type InboxMessage = {
  readonly id: string;
  readonly to: string;
  readonly channel: "email" | "sms";
  /** Null for text messages. */
  readonly subject: string | null;
  /** As text, whatever it was sent as. */
  readonly body: string;
  /** As it was sent; null for text messages. To be shown as source, or in a sandbox. */
  readonly html: string | null;
  readonly code: string | null;
  /** The first link in it. */
  readonly link: string | null;
  /** ISO 8601, by the server's clock. */
  readonly at: string;
};

type InboxQuery = {
  /** Any address when absent. Letter case does not matter: people type addresses as they like. */
  readonly to?: string;
  /** Only what came after this message; everything when it is not there any more. */
  readonly after?: string;
};

export type Inbox = Sender & {
  /** The messages that match, newest first. */
  find(query: InboxQuery): readonly InboxMessage[];
  /** Resolves at the next message, or when the signal says that nobody waits any more. */
  arrival(signal: AbortSignal): Promise<void>;
};

/** As many as a day of development makes; older ones go. */
const capacity = 500;

/** Makes an empty inbox. What it takes goes on to `forward` as well, whose failures are only logged. */
export function createInbox(given: {
  clock: Clock;
  random: Random;
  log: Log;
  forward?: Sender;
}): Inbox {
  let messages: readonly InboxMessage[] = [];
  const waiting = new Set<() => void>();
  return {
    async send(message) {
      messages = [listed(message, given), ...messages].slice(0, capacity);
      for (const resolve of waiting) resolve();
      await given.forward?.send(message).catch((error: unknown) => {
        given.log.warn({ err: error }, "a message is in the inbox but could not be sent on");
      });
    },
    find({ to, after }) {
      const until = messages.findIndex(({ id }) => id === after);
      const newer = until < 0 ? messages : messages.slice(0, until);
      const address = to?.toLowerCase();
      return address === undefined
        ? newer
        : newer.filter((message) => message.to.toLowerCase() === address);
    },
    async arrival(signal) {
      const arrived = Promise.withResolvers<void>();
      waiting.add(arrived.resolve);
      signal.addEventListener("abort", () => arrived.resolve(), { once: true });
      if (!signal.aborted) await arrived.promise;
      waiting.delete(arrived.resolve);
    },
  };
}

function listed(
  { to, channel, subject, body, code }: Message,
  { clock, random }: { clock: Clock; random: Random },
): InboxMessage {
  const text = channel === "email" ? plainText(body) : body;
  return {
    id: random.uuid(),
    to,
    channel,
    subject: channel === "email" ? subject : null,
    body: text,
    html: channel === "email" ? body : null,
    code: code ?? null,
    link: linkIn(text),
    at: new Date(clock.now()).toISOString(),
  };
}

function linkIn(text: string): string | null {
  const [link] = /https?:\/\/[^\s<>()"]+/.exec(text) ?? [];
  return link?.replace(/[.,;:!?']+$/, "") ?? null;
}

const longestWaitSeconds = 30;

/** `GET /_poolhouse/inbox?to=ADDRESS&after=ID&wait=SECONDS`: a list, newest first; with `wait` not before it has one. */
export function registerInbox(app: FastifyInstance, inbox: Inbox): void {
  const closing = new AbortController();
  app.addHook("preClose", async () => closing.abort());
  app.get("/_poolhouse/inbox", async (request, reply) => {
    const asked = readQuery(request);
    if (typeof asked === "string") return reply.code(400).send({ message: asked });
    const gone = new AbortController();
    reply.raw.once("close", () => gone.abort());
    const timeUp = AbortSignal.timeout(asked.waitSeconds * 1000);
    const signal = AbortSignal.any([timeUp, gone.signal, closing.signal]);
    return await firstFound(inbox, asked.query, asked.waitSeconds > 0 ? signal : undefined);
  });
}

async function firstFound(
  inbox: Inbox,
  query: InboxQuery,
  signal: AbortSignal | undefined,
): Promise<readonly InboxMessage[]> {
  for (;;) {
    const found = inbox.find(query);
    if (found.length > 0 || !signal || signal.aborted) return found;
    await inbox.arrival(signal);
  }
}

function readQuery(request: FastifyRequest): { query: InboxQuery; waitSeconds: number } | string {
  const { to, after, wait = "0", ...unknown } = request.query as Record<string, unknown>;
  const [name] = Object.keys(unknown);
  if (name !== undefined) return "Only to, after and wait may be asked for.";
  if (typeof wait !== "string" || !/^\d{1,4}$/.test(wait))
    return "wait must be a whole number of seconds.";
  if ([to, after].some((value) => value !== undefined && typeof value !== "string"))
    return "to and after may be given once each.";
  const query = {
    // No address holds a space, but a plus that was not escaped arrives as one.
    ...(to ? { to: String(to).replaceAll(" ", "+") } : {}),
    ...(after ? { after: String(after) } : {}),
  };
  return { query, waitSeconds: Math.min(Number(wait), longestWaitSeconds) };
}
