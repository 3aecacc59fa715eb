/**
 * What KMS makes of a secret, and alone opens:
 *
 *   version ‖ length of the key's ARN (2 bytes) ‖ ARN ‖ salt ‖ ciphertext ‖ tag
 *
 * AES-256-GCM under a key and a nonce that HKDF draws from the KMS key and the salt, so that no key is used twice. What
 * precedes the ciphertext and the encryption context are its associated data.
 */
import { createCipheriv, createDecipheriv, hkdfSync } from "node:crypto";
import type { Vault } from "../../lib/envelope.ts";
import type { Random } from "../../lib/random.ts";
import { type KmsKey, materialOf, readKeyArn } from "./key.ts";

/** What a secret is bound to; whoever opens it must say the same. */
export type EncryptionContext = Readonly<Record<string, string>>;

type Kms = {
  readonly vault: Pick<Vault, "derive">;
  readonly random: Pick<Random, "bytes">;
  readonly settings: { readonly accountId: string };
};

const version = 1;
const keyBytes = 32;
const nonceBytes = 12;
const saltBytes = 32;
const tagBytes = 16;
const arnAt = 3;

/** Encrypts a secret under a key. */
export function sealBlob(
  { vault, random }: Pick<Kms, "vault" | "random">,
  given: { key: KmsKey; context: EncryptionContext; plain: Uint8Array },
): Buffer {
  const { key, context, plain } = given;
  const arn = Buffer.from(key.arn);
  const salt = random.bytes(saltBytes);
  const head = Buffer.concat([
    Uint8Array.of(version, arn.length >> 8, arn.length & 255),
    arn,
    salt,
  ]);
  const { secret, nonce } = drawKey(materialOf(key, vault), salt);
  const cipher = createCipheriv("aes-256-gcm", secret, nonce).setAAD(boundTo(head, context));
  const ciphertext = Buffer.concat([cipher.update(plain), cipher.final()]);
  return Buffer.concat([head, ciphertext, cipher.getAuthTag()]);
}

/** Opens what sealBlob made, or answers undefined: it was changed, is of another server, or the context differs. */
export function openBlob(
  { vault, settings }: Pick<Kms, "vault" | "settings">,
  { blob, context }: { blob: Buffer; context: EncryptionContext },
): { readonly key: KmsKey; readonly plain: Buffer } | undefined {
  const saltAt = arnAt + (blob.length < arnAt ? 0 : blob.readUInt16BE(1));
  const ciphertextAt = saltAt + saltBytes;
  if (blob[0] !== version || blob.length < ciphertextAt + tagBytes) return undefined;
  const key = readKeyArn(blob.toString("utf8", arnAt, saltAt), settings.accountId);
  if (!key) return undefined;
  const { secret, nonce } = drawKey(materialOf(key, vault), blob.subarray(saltAt, ciphertextAt));
  const decipher = createDecipheriv("aes-256-gcm", secret, nonce, { authTagLength: tagBytes });
  decipher.setAAD(boundTo(blob.subarray(0, ciphertextAt), context));
  decipher.setAuthTag(blob.subarray(-tagBytes));
  try {
    const plain = decipher.update(blob.subarray(ciphertextAt, -tagBytes));
    decipher.final();
    return { key, plain };
  } catch {
    return undefined;
  }
}

function drawKey(material: Buffer, salt: Buffer): { secret: Buffer; nonce: Buffer } {
  const info = "poolhouse kms blob v1";
  const drawn = Buffer.from(hkdfSync("sha256", material, salt, info, keyBytes + nonceBytes));
  return { secret: drawn.subarray(0, keyBytes), nonce: drawn.subarray(keyBytes) };
}

/** JSON keeps the parts apart; the order in which a context is written says nothing. */
function boundTo(head: Buffer, context: EncryptionContext): Buffer {
  const pairs = Object.entries(context).sort(([one], [other]) => (one < other ? -1 : 1));
  return Buffer.concat([head, Buffer.from(JSON.stringify(pairs))]);
}
