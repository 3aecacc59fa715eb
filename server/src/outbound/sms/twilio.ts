/** Text messages by Twilio, or by one of the services that speak as it does: the Messages resource of its 2010 API. */
import type { Sender } from "../../domain/messages/sender.ts";
import type { HttpClient } from "../http.ts";
import { checkedNumber, deliver } from "./deliver.ts";

export type TwilioOptions = {
  readonly http: HttpClient;
  readonly accountSid: string;
  readonly authToken: string;
  /** A number, a name that phones show, or the id of a messaging service (`MG…`). */
  readonly from: string;
  /** Without a slash at its end. */
  readonly endpoint: string;
};

/** A sender over Twilio. */
export function createTwilioSender(options: TwilioOptions): Sender {
  const { http, accountSid, authToken, from, endpoint } = options;
  const sender = /^MG[0-9a-f]{32}$/i.test(from) ? "MessagingServiceSid" : "From";
  const basic = Buffer.from(`${accountSid}:${authToken}`).toString("base64");
  return {
    async send(message) {
      const form = { To: checkedNumber(message), [sender]: from, Body: message.body };
      await deliver(http, {
        url: `${endpoint}/2010-04-01/Accounts/${accountSid}/Messages.json`,
        headers: {
          "content-type": "application/x-www-form-urlencoded",
          authorization: `Basic ${basic}`,
        },
        body: new URLSearchParams(form).toString(),
        // Twilio changes its codes as it goes and asks not to decide by them; its 400 is about the message.
        refusalIn: ({ status, body }) => ({
          code: /"code":\s*(\d{1,9})\b/.exec(body)?.[1],
          forGood: status === 400,
        }),
      });
    },
  };
}
