/** Compact JWS that others sign (RFC 7515): taken apart without belief, and checked against a key that is known already. */
import { constants, type KeyObject, verify } from "node:crypto";
import { parseJson } from "../../lib/json.ts";
import { type OutsideAlgorithm, type OutsideKey, outsideAlgorithms } from "./public-jwk.ts";

const maxCharacters = 8192;
const maxDepth = 8;
const part = /^[A-Za-z0-9_-]+$/;

type Members = Readonly<Record<string, unknown>>;

export type OutsideJws = {
  readonly algorithm: OutsideAlgorithm;
  readonly header: Members;
  readonly payload: Members;
  readonly signed: Buffer;
  readonly signature: Buffer;
};

/** Takes a JWS apart; undefined unless it is a compact one of an algorithm that we know. Nothing in it is true yet. */
export function parseOutsideJws(token: string): OutsideJws | undefined {
  if (token.length > maxCharacters) return undefined;
  const [head = "", body = "", signature = "", ...more] = token.split(".");
  if (more.length > 0 || ![head, body, signature].every((each) => part.test(each))) {
    return undefined;
  }
  const header = decode(head);
  const payload = decode(body);
  // `crit` demands what we do not know.
  if (!header || !payload || "crit" in header) return undefined;
  const algorithm = outsideAlgorithms.find((each) => each === header["alg"]);
  if (!algorithm) return undefined;
  return {
    ...{ algorithm, header, payload },
    signed: Buffer.from(`${head}.${body}`),
    signature: Buffer.from(signature, "base64url"),
  };
}

/** Whether this key signed it, with an algorithm that is the key's. */
export function isSignedByOutsideKey(
  { algorithm, signed, signature }: OutsideJws,
  { publicKey, algorithms }: OutsideKey,
): boolean {
  if (!algorithms.includes(algorithm)) return false;
  // Ed25519 hashes for itself.
  const digest = publicKey.asymmetricKeyType === "ed25519" ? null : "sha256";
  return verify(digest, signed, verifyKey(algorithm, publicKey), signature);
}

function verifyKey(algorithm: OutsideAlgorithm, key: KeyObject) {
  if (algorithm === "RS256") return { key, padding: constants.RSA_PKCS1_PADDING };
  if (algorithm === "ES256") return { key, dsaEncoding: "ieee-p1363" as const };
  if (algorithm !== "PS256") return { key };
  // RFC 7518 §3.5: the salt is as long as the hash.
  return { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 };
}

function decode(text: string): Members | undefined {
  try {
    const value = parseJson(Buffer.from(text, "base64url"), maxDepth);
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? (value as Members)
      : undefined;
  } catch {
    return undefined;
  }
}
