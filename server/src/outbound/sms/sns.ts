/** Text messages by Amazon SNS: its Publish action over the Query protocol. */
import type { Sender } from "../../domain/messages/sender.ts";
import { signAwsRequest } from "../../protocol/sigv4/sign-request.ts";
import type { HttpClient } from "../http.ts";
import { checkedNumber, deliver } from "./deliver.ts";

export type SnsOptions = {
  readonly http: HttpClient;
  /** AWS's clock, not one that was moved: signatures are good for minutes. */
  nowMs(): number;
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** What phones show as the sender, where a country allows it. */
  readonly senderId: string | undefined;
  /** Without a slash at its end. */
  readonly endpoint: string;
};

/** A sender over SNS, as transactional messages. */
export function createSnsSender(options: SnsOptions): Sender {
  const { http, region, accessKeyId, secretAccessKey } = options;
  return {
    async send(message) {
      const url = new URL("/", options.endpoint);
      const body = publishForm(checkedNumber(message), message.body, options.senderId);
      const headers = signAwsRequest(
        { region, accessKeyId, secretAccessKey },
        {
          url,
          service: "sns",
          headers: { "content-type": "application/x-www-form-urlencoded; charset=utf-8" },
          body,
        },
        options.nowMs(),
      );
      await deliver(http, {
        url: url.href,
        headers,
        body,
        refusalIn({ body: answer }) {
          const code = /<Code>([^<]*)<\/Code>/.exec(answer)?.[1];
          // Of SNS's errors, what is about the number or the text; keys, rates and budgets may be put right meanwhile.
          return { code, forGood: code === "InvalidParameter" || code === "InvalidParameterValue" };
        },
      });
    },
  };
}

function publishForm(number: string, text: string, senderId: string | undefined): string {
  const attributes = {
    "AWS.SNS.SMS.SMSType": "Transactional",
    ...(senderId === undefined ? {} : { "AWS.SNS.SMS.SenderID": senderId }),
  };
  const entries = Object.entries(attributes).flatMap(([name, value], at) => {
    const entry = `MessageAttributes.entry.${at + 1}`;
    return [
      [`${entry}.Name`, name],
      [`${entry}.Value.DataType`, "String"],
      [`${entry}.Value.StringValue`, value],
    ] as [string, string][];
  });
  return new URLSearchParams([
    ["Action", "Publish"],
    ["Version", "2010-03-31"],
    ["PhoneNumber", number],
    ["Message", text],
    ...entries,
  ]).toString();
}
