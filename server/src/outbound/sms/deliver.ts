/** What providers of text messages have in common: one request for one message, and what its answer means. */
import { type Message, Undeliverable } from "../../domain/messages/sender.ts";
import type { HttpClient, HttpResponse } from "../http.ts";

/** The whole of one attempt; the outbox claims messages for longer. */
const timeoutMs = 20_000;
const maxResponseBytes = 65_536;

export type Delivery = {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Reads the provider's answer when it did not take the message. */
  readonly refusalIn: (response: HttpResponse) => Refusal;
};

export type Refusal = {
  /** The provider's own name of it; its words are left out, since they repeat the number. */
  readonly code: string | undefined;
  /** Whether another attempt would end the same way. */
  readonly forGood: boolean;
};

/** E.164. Whatever else providers would read as a number is somebody else's. */
export function checkedNumber({ to }: Message): string {
  if (!/^\+[1-9]\d{4,14}$/.test(to)) throw new Undeliverable("its number cannot be a phone's");
  return to;
}

/** Sends one message; rejects as Sender says. */
export async function deliver(http: HttpClient, delivery: Delivery): Promise<void> {
  const { url, headers, body, refusalIn } = delivery;
  const response = await http.send({
    method: "POST",
    url,
    headers,
    body,
    timeoutMs,
    maxResponseBytes,
  });
  if (response.status >= 200 && response.status < 300) return;
  const { code, forGood } = refusalIn(response);
  const said = `status ${response.status}${code && /^[\w.:-]{1,60}$/.test(code) ? `, ${code}` : ""}`;
  throw forGood
    ? new Undeliverable(`the provider of text messages refuses it: ${said}`)
    : new Error(`the provider of text messages did not take it: ${said}`);
}
