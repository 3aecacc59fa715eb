/** Compact JWS with RS256 (RFC 7515), as Cognito writes it: a header of kid and alg, no typ in tokens of its own kinds. */
import { type KeyObject, sign, verify } from "node:crypto";
import { parseJson } from "../../lib/json.ts";
import type { SigningKey } from "../keys/key-ring.ts";

/** Far more than a token with the groups and attributes of any user. */
const maxLength = 65_536;
const maxDepth = 8;
const part = /^[A-Za-z0-9_-]+$/;

export type ParsedJws = {
  readonly kid: string;
  readonly payload: Readonly<Record<string, unknown>>;
  readonly signed: string;
  readonly signature: Buffer;
};

/** Signs on the spot: handed to the thread pool it would wait behind the making of keys. */
export function signJws(key: SigningKey, payload: object, typ?: string): string {
  const header = encode({ kid: key.kid, alg: "RS256", ...(typ === undefined ? {} : { typ }) });
  const signed = `${header}.${encode(payload)}`;
  return `${signed}.${sign("sha256", Buffer.from(signed), key.privateKey).toString("base64url")}`;
}

/** Takes a token apart without believing it; undefined unless it is a compact JWS with RS256 and a kid. */
export function parseJws(token: string): ParsedJws | undefined {
  if (token.length > maxLength) return undefined;
  const [head = "", body = "", signature = "", ...more] = token.split(".");
  if (more.length > 0 || ![head, body, signature].every((each) => part.test(each)))
    return undefined;
  const header = decode(head);
  const payload = decode(body);
  // The algorithm is ours to choose; a token that names another is not one of ours. `crit` demands what we do not know.
  if (!header || !payload || header["alg"] !== "RS256" || "crit" in header) return undefined;
  const kid = header["kid"];
  if (typeof kid !== "string") return undefined;
  return {
    kid,
    payload,
    signed: `${head}.${body}`,
    signature: Buffer.from(signature, "base64url"),
  };
}

/** Tells whether the key of this JWS signed it. */
export function isSignedBy(jws: ParsedJws, publicKey: KeyObject): boolean {
  return verify("sha256", Buffer.from(jws.signed), publicKey, jws.signature);
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}

function decode(text: string): Record<string, unknown> | undefined {
  try {
    const value = parseJson(Buffer.from(text, "base64url"), maxDepth);
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}
