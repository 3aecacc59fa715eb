import { CommitmentPolicy } from "@aws-crypto/client-node";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type TestApp, testApp } from "../../testing/app.ts";
import { decryptCode, keyArn } from "../../testing/kms.ts";
import { encryptMessage } from "./encryption-sdk-message.ts";

let app: TestApp;
beforeEach(async () => {
  app = await testApp();
});
afterEach(() => app.close());

const key = { arn: keyArn, region: "us-east-1" };
const context = { "userpool-id": "us-east-1_a" };
const encrypt = (text: string, given: Record<string, string> = context) =>
  encryptMessage(app.context, { key, context: given, text });

test.each(["123456", "", "pässwörd 🔑", "x".repeat(256), "x".repeat(4096)])(
  "the AWS Encryption SDK reads %.20j",
  async (text) => {
    const read = await decryptCode(app, encrypt(text).toString("base64"));
    expect(read).toEqual({ text, context });
  },
);

test.each([
  CommitmentPolicy.REQUIRE_ENCRYPT_ALLOW_DECRYPT,
  CommitmentPolicy.REQUIRE_ENCRYPT_REQUIRE_DECRYPT,
])("under %s, with the key of the pool among others", async (policy) => {
  const keyIds = [
    "arn:aws:kms:us-east-1:123456789012:alias/codes",
    "arn:aws:kms:us-east-1:123456789012:key/other",
    keyArn,
  ];
  const code = encrypt("123456").toString("base64");
  expect(await decryptCode(app, code, { keyIds, policy })).toMatchObject({ text: "123456" });
});

test.each([{}, { b: "2", a: "1", ä: "3", aa: "" }])("a context of %j", async (given) => {
  const read = await decryptCode(app, encrypt("123456", given).toString("base64"));
  expect(read).toEqual({ text: "123456", context: given });
});

test("no two messages have anything secret in common", () => {
  const [one, other] = [encrypt("123456"), encrypt("123456")];
  expect(one.subarray(3, 35).equals(other.subarray(3, 35))).toBe(false);
  expect(one.subarray(-22).equals(other.subarray(-22))).toBe(false);
});

test("a keyring of another key does not read it", async () => {
  const code = encrypt("123456").toString("base64");
  await expect(decryptCode(app, code, { keyIds: [`${keyArn}2`] })).rejects.toThrow();
});

describe("a message that was changed is not read", () => {
  test.each([
    ["the message id", 10],
    ["the context", 45],
    ["the data key", 200],
    ["the commitment", -110],
    ["the code", -18],
    ["the tag", -1],
  ])("in %s", async (_where, at) => {
    const message = encrypt("123456");
    const index = at < 0 ? message.length + at : at;
    message.writeUInt8(message.readUInt8(index) ^ 1, index);
    await expect(decryptCode(app, message.toString("base64"))).rejects.toThrow();
  });
});

test("a text that is no code is refused", () => {
  expect(() => encrypt("x".repeat(4097))).toThrow("a text of 4097 bytes is no code");
});
