/** The public keys with which a client proves itself (RFC 7523), as its extensions hold them: a JWKS as JSON text. */
import { invalidParameter } from "../../errors/cognito-idp.ts";
import { parseJson } from "../../lib/json.ts";
import { type OutsideKey, readPublicJwk } from "../keys/public-jwk.ts";

const maxKeys = 10;
const maxDepth = 4;

/** Reads the keys; throws InvalidParameterException for what is no JWKS of public keys that are strong enough. */
export function readAssertionKeys(text: string): readonly OutsideKey[] {
  const given = keysIn(text);
  if (!given) throw invalidParameter("AssertionKeys must be a JWKS: a JSON object with keys.");
  if (given.length === 0 || given.length > maxKeys) {
    throw invalidParameter(`AssertionKeys must have 1 to ${maxKeys} keys.`);
  }
  const keys = given.map((each, at) => {
    const key = readPublicJwk(each);
    if (typeof key === "string") throw invalidParameter(`AssertionKeys: key ${at + 1} ${key}.`);
    return key;
  });
  const kids = keys.flatMap(({ kid }) => (kid === undefined ? [] : [kid]));
  if (new Set(kids).size < kids.length) {
    throw invalidParameter("AssertionKeys: a kid is given twice.");
  }
  return keys;
}

function keysIn(text: string): readonly unknown[] | undefined {
  try {
    const value = parseJson(Buffer.from(text), maxDepth);
    const keys = typeof value === "object" && value !== null && "keys" in value ? value.keys : 0;
    return Array.isArray(keys) ? keys : undefined;
  } catch {
    return undefined;
  }
}
