import { createHash, createHmac } from "node:crypto";
import { SignatureV4 } from "@smithy/signature-v4";
import { describe, expect, test } from "vitest";
import { type Message, type Sender, Undeliverable } from "../../domain/messages/sender.ts";
import { signAwsRequest } from "../../protocol/sigv4/sign-request.ts";
import { signingKeys } from "../../protocol/sigv4/signing-keys.ts";
import { verifySignature } from "../../protocol/sigv4/verify-signature.ts";
import { localHttp as http, httpServer, type Received } from "../../testing/http-server.ts";
import { createSnsSender } from "./sns.ts";
import { createTwilioSender } from "./twilio.ts";
import { createSmsWebhook } from "./webhook.ts";

const nowMs = Date.UTC(2026, 10, 25, 12);
const secret = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
const accessKeyId = "AKIAPOOLHOUSETEST000";
const accountSid = `AC${"0".repeat(32)}`;
const message: Message = {
  channel: "sms",
  to: "+491701234567",
  subject: "",
  body: "Your code is 012345 & 日本",
  code: "012345",
};

const providers: Record<string, (origin: string) => Sender> = {
  sns: (endpoint) => {
    const keys = { region: "eu-west-1", accessKeyId, secretAccessKey: secret };
    return createSnsSender({ http, nowMs: () => nowMs, ...keys, senderId: "SHOP", endpoint });
  },
  twilio: (endpoint) =>
    createTwilioSender({ http, accountSid, authToken: secret, from: "+15550001111", endpoint }),
  webhook: (origin) =>
    createSmsWebhook({ http, nowMs: () => nowMs, url: `${origin}/sms?shop=1`, secret }),
};
const names = Object.keys(providers);
const senderOf = (name: string, origin: string): Sender => {
  const make = providers[name];
  if (!make) throw new Error(`no provider ${name}`);
  return make(origin);
};

async function sendBy(name: string, status = 200, body = ""): Promise<Received> {
  const { origin, received } = await httpServer(() => ({ status, body }));
  await senderOf(name, origin).send(message);
  expect(received).toHaveLength(1);
  return received[0] as Received;
}

test("SNS gets Publish, signed for its service and region", async () => {
  const { method, url = "", rawHeaders, body } = await sendBy("sns");
  expect([method, url]).toEqual(["POST", "/"]);
  expect(Object.fromEntries(new URLSearchParams(body))).toEqual({
    Action: "Publish",
    Version: "2010-03-31",
    PhoneNumber: message.to,
    Message: message.body,
    "MessageAttributes.entry.1.Name": "AWS.SNS.SMS.SMSType",
    "MessageAttributes.entry.1.Value.DataType": "String",
    "MessageAttributes.entry.1.Value.StringValue": "Transactional",
    "MessageAttributes.entry.2.Name": "AWS.SNS.SMS.SenderID",
    "MessageAttributes.entry.2.Value.DataType": "String",
    "MessageAttributes.entry.2.Value.StringValue": "SHOP",
  });
  const keys = signingKeys((id) => (id === accessKeyId ? { secret } : undefined));
  const request = { method: "POST", rawUrl: url, rawHeaders, body: Buffer.from(body) };
  const verified = await verifySignature(request, keys, { nowMs, expected: { service: "sns" } });
  expect(verified).toMatchObject({ ok: true, region: "eu-west-1" });
});

test("AWS's own library signs the same request in the same way", async () => {
  class Sha256 {
    readonly #hash;
    constructor(key?: string | ArrayBuffer | ArrayBufferView) {
      const bytes = key === undefined || typeof key === "string" ? key : Buffer.from(key as never);
      this.#hash = bytes === undefined ? createHash("sha256") : createHmac("sha256", bytes);
    }
    update(data: string | ArrayBuffer | ArrayBufferView): void {
      this.#hash.update(typeof data === "string" ? data : Buffer.from(data as never));
    }
    async digest(): Promise<Uint8Array> {
      return this.#hash.digest();
    }
    reset(): void {}
  }
  const url = new URL("https://lambda.eu-west-1.amazonaws.com/functions/arn%3Aaws%3Aa/invocations");
  const headers = { "content-type": "application/json" };
  const sessionToken = "a-token";
  const credentials = { accessKeyId, secretAccessKey: secret, sessionToken };
  const theirs = await new SignatureV4({
    credentials,
    region: "eu-west-1",
    service: "lambda",
    sha256: Sha256 as never,
    applyChecksum: false,
  }).sign(
    {
      method: "POST",
      protocol: "https:",
      hostname: url.hostname,
      path: url.pathname,
      query: {},
      headers: { ...headers, host: url.host },
      body: "{}",
    },
    { signingDate: new Date(nowMs) },
  );
  const ours = signAwsRequest(
    { region: "eu-west-1", ...credentials },
    { url, service: "lambda", headers, body: "{}" },
    nowMs,
  );
  expect(ours["authorization"]).toBe(theirs.headers["authorization"]);
});

