import { expect, test } from "vitest";
import { readServerConfig } from "../config.ts";
import { ConfigError, type Environment } from "./reading.ts";

const sid = `AC${"0123456789abcdef".repeat(2)}`;
const secret = "s3cret-s3cret-s3cret";
const withUrl = (url: string, more: Environment = {}) =>
  readServerConfig("dev", { POOLHOUSE_SMS_URL: url, POOLHOUSE_SMS_SECRET: secret, ...more }).sms;

function problemsOf(environment: Environment): string {
  try {
    readServerConfig("dev", environment);
    return "";
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.problems.join("\n");
  }
}

test.each<[string, object]>([
  [
    "sns://AKIAPOOLHOUSETEST000@eu-west-1",
    {
      kind: "sns",
      region: "eu-west-1",
      accessKeyId: "AKIAPOOLHOUSETEST000",
      senderId: undefined,
      endpoint: "https://sns.eu-west-1.amazonaws.com",
    },
  ],
  [
    "sns://AKIAPOOLHOUSETEST000@eu-west-1?senderId=Shop1&endpoint=https://sns.example.com:4566/",
    { senderId: "Shop1", endpoint: "https://sns.example.com:4566" },
  ],
  [
    `twilio://${sid}@api.twilio.com?from=+15550001111`,
    {
      kind: "twilio",
      accountSid: sid,
      from: "+15550001111",
      endpoint: "https://api.twilio.com",
    },
  ],
  [`twilio://${sid}@api.twilio.com/?from=%2B15550001111`, { from: "+15550001111" }],
  [`twilio://${sid}@sms.example.com:8443?from=My%20Shop`, { from: "My Shop" }],
  [
    "https://hooks.example.com/sms?a=b",
    { kind: "webhook", url: "https://hooks.example.com/sms?a=b" },
  ],
])("%s is taken", (url, expected) => {
  expect(withUrl(url)).toMatchObject({ ...expected, secret });
});

test.each([
  ["mail.example.com", "must begin with sns://, twilio:// or https://"],
  ["smtp://hunter2@mail.example.com", "must begin with"],
  ["https://hunter2@hooks.example.com", "must begin with"],
  [`twilio://${sid}:hunter2@api.twilio.com?from=+15550001111`, "must not hold a secret"],
  ["sns://AKIAPOOLHOUSETEST000:hunter2@eu-west-1", "must not hold a secret"],
  ["sns://eu-west-1", "must be sns://ACCESS_KEY_ID@REGION"],
  ["sns://AKIAPOOLHOUSETEST000@sns.eu-west-1.amazonaws.com", "must be sns://"],
  ["sns://AKIAPOOLHOUSETEST000@eu-west-1?senderID=SHOP", "must be sns://"],
  ["sns://AKIAPOOLHOUSETEST000@eu-west-1?senderId=12345", "must be sns://"],
  ["sns://AKIAPOOLHOUSETEST000@eu-west-1?endpoint=sns.example.com", "must be sns://"],
  ["sns://AKIAPOOLHOUSETEST000@eu-west-1/path", "must be sns://"],
  [`twilio://${sid}@api.twilio.com`, "must be twilio://ACCOUNT_SID@"],
  [`twilio://${sid}@api.twilio.com?from=`, "must be twilio://"],
  [`twilio://${sid}@api.twilio.com?from=+1&to=+1555`, "must be twilio://"],
  [`twilio://${sid}?from=+15550001111`, "must be twilio://"],
  ["twilio://ACnothex@api.twilio.com?from=+15550001111", "must be twilio://"],
  ["http://hooks.example.com/sms", "is plain HTTP"],
  ["sns://AKIAPOOLHOUSETEST000@eu-west-1?endpoint=http://127.0.0.1:4566", "is plain HTTP"],
])("%s is refused without being repeated", (url, expected) => {
  const told = problemsOf({ POOLHOUSE_SMS_URL: url, POOLHOUSE_SMS_SECRET: secret });
  expect(told).toContain("POOLHOUSE_SMS_URL");
  expect(told).toContain(expected);
  expect(told).not.toMatch(/hunter2|s3cret|\n/);
});

test("plain HTTP is for hosts that may be private", () => {
  const allowed = { POOLHOUSE_ALLOWED_PRIVATE_HOSTS: "127.0.0.1,Hooks.Internal" };
  expect(withUrl("http://hooks.internal/sms", allowed)).toMatchObject({ kind: "webhook" });
  const sns = "sns://AKIAPOOLHOUSETEST000@eu-west-1?endpoint=http://127.0.0.1:4566";
  expect(withUrl(sns, allowed)).toMatchObject({ endpoint: "http://127.0.0.1:4566" });
});

test("URL and secret belong together, and the secret is never repeated", () => {
  const url = "https://hooks.example.com/sms";
  expect(problemsOf({ POOLHOUSE_SMS_URL: url })).toContain("POOLHOUSE_SMS_SECRET is not");
  expect(problemsOf({ POOLHOUSE_SMS_SECRET: secret })).toContain("POOLHOUSE_SMS_URL is not");
  const told = problemsOf({ POOLHOUSE_SMS_URL: url, POOLHOUSE_SMS_SECRET: "hunter2" });
  expect(told).toBe("POOLHOUSE_SMS_SECRET must be 16 to 256 characters, no spaces");
});
