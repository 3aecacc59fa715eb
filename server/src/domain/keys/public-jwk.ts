/** Public keys that others give us (RFC 7517), for what they sign. */
import { createPublicKey, hash, type KeyObject } from "node:crypto";

/**
 * What such keys may sign with; the kind of the key decides which of them (RFC 8725 §3.1). The last two are one: RFC 9864
 * gave it the name that says the curve.
 */
export const outsideAlgorithms = ["RS256", "PS256", "ES256", "EdDSA", "Ed25519"] as const;
export type OutsideAlgorithm = (typeof outsideAlgorithms)[number];

export type OutsideKey = {
  readonly kid: string | undefined;
  readonly publicKey: KeyObject;
  readonly algorithms: readonly OutsideAlgorithm[];
};

type Jwk = Readonly<Record<string, unknown>>;

const privateMembers = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];
const maxKidCharacters = 128;
/** Longer keys take longer to verify than they are worth. */
const rsaBits = { least: 2048, most: 8192 };

/** The key of a JWK, or what is wrong with it as the end of a sentence. */
export function readPublicJwk(jwk: unknown): OutsideKey | string {
  if (typeof jwk !== "object" || jwk === null || Array.isArray(jwk)) return "is no object";
  const members = jwk as Jwk;
  if (privateMembers.some((name) => Object.hasOwn(members, name))) return "has private parts";
  const { kid, use } = members;
  if (use !== undefined && use !== "sig") return "is not for signatures";
  if (kid !== undefined && (typeof kid !== "string" || kid.length > maxKidCharacters)) {
    return "has a kid that is no short text";
  }
  const publicKey = readKey(members);
  if (!publicKey) return "is neither RSA nor P-256 nor Ed25519";
  if (publicKey.asymmetricKeyType === "rsa" && !isSoundRsa(publicKey)) {
    return `must have ${rsaBits.least} to ${rsaBits.most} bits and a usual exponent`;
  }
  const algorithms = algorithmsOf(publicKey).filter(
    (each) => members["alg"] === undefined || members["alg"] === each,
  );
  if (algorithms.length === 0) return "is for another algorithm";
  return { kid, publicKey, algorithms };
}

function readKey({ kty, n, e, crv, x, y }: Jwk): KeyObject | undefined {
  const isRsa = kty === "RSA" && typeof n === "string" && typeof e === "string";
  const isP256 = kty === "EC" && crv === "P-256" && typeof x === "string" && typeof y === "string";
  const isEd25519 = kty === "OKP" && crv === "Ed25519" && typeof x === "string";
  if (!isRsa && !isP256 && !isEd25519) return undefined;
  try {
    // Only what makes the key: nothing else of the document reaches the parser.
    const key = isRsa ? { kty, n, e } : { kty, crv, x, ...(isP256 ? { y } : {}) };
    return createPublicKey({ key: key as Record<string, string>, format: "jwk" });
  } catch {
    return undefined;
  }
}

function isSoundRsa({ asymmetricKeyDetails }: KeyObject): boolean {
  const { modulusLength = 0, publicExponent = 0n } = asymmetricKeyDetails ?? {};
  const isOdd = publicExponent % 2n === 1n;
  return (
    modulusLength >= rsaBits.least &&
    modulusLength <= rsaBits.most &&
    isOdd &&
    publicExponent >= 3n &&
    publicExponent < 2n ** 33n
  );
}

function algorithmsOf({ asymmetricKeyType }: KeyObject): readonly OutsideAlgorithm[] {
  if (asymmetricKeyType === "rsa") return ["RS256", "PS256"];
  return asymmetricKeyType === "ec" ? ["ES256"] : ["EdDSA", "Ed25519"];
}

/** The SHA-256 of a key in its one canonical spelling (RFC 7638). */
export function thumbprintOf({ publicKey }: OutsideKey): string {
  const { crv, e, kty, n, x, y } = publicKey.export({ format: "jwk" });
  // In the order of their names; what a key of this kind has not, JSON leaves out.
  return hash("sha256", JSON.stringify({ crv, e, kty, n, x, y }), "base64url");
}