test("Twilio gets a form at the account's messages, by its token", async () => {
  const { method, url, headers, body } = await sendBy("twilio", 201);
  expect([method, url]).toEqual(["POST", `/2010-04-01/Accounts/${accountSid}/Messages.json`]);
  const basic = Buffer.from(`${accountSid}:${secret}`).toString("base64");
  expect(headers.authorization).toBe(`Basic ${basic}`);
  expect(Object.fromEntries(new URLSearchParams(body))).toEqual({
    To: message.to,
    From: "+15550001111",
    Body: message.body,
  });
});

test("Twilio's messaging services stand where the sender does", async () => {
  const { origin, received } = await httpServer(() => ({ status: 201 }));
  const from = `MG${"a".repeat(32)}`;
  await createTwilioSender({ http, accountSid, authToken: secret, from, endpoint: origin }).send(
    message,
  );
  const form = new URLSearchParams(received[0]?.body);
  expect([form.get("MessagingServiceSid"), form.get("From")]).toEqual([from, null]);
});

test("a webhook gets number and text, and can check who sent them and when", async () => {
  const { method, url, headers, body } = await sendBy("webhook", 204);
  expect([method, url]).toEqual(["POST", "/sms?shop=1"]);
  expect(JSON.parse(body)).toEqual({ to: message.to, body: message.body });
  const timestamp = headers["x-poolhouse-timestamp"];
  expect(timestamp).toBe(String(nowMs / 1000));
  const hmac = createHmac("sha256", secret).update(`${timestamp}.${body}`).digest("hex");
  expect(headers["x-poolhouse-signature"]).toBe(`v1=${hmac}`);
});

const xml = (code: string) =>
  `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>${message.to} is bad</Message></Error></ErrorResponse>`;
const json = (code: number) => JSON.stringify({ code, message: `${message.to} is bad` });

describe("what is refused for good is given up", () => {
  test.each([
    ["sns", 400, xml("InvalidParameter"), /status 400, InvalidParameter$/],
    ["sns", 400, xml("InvalidParameterValue"), /status 400, InvalidParameterValue$/],
    ["twilio", 400, json(21211), /status 400, 21211$/],
    ["webhook", 400, "", /status 400$/],
    ["webhook", 422, "no", /status 422$/],
  ])("%s: %d %s", async (...[name, status, body, said]) => {
    const sent = sendBy(name, status, body);
    await expect(sent).rejects.toBeInstanceOf(Undeliverable);
    await expect(sent).rejects.toThrow(said);
    // The number and the code are in no log.
    await expect(sent).rejects.not.toThrow(/\+49|012345/);
  });
});

describe("what may be put right is tried again", () => {
  test.each([
    ["sns", 400, xml("Throttling")],
    ["sns", 403, xml("SignatureDoesNotMatch")],
    ["sns", 403, xml(`<a>${message.to}`)],
    ["sns", 500, "<Code>InternalError</Code>"],
    ["twilio", 401, json(20003)],
    ["twilio", 429, json(20429)],
    ["twilio", 503, ""],
    ["webhook", 404, ""],
    ["webhook", 302, ""],
    ["webhook", 500, message.to],
  ])("%s: %d %s", async (name, status, body) => {
    const sent = sendBy(name, status, body);
    await expect(sent).rejects.toThrow(`status ${status}`);
    await expect(sent).rejects.not.toBeInstanceOf(Undeliverable);
    await expect(sent).rejects.not.toThrow(/\+49|012345|wJalr/);
  });
});

describe.each(names)("%s", (name) => {
  test("takes nothing that is not a number of a phone", async () => {
    const { origin, received } = await httpServer(() => ({ status: 200 }));
    for (const to of [
      "491701234567",
      "+0491701234567",
      "+49170123456789012",
      "+4917",
      "+491701234567,+15550001111",
      "+491701234567\n",
      "+４９１７０１２３４５６７",
      "ada@example.com",
      "arn:aws:sns:eu-west-1:000000000000:topic",
      "",
    ]) {
      const sent = senderOf(name, origin).send({ ...message, to });
      await expect(sent).rejects.toBeInstanceOf(Undeliverable);
    }
    expect(received).toEqual([]);
  });

  test("a provider that cannot be reached is an error to try again after", async () => {
    const sent = senderOf(name, "http://127.0.0.1:1").send(message);
    await expect(sent).rejects.toThrow(/ECONNREFUSED/);
    await expect(sent).rejects.not.toBeInstanceOf(Undeliverable);
  });
});
