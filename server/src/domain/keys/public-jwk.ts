/** Public keys that others give us (RFC 7517), for what they sign. */
import { createPublicKey, type KeyObject } from "node:crypto";

/** What such keys may sign with; the kind of the key decides which of them (RFC 8725 §3.1). */
export const outsideAlgorithms = ["RS256", "PS256", "ES256"] as const;
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
  if (!publicKey) return "is neither RSA nor P-256";
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
  if (!isRsa && !isP256) return undefined;
  try {
    // Only what makes the key: nothing else of the document reaches the parser.
    const key = isRsa ? { kty, n, e } : ({ kty, crv, x, y } as Record<string, string>);
    return createPublicKey({ key, format: "jwk" });
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
  return asymmetricKeyType === "rsa" ? ["RS256", "PS256"] : ["ES256"];
}
