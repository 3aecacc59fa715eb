/** Text messages by an endpoint of your own: one signed POST for each. */
import type { Sender } from "../../domain/messages/sender.ts";
import type { HttpClient } from "../http.ts";
import { signatureHeaders } from "../webhook-signature.ts";
import { checkedNumber, deliver } from "./deliver.ts";

export type SmsWebhookOptions = {
  readonly http: HttpClient;
  /** What the receiver compares its own clock with. */
  nowMs(): number;
  readonly url: string;
  readonly secret: string;
};

/** A sender that posts `{"to":"+…","body":"…"}`; 400 and 422 say that this message will never be taken. */
export function createSmsWebhook({ http, nowMs, url, secret }: SmsWebhookOptions): Sender {
  return {
    async send(message) {
      const body = JSON.stringify({ to: checkedNumber(message), body: message.body });
      await deliver(http, {
        url,
        headers: {
          "content-type": "application/json",
          ...signatureHeaders({ secret, body, nowMs: nowMs() }),
        },
        body,
        refusalIn: ({ status }) => ({
          code: undefined,
          forGood: status === 400 || status === 422,
        }),
      });
    },
  };
}
