/**
 * Messages as the AWS Encryption SDK writes them (AWS, "AWS Encryption SDK message format reference"): format 2, suite
 * 0x0478 (AES-256-GCM, HKDF with SHA-512, key commitment, no signature), one data key under one KMS key, one frame.
 */
import { createCipheriv, hkdfSync } from "node:crypto";
import type { Context } from "../context.ts";
import { type EncryptionContext, sealBlob } from "./ciphertext-blob.ts";
import type { KmsKey } from "./key.ts";

const formatVersion = 2;
const suite = uint16(0x0478);
const framed = 2;
const frameBytes = 4096;
const keyBytes = 32;
const messageIdBytes = 32;
const ivBytes = 12;
const providerId = "aws-kms";
const lastFrame = uint32(0xffffffff);

/** Encrypts a short text so that whoever may use the key can read it. */
export function encryptMessage(
  kms: Pick<Context, "vault" | "random">,
  given: { key: KmsKey; context: EncryptionContext; text: string },
): Buffer {
  const { key, context, text } = given;
  const plain = Buffer.from(text);
  if (plain.length > frameBytes) throw new Error(`a text of ${plain.length} bytes is no code`);
  const fresh = kms.random.bytes(keyBytes + messageIdBytes);
  const dataKey = fresh.subarray(0, keyBytes);
  const messageId = fresh.subarray(keyBytes);
  const derive = (info: Uint8Array) =>
    Buffer.from(hkdfSync("sha512", dataKey, messageId, info, keyBytes));
  const secret = derive(Buffer.concat([suite, Buffer.from("DERIVEKEY")]));
  const header = Buffer.concat([
    Uint8Array.of(formatVersion),
    suite,
    messageId,
    writeContext(context),
    uint16(1),
    sized(providerId),
    sized(key.arn),
    sized(sealBlob(kms, { key, context, plain: dataKey })),
    Uint8Array.of(framed),
    uint32(frameBytes),
    derive(Buffer.from("COMMITKEY")),
  ]);
  const headerTag = encrypt({ secret, iv: Buffer.alloc(ivBytes), aad: header });
  return Buffer.concat([header, headerTag, writeFrame({ secret, messageId, plain })]);
}

/** The first frame and the last. */
function writeFrame(given: { secret: Buffer; messageId: Buffer; plain: Buffer }): Buffer {
  const { secret, messageId, plain } = given;
  const number = uint32(1);
  const iv = Buffer.concat([Buffer.alloc(ivBytes - number.length), number]);
  const length = uint32(plain.length);
  const name = Buffer.from("AWSKMSEncryptionClient Final Frame");
  // The length counts as eight bytes here.
  const aad = Buffer.concat([messageId, name, number, uint32(0), length]);
  return Buffer.concat([lastFrame, number, iv, length, encrypt({ secret, iv, aad, plain })]);
}

/** Ciphertext and tag. */
function encrypt(given: { secret: Buffer; iv: Buffer; aad: Buffer; plain?: Buffer }): Buffer {
  const cipher = createCipheriv("aes-256-gcm", given.secret, given.iv).setAAD(given.aad);
  const ciphertext = given.plain ? cipher.update(given.plain) : Buffer.alloc(0);
  return Buffer.concat([ciphertext, cipher.final(), cipher.getAuthTag()]);
}

/** In the order of the keys' bytes; without pairs there is not even their number. */
function writeContext(context: EncryptionContext): Buffer {
  const pairs = Object.entries(context)
    .map(([name, value]) => [Buffer.from(name), Buffer.from(value)] as const)
    .sort(([one], [other]) => Buffer.compare(one, other))
    .map(([name, value]) => Buffer.concat([sized(name), sized(value)]));
  return pairs.length === 0 ? uint16(0) : sized(Buffer.concat([uint16(pairs.length), ...pairs]));
}

/** The bytes behind their number. */
function sized(given: Buffer | string): Buffer {
  const bytes = Buffer.from(given);
  return Buffer.concat([uint16(bytes.length), bytes]);
}

function uint16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16BE(value);
  return bytes;
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}
