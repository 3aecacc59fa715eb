/** The public keys that passkeys may have: ES256, and RS256 as the TPMs of Windows make it. */
import { createPublicKey } from "node:crypto";

/** As COSE names them, what is wanted first (RFC 9053 §2.1, RFC 8812 §2). */
export const algorithms = { ES256: -7, RS256: -257 } as const;

/** COSE's labels of a key (RFC 9052 §7.1, RFC 9053 §7.1, RFC 8230 §4). */
const label = { kty: 1, alg: 3, crv: -1, x: -2, y: -3, n: -1, e: -2 } as const;
const ec2 = 2;
const rsa = 3;
const p256 = 1;

/** Whether a signature may be checked against this key, as decoded from CBOR: no other curve, no key that is weak or slow. */
export function isSupportedKey(key: { get(name: number): unknown }): boolean {
  const type = key.get(label.kty);
  const algorithm = key.get(label.alg);
  if (type === ec2 && algorithm === algorithms.ES256) {
    return key.get(label.crv) === p256 && isPoint(key.get(label.x), key.get(label.y));
  }
  return type === rsa && algorithm === algorithms.RS256 && isModest(key);
}

function isPoint(x: unknown, y: unknown): boolean {
  if (!(x instanceof Uint8Array && y instanceof Uint8Array)) return false;
  const [encodedX, encodedY] = [encode(x), encode(y)];
  try {
    // Refuses what is not on the curve.
    createPublicKey({
      key: { kty: "EC", crv: "P-256", x: encodedX, y: encodedY },
      format: "jwk",
    });
    return x.length === 32 && y.length === 32;
  } catch {
    return false;
  }
}

function isModest(key: { get(name: number): unknown }): boolean {
  const modulus = key.get(label.n);
  const exponent = key.get(label.e);
  return (
    modulus instanceof Uint8Array &&
    exponent instanceof Uint8Array &&
    modulus.length >= 256 &&
    modulus.length <= 512 &&
    (modulus[0] ?? 0) >= 0x80 &&
    encode(exponent) === "AQAB"
  );
}

function encode(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("base64url");
}
