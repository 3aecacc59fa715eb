/**
 * Secrets at rest. Each is encrypted under a data key of its own, which a master key outside the database wraps:
 *
 *   version ‖ master key id ‖ wrapped data key ‖ nonce ‖ ciphertext ‖ tag      as base64url
 *
 * AES-256-GCM, with the place (table, column, row) as associated data, so that a blob moved elsewhere fails to open.
 * The data key is wrapped by AES key wrap (RFC 3394) rather than by GCM again: it needs no nonce, so there is no limit
 * on how many blobs one master key may seal (GCM with random nonces should stop at 2³², NIST SP 800-38D §8.3).
 */
import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createSecretKey,
  hkdfSync,
  type KeyObject,
} from "node:crypto";
import type { MasterKey, MasterKeys } from "./envelope-keys.ts";
import type { Random } from "./random.ts";

/** Where a sealed secret lives; it opens nowhere else. */
export type Place = { table: string; column: string; row: string };

/** What a low-entropy code is for and whose it is; `user` must be unique in the whole database. */
export type CodeSubject = { purpose: string; user: string };

export type Vault = {
  /** Encrypts a secret for its place; the same secret never gives the same blob twice. */
  seal(place: Place, plain: Uint8Array | string): string;
  /** Decrypts a blob, or throws if it was changed, moved, or sealed under a key that is not here. */
  open(place: Place, sealed: string): Buffer;
  /** A 32-byte key for one purpose, the same on every node and after every rotation of the master keys. */
  derive(purpose: string): Buffer;
  /** Wraps the data key under the key that seals now and leaves the rest; the same string if it already is. Throws as `open` does. */
  rewrap(place: Place, sealed: string): string;
  /** The digest under which a code of few digits is stored: without the master-key file it cannot be guessed offline. */
  macCode(subject: CodeSubject, code: string): string;
};

const version = 1;
const idBytes = 8;
const keyBytes = 32;
const wrappedKeyBytes = keyBytes + 8;
const nonceBytes = 12;
const tagBytes = 16;
const idAt = 1;
const wrappedKeyAt = idAt + idBytes;
const nonceAt = wrappedKeyAt + wrappedKeyBytes;
const ciphertextAt = nonceAt + nonceBytes;
const minBytes = ciphertextAt + tagBytes;
/** The initial value that RFC 3394 §2.2.3.1 fixes. */
const wrapInitialValue = Buffer.alloc(8, 0xa6);

type WrappingKey = { id: Buffer; key: KeyObject };

/** A vault that seals under the first master key and opens under any. */
export function createVault(masterKeys: MasterKeys, random: Random): Vault {
  const wrappingKeys = new Map(masterKeys.keys.map((key) => [key.id, toWrappingKey(key)]));
  const sealing = toWrappingKey(masterKeys.keys[0]);
  const derivationKey = createSecretKey(masterKeys.derivationSecret);
  const derive = (purpose: string) =>
    Buffer.from(hkdfSync("sha256", derivationKey, "", `poolhouse derive v1 ${purpose}`, keyBytes));
  const codeKey = createSecretKey(derive("codes"));

  const parse = (place: Place, sealed: string) => {
    const blob = Buffer.from(sealed, "base64url");
    // Node ignores what is not base64url, so many spellings decode to the same bytes: only one is valid.
    if (blob.toString("base64url") !== sealed || blob.length < minBytes) throw broken(place);
    if (blob[0] !== version) throw broken(place, "it is of an unknown version");
    const id = blob.toString("hex", idAt, wrappedKeyAt);
    const wrappingKey = wrappingKeys.get(id);
    if (!wrappingKey) throw broken(place, `the master-key file has no key ${id}`);
    try {
      const dataKey = unwrap(wrappingKey, blob.subarray(wrappedKeyAt, nonceAt));
      return { id, dataKey, body: blob.subarray(nonceAt), plain: decrypt(dataKey, place, blob) };
    } catch {
      // Which of the two steps failed says nothing to anybody but an attacker.
      throw broken(place);
    }
  };

  return {
    seal(place, plain) {
      const fresh = random.bytes(keyBytes + nonceBytes);
      const dataKey = fresh.subarray(0, keyBytes);
      const nonce = fresh.subarray(keyBytes);
      const cipher = createCipheriv("aes-256-gcm", dataKey, nonce).setAAD(addressOf(place));
      const ciphertext = cipher.update(plain);
      cipher.final();
      return write(sealing, dataKey, [nonce, ciphertext, cipher.getAuthTag()]);
    },
    open: (place, sealed) => parse(place, sealed).plain,
    derive,
    rewrap(place, sealed) {
      const { id, dataKey, body } = parse(place, sealed);
      return id === masterKeys.keys[0].id ? sealed : write(sealing, dataKey, [body]);
    },
    macCode: ({ purpose, user }, code) =>
      createHmac("sha256", codeKey)
        .update(JSON.stringify([purpose, user, code]))
        .digest("base64url"),
  };
}

function toWrappingKey({ id, secret }: MasterKey): WrappingKey {
  const key = hkdfSync("sha256", secret, "", "poolhouse envelope v1", keyBytes);
  return { id: Buffer.from(id, "hex"), key: createSecretKey(Buffer.from(key)) };
}

function write(wrappingKey: WrappingKey, dataKey: Uint8Array, body: readonly Uint8Array[]): string {
  const head = [Uint8Array.of(version), wrappingKey.id, wrap(wrappingKey, dataKey)];
  return Buffer.concat([...head, ...body]).toString("base64url");
}

// Both throw away what `final` gives: in these modes it is always empty, and only checks.

function wrap({ key }: WrappingKey, dataKey: Uint8Array): Buffer {
  const cipher = createCipheriv("id-aes256-wrap", key, wrapInitialValue);
  const wrapped = cipher.update(dataKey);
  cipher.final();
  return wrapped;
}

function unwrap({ key }: WrappingKey, wrapped: Uint8Array): Buffer {
  const decipher = createDecipheriv("id-aes256-wrap", key, wrapInitialValue);
  const dataKey = decipher.update(wrapped);
  decipher.final();
  return dataKey;
}

function decrypt(dataKey: Uint8Array, place: Place, blob: Buffer): Buffer {
  const decipher = createDecipheriv("aes-256-gcm", dataKey, blob.subarray(nonceAt, ciphertextAt), {
    authTagLength: tagBytes,
  });
  decipher.setAAD(addressOf(place)).setAuthTag(blob.subarray(-tagBytes));
  const plain = decipher.update(blob.subarray(ciphertextAt, -tagBytes));
  decipher.final();
  return plain;
}

// JSON keeps the parts apart: no two lists of strings are written alike.
function addressOf({ table, column, row }: Place): Buffer {
  return Buffer.from(JSON.stringify([version, table, column, row]));
}

function broken({ table, column }: Place, why = "it was changed, moved or cut"): Error {
  return new Error(`the secret in ${table}.${column} does not open: ${why}`);
}
