import { useEffect, useState } from "react";

/** One message, as `GET /_poolhouse/inbox` lists it. */
export interface Message {
  id: string;
  to: string;
  /** `email` or `sms`. */
  channel: string;
  subject: string | null;
  body: string;
  code: string | null;
  link: string | null;
  /** ISO 8601, by the server's clock. */
  at: string;
}

/** The messages so far, newest first; none known yet; or why they cannot be had just now. */
export interface Inbox {
  messages: readonly Message[] | undefined;
  problem: string | undefined;
}

const waitSeconds = 25;
const retryMs = 3000;

/** Follows the inbox: each request stays open until a message arrives or its time is up. */
export function useInbox(): Inbox {
  const [inbox, setInbox] = useState<Inbox>({ messages: undefined, problem: undefined });

  useEffect(() => {
    const stop = new AbortController();
    follow(setInbox, stop.signal).catch((error: unknown) => {
      if (!stop.signal.aborted) throw error;
    });
    return () => stop.abort();
  }, []);

  return inbox;
}

async function follow(show: (inbox: Inbox) => void, signal: AbortSignal): Promise<void> {
  let known: readonly Message[] | undefined;
  while (!signal.aborted) {
    try {
      known = known
        ? merge(await fetchAfter(known, signal), known)
        : await fetchMessages("", signal);
      if (signal.aborted) return;
      show({ messages: known, problem: undefined });
    } catch (error) {
      if (signal.aborted) return;
      show({ messages: known, problem: error instanceof Error ? error.message : String(error) });
      // The server may come back with another inbox, so the next answer replaces what is known.
      known = undefined;
      await pause(retryMs);
    }
  }
}

async function fetchAfter(
  known: readonly Message[],
  signal: AbortSignal,
): Promise<readonly Message[]> {
  const query = new URLSearchParams({ wait: String(waitSeconds) });
  const newest = known[0];
  if (newest) query.set("after", newest.id);
  const startedMs = performance.now();
  const messages = await fetchMessages(`?${query}`, signal);
  // Should an empty answer come back at once, this keeps the page from asking without a breath.
  if (messages.length === 0 && performance.now() - startedMs < 1000) await pause(retryMs);
  return messages;
}

async function fetchMessages(query: string, signal: AbortSignal): Promise<readonly Message[]> {
  const response = await fetch(`/_poolhouse/inbox${query}`, { signal });
  if (!response.ok) throw new Error(`The server answered ${response.status}`);
  return response.json();
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** Puts newer messages on top of older ones, each once. */
export function merge(newer: readonly Message[], older: readonly Message[]): readonly Message[] {
  const ids = new Set(newer.map((message) => message.id));
  return [...newer, ...older.filter((message) => !ids.has(message.id))];
}

/** Returns the link if following it can only open a page, and nothing for schemes that run code. */
export function safeLink(link: string | null): string | undefined {
  if (!link || !URL.canParse(link)) return undefined;
  return ["https:", "http:"].includes(new URL(link).protocol) ? link : undefined;
}
