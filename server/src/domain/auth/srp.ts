/**
 * The server's side of Cognito's SRP-6a. Cognito differs from RFC 5054 in how numbers are padded, in what is hashed into
 * x, and in proving the key by a signature over the secret block and a timestamp.
 *
 * One difference from Cognito, which no client can see: B is k·v + gᵇ or k·v − gᵇ, by a random bit. The generator 2 gives
 * squares only in this group, so with a plain B everybody who asks for a few challenges could cross out, offline, each
 * password whose v' leaves B − k·v' no square. See docs/decisions/srp-sign.md.
 */
import { createHmac, hash, hkdfSync } from "node:crypto";
import { constantTimeEqual } from "../../lib/constant-time.ts";
import type { Random } from "../../lib/random.ts";
import {
  fixedBytes,
  g,
  groupBytes,
  hashToInteger,
  k,
  N,
  pad,
  power,
  toInteger,
} from "./srp-group.ts";
import { parseSrpTimestamp } from "./srp-timestamp.ts";

/** What x and the signature are bound to; `userIdForSrp` is the name under which the verifier was made, whatever the client typed. */
export type SrpIdentity = { readonly poolName: string; readonly userIdForSrp: string };

/** Stored in place of a password, both in hex. Enough to guess the password offline: sealed at rest. */
export type SrpVerifier = { readonly salt: string; readonly verifier: string };

/** What the client sends to PASSWORD_VERIFIER, with the secret block it answers. */
export type SrpProof = SrpIdentity & {
  readonly secretBlock: Uint8Array;
  /** As sent. */
  readonly timestamp: string;
  /** As sent: base64. */
  readonly signature: string;
};

const saltBytes = 16;
const exponentBytes = 32;
const stateBytes = 2 * groupBytes + 2 * exponentBytes;
const sessionKeyBytes = 16;
const uuidFields = [
  [0, 4],
  [4, 6],
  [6, 8],
  [8, 10],
  [10, 16],
] as const;
/** A SHA-256 in base64. */
const signatureLength = 44;
/** Two digits more than N has: some clients put the sign byte of `pad` in front. */
const hexNumber = /^[0-9a-fA-F]{1,770}$/;

/** A new verifier for this password under a fresh salt. */
export function makeSrpVerifier(
  { poolName, userIdForSrp }: SrpIdentity,
  password: string,
  random: Random,
): SrpVerifier {
  const salt = random.bytes(saltBytes);
  const secret = hash("sha256", `${poolName}${userIdForSrp}:${password}`, "buffer");
  // Clients read the salt as a number, so that its leading zero bytes are not hashed.
  const x = hashToInteger(pad(toInteger(salt)), secret);
  return { salt: salt.toString("hex"), verifier: toHex(power(g, x)) };
}

/**
 * Stands in for a user whom the pool does not have, or who has no verifier: the same for the same name every time, of the
 * same form as a real one, and no password proves it. `name` is the fold key, so that every spelling gets the same.
 */
export function simulateSrpUser(
  poolSecret: Uint8Array,
  name: string,
): SrpVerifier & { readonly userId: string } {
  const bytes = Buffer.from(
    hkdfSync("sha256", poolSecret, "", hash("sha256", `simulated user ${name}`, "buffer"), 432),
  );
  // The bits of a random (version 4) UUID, RFC 9562 §5.4: real ones are random too.
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x40, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  const uuid = uuidFields.map(([from, to]) => bytes.toString("hex", from, to)).join("-");
  return {
    userId: uuid,
    salt: bytes.toString("hex", 16, 16 + saltBytes),
    // 128 bits more than N, so that the remainder is as good as uniform.
    verifier: toHex(toInteger(bytes.subarray(16 + saltBytes)) % N),
  };
}

/**
 * Begins a sign-in: B for the client, and the state that `verifySrpSignature` needs, which is secret and good for one try.
 * Undefined if the client's A is no number of the group, in particular if it is zero modulo N, with which any password passes.
 */
export function startSrp(
  { verifier }: SrpVerifier,
  srpA: string,
  random: Random,
): { srpB: string; state: string } | undefined {
  const A = groupMember(srpA);
  if (A === undefined) return undefined;
  const v = groupMember(verifier);
  if (v === undefined) throw new Error("the stored SRP verifier is no number of the group");
  const fresh = random.bytes(exponentBytes + 1);
  // The highest bit is set: b is never zero, and its length tells nothing.
  const b = toInteger(fresh.subarray(0, exponentBytes)) | (1n << 255n);
  const gToB = power(g, b);
  const B = (k * v + (fresh.readUInt8(exponentBytes) & 1 ? N - gToB : gToB)) % N;
  const u = hashToInteger(pad(A), pad(B));
  const state = Buffer.concat([
    fixedBytes(A, groupBytes),
    fixedBytes(v, groupBytes),
    fixedBytes(b, exponentBytes),
    fixedBytes(u, exponentBytes),
  ]);
  return { srpB: B.toString(16), state: state.toString("base64url") };
}

/** Tells whether the client proved that it knows the password; does the same work for the right one as for a wrong one. */
export function verifySrpSignature(state: string, proof: SrpProof): boolean {
  const { A, v, b, u } = readState(state);
  // Cognito signs its own rendering of the time: `Sep 05` or a wrong weekday fails like a wrong password there (observed).
  const isCanonical = parseSrpTimestamp(proof.timestamp)?.canonical === proof.timestamp;
  if (!isCanonical || proof.signature.length !== signatureLength) return false;
  const S = power((A * power(v, u)) % N, b);
  // With k·v − gᵇ the client finds S or its negative, by the parity of an exponent that we do not know.
  const matches = [S, N - S].map((shared) =>
    constantTimeEqual(sign(sessionKey(shared, u), proof), proof.signature),
  );
  // With u = 0 the verifier would not matter.
  return matches.includes(true) && u !== 0n;
}

/** A number from 1 to N − 1, written in hex of any length, even or odd: SRP_A comes without its leading zero. */
function groupMember(hex: string): bigint | undefined {
  if (!hexNumber.test(hex)) return undefined;
  const number = BigInt(`0x${hex}`);
  return number > 0n && number < N ? number : undefined;
}

function readState(state: string) {
  const bytes = Buffer.from(state, "base64url");
  if (bytes.length !== stateBytes) throw new Error("this is no SRP state");
  const bAt = 2 * groupBytes;
  return {
    A: toInteger(bytes.subarray(0, groupBytes)),
    v: toInteger(bytes.subarray(groupBytes, bAt)),
    b: toInteger(bytes.subarray(bAt, bAt + exponentBytes)),
    u: toInteger(bytes.subarray(bAt + exponentBytes)),
  };
}

function sessionKey(S: bigint, u: bigint): Uint8Array {
  const info = "Caldera Derived Key";
  return new Uint8Array(hkdfSync("sha256", pad(S), pad(u), info, sessionKeyBytes));
}

function sign(key: Uint8Array, proof: SrpProof): string {
  return createHmac("sha256", key)
    .update(proof.poolName)
    .update(proof.userIdForSrp)
    .update(proof.secretBlock)
    .update(proof.timestamp)
    .digest("base64");
}

function toHex(number: bigint): string {
  return fixedBytes(number, groupBytes).toString("hex");
}
