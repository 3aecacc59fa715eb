import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { sealBlob } from "../../domain/kms/ciphertext-blob.ts";
import { type TestApp, testApp } from "../../testing/app.ts";
import { signedCall } from "../../testing/signed-call.ts";
import type { DecryptOutput } from "./decrypt.ts";
import { kms } from "./index.ts";

let app: TestApp;
beforeEach(async () => {
  app = await testApp();
});
afterEach(() => app.close());

const arn = "arn:aws:kms:us-east-1:123456789012:key/codes";
const context = { "userpool-id": "us-east-1_a", b: "2" };

function blob(key = { arn, region: "us-east-1" }, by = app): Buffer {
  return sealBlob(by.context, { key, context, plain: Buffer.from("a data key") });
}
function decrypt(input: object = {}, region = "us-east-1"): Promise<DecryptOutput> {
  const given = { CiphertextBlob: blob().toString("base64"), EncryptionContext: context, ...input };
  return signedCall(app, { target: "TrentService.Decrypt", input: given }, { region });
}
const opened = {
  KeyId: arn,
  Plaintext: Buffer.from("a data key").toString("base64"),
  EncryptionAlgorithm: "SYMMETRIC_DEFAULT",
};

test.each([{}, { KeyId: arn }, { KeyId: "codes" }, { EncryptionAlgorithm: "SYMMETRIC_DEFAULT" }])(
  "opens what was sealed, with %j",
  async (input) => {
    expect(await decrypt(input)).toEqual(opened);
  },
);

test("the order of the context says nothing", async () => {
  const EncryptionContext = { b: "2", "userpool-id": "us-east-1_a" };
  expect(await decrypt({ EncryptionContext })).toEqual(opened);
});

describe("does not open, and does not say why,", () => {
  const refused = { name: "InvalidCiphertextException", message: "" };

  test.each([{}, { ...context, b: "3" }, { ...context, c: "" }, { "userpool-id": "us-east-1_a" }])(
    "in the context %j",
    async (EncryptionContext) => {
      await expect(decrypt({ EncryptionContext })).rejects.toMatchObject(refused);
    },
  );

  test("what is cut or changed anywhere", async () => {
    const good = blob();
    for (let at = 0; at < good.length; at++) {
      const bent = Buffer.from(good);
      bent.writeUInt8(bent.readUInt8(at) ^ 1, at);
      for (const each of [bent, good.subarray(0, at)].filter(({ length }) => length > 0)) {
        const CiphertextBlob = each.toString("base64");
        await expect(decrypt({ CiphertextBlob })).rejects.toMatchObject(refused);
      }
    }
  });

  test("what another server sealed", async () => {
    const other = await testApp();
    const CiphertextBlob = blob(undefined, other).toString("base64");
    await other.close();
    await expect(decrypt({ CiphertextBlob })).rejects.toMatchObject(refused);
  });

  test("what is of another region or account", async () => {
    await expect(decrypt({}, "eu-west-1")).rejects.toMatchObject(refused);
    const foreign = arn.replace("123456789012", "999999999999");
    const CiphertextBlob = blob({ arn: foreign, region: "us-east-1" }).toString("base64");
    await expect(decrypt({ CiphertextBlob })).rejects.toMatchObject(refused);
  });
});

test.each([
  ["other", "IncorrectKeyException"],
  [`${arn}2`, "IncorrectKeyException"],
  ["alias/codes", "NotFoundException"],
  [arn.replace("123456789012", "999999999999"), "NotFoundException"],
  [arn.replace("us-east-1", "eu-west-1"), "NotFoundException"],
])("the key %s is refused by %s", async (KeyId, name) => {
  await expect(decrypt({ KeyId })).rejects.toMatchObject({ name });
});

test.each([
  [{ EncryptionAlgorithm: "RSAES_OAEP_SHA_256" }, "InvalidKeyUsageException"],
  [{ EncryptionAlgorithm: "ROT13" }, "InvalidParameterException"],
  [{ CiphertextBlob: "" }, "InvalidParameterException"],
  [{ CiphertextBlob: "no base64" }, "InvalidParameterException"],
])("refuses %j by %s", async (input, name) => {
  await expect(decrypt(input)).rejects.toMatchObject({ name });
});

test("a blob that is too long is not looked at", async () => {
  const CiphertextBlob = "A".repeat(8196);
  await expect(decrypt({ CiphertextBlob })).rejects.toMatchObject({
    name: "InvalidParameterException",
  });
});

test("nobody opens anything without the root keys", async () => {
  const input = { CiphertextBlob: blob().toString("base64"), EncryptionContext: context };
  const target = "TrentService.Decrypt";
  const headers = { "content-type": "application/x-amz-json-1.1", "x-amz-target": target };
  const unsigned = { method: "POST", url: "/", headers, payload: JSON.stringify(input) } as const;
  const answer = await app.app.inject(unsigned);
  expect(answer.json()).toMatchObject({ __type: "MissingAuthenticationTokenException" });
  const stranger = { accessKeyId: "AKIAPOOLHOUSETEST001" };
  await expect(signedCall(app, { target, input }, stranger)).rejects.toMatchObject({
    name: "UnrecognizedClientException",
  });
});

test("the trail has the refusal, without what was to be opened", async () => {
  await decrypt();
  await decrypt({ KeyId: "other" }).catch(() => undefined);
  const events = await app.auditEvents();
  expect(events).toMatchObject([
    {
      eventName: "Decrypt",
      eventSource: "kms.amazonaws.com",
      errorCode: "IncorrectKeyException",
      requestParameters: {
        keyId: "other",
        encryptionContext: context,
        ciphertextBlob: "HIDDEN_DUE_TO_SECURITY_REASONS",
      },
    },
  ]);
});

test("what else KMS has is refused by name", async () => {
  const call = signedCall(app, { target: "TrentService.GenerateDataKey", input: {} });
  await expect(call).rejects.toMatchObject({
    name: "UnknownOperationException",
    message: expect.stringContaining("GenerateDataKey is not available here"),
  });
  expect(Object.hasOwn(kms.unsupported, "Decrypt")).toBe(false);
});
