/**
 * The group that Cognito's SRP works in: the 3072-bit prime of RFC 3526 §5 (the one of RFC 5054), generator 2, SHA-256.
 * Numbers are hashed as Java's BigInteger writes them: minimal big-endian bytes, a zero byte in front if the top bit is set.
 */
import { constants, createPublicKey, hash, publicEncrypt } from "node:crypto";

const modulusHex =
  "ffffffffffffffffc90fdaa22168c234c4c6628b80dc1cd129024e088a67cc74020bbea63b139b22514a08798e3404dd" +
  "ef9519b3cd3a431b302b0a6df25f14374fe1356d6d51c245e485b576625e7ec6f44c42e9a637ed6b0bff5cb6f406b7ed" +
  "ee386bfb5a899fa5ae9f24117c4b1fe649286651ece45b3dc2007cb8a163bf0598da48361c55d39a69163fa8fd24cf5f" +
  "83655d23dca3ad961c62f356208552bb9ed529077096966d670c354e4abc9804f1746c08ca18217c32905e462e36ce3b" +
  "e39e772c180e86039b2783a2ec07a28fb5c55df06f4c52c9de2bcbf6955817183995497cea956ae515d2261898fa0510" +
  "15728e5a8aaac42dad33170d04507a33a85521abdf1cba64ecfb850458dbef0a8aea71575d060c7db3970f85a6e1e4c7" +
  "abf5ae8cdb0933d71e8c94e04a25619dcee3d2261ad2ee6bf12ffa06d98a0864d87602733ec86a64521f2b18177b200c" +
  "bbe117577a615d6c770988c0bad946e208e24fa074e5ab3143db5bfce0fd108e4b82d120a93ad2caffffffffffffffff";

/** Bytes of the modulus, and so of every number of the group. */
export const groupBytes = modulusHex.length / 2;
export const N = BigInt(`0x${modulusHex}`);
export const g = 2n;
/** The multiplier of SRP-6a, k = H(pad(N) ‖ pad(g)). */
export const k = hashToInteger(pad(N), pad(g));

/** base ^ exponent mod N, for numbers that are not negative. */
export type Power = (base: bigint, exponent: bigint) => bigint;

export const bigIntPower: Power = (base, exponent) => {
  let result = 1n;
  let square = base % N;
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = (result * square) % N;
    square = (square * square) % N;
  }
  return result;
};

const modulusBase64url = Buffer.from(modulusHex, "hex").toString("base64url");

/**
 * OpenSSL's RSA public operation without padding is this very power, some six times faster than BigInt and steady over
 * the versions of Node, which its Diffie-Hellman is not. OpenSSL allows a long exponent up to a modulus of 3072 bits.
 */
export const rsaPower: Power = (base, exponent) => {
  if (exponent === 0n) return 1n;
  const e = unsignedBytes(exponent).toString("base64url");
  const key = createPublicKey({ key: { kty: "RSA", n: modulusBase64url, e }, format: "jwk" });
  const padding = constants.RSA_NO_PADDING;
  return toInteger(publicEncrypt({ key, padding }, fixedBytes(base % N, groupBytes)));
};

/** The fast power if this build of OpenSSL agrees with BigInt on what sign-in asks of it, else BigInt. */
export function choosePower(fast: Power): Power {
  try {
    return trials.every(([base, exponent]) => fast(base, exponent) === bigIntPower(base, exponent))
      ? fast
      : bigIntPower;
  } catch {
    return bigIntPower;
  }
}

const trials: readonly (readonly [bigint, bigint])[] = [
  [g, hashToInteger(Buffer.from("an odd exponent")) | 1n],
  [N - 1n - k, hashToInteger(Buffer.from("an even exponent")) & ~1n],
  [1n, 2n],
  [N + 3n, 1n],
];

/** base ^ exponent mod N, tested once at start. */
export const power: Power = choosePower(rsaPower);

/** The number as Cognito's clients hash it. */
export function pad(number: bigint): Buffer {
  const bytes = unsignedBytes(number);
  return bytes.readUInt8(0) < 0x80 ? bytes : Buffer.concat([Buffer.alloc(1), bytes]);
}

/** The SHA-256 of all parts together, as a number. */
export function hashToInteger(...parts: readonly Uint8Array[]): bigint {
  return toInteger(hash("sha256", Buffer.concat(parts), "buffer"));
}

/** The unsigned number that these bytes write, the highest first. */
export function toInteger(bytes: Uint8Array): bigint {
  return bytes.length === 0 ? 0n : BigInt(`0x${Buffer.from(bytes).toString("hex")}`);
}

/** The number in exactly so many bytes. */
export function fixedBytes(number: bigint, byteLength: number): Buffer {
  return Buffer.from(number.toString(16).padStart(byteLength * 2, "0"), "hex");
}

function unsignedBytes(number: bigint): Buffer {
  const hex = number.toString(16);
  return Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, "hex");
}
