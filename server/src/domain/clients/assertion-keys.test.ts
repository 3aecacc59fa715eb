import { createPublicKey, generateKeyPairSync, type KeyObject } from "node:crypto";
import { expect, test } from "vitest";
import { clientKey, jwksOf } from "../../testing/assertions.ts";
import { readAssertionKeys } from "./assertion-keys.ts";

const jwk = (key: KeyObject) => key.export({ format: "jwk" });
const rsa = (modulusLength: number, publicExponent = 65_537) =>
  jwk(generateKeyPairSync("rsa", { modulusLength, publicExponent }).publicKey);
const jwks = (...keys: unknown[]) => JSON.stringify({ keys });
const fine = clientKey("ES256").jwk;

test("keys of both kinds are read, each for its own algorithms", () => {
  const keys = readAssertionKeys(jwksOf(clientKey("ES256", "a"), clientKey("RS256", "b")));
  expect(keys).toMatchObject([
    { kid: "a", algorithms: ["ES256"] },
    { kid: "b", algorithms: ["RS256", "PS256"] },
  ]);
});

test("a key may say which of its algorithms it is for, and what else there is to say", () => {
  const key = { ...rsa(2048), alg: "PS256", use: "sig", key_ops: ["verify"], x5t: "x" };
  expect(readAssertionKeys(jwks(key))).toMatchObject([{ kid: undefined, algorithms: ["PS256"] }]);
});

const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
const p384 = generateKeyPairSync("ec", { namedCurve: "P-384" }).publicKey;
const x25519 = generateKeyPairSync("x25519").publicKey;

test.each<[string, string, RegExp]>([
  ["no JSON", "x", /must be a JWKS/],
  ["a key alone", JSON.stringify(fine), /must be a JWKS/],
  ["keys that are no list", '{"keys":{}}', /must be a JWKS/],
  ["a member twice", '{"keys":[],"keys":[]}', /must be a JWKS/],
  ["no key", jwks(), /1 to 10 keys/],
  ["eleven keys", jwks(...Array.from({ length: 11 }, () => fine)), /1 to 10 keys/],
  ["a private key", jwks(jwk(privateKey)), /key 1 has private parts/],
  ["a private key that hides its kind", jwks({ ...fine, d: null }), /key 1 has private parts/],
  ["a secret", jwks({ kty: "oct", k: "c2VjcmV0" }), /key 1 has private parts/],
  ["a key that is text", jwks("key"), /key 1 is no object/],
  ["a list", jwks([]), /key 1 is no object/],
  ["a short RSA key", jwks(rsa(1024)), /key 1 must have 2048/],
  ["another curve", jwks(jwk(p384)), /neither RSA nor P-256/],
  ["another kind", jwks(jwk(x25519)), /neither RSA nor P-256/],
  ["a point off the curve", jwks({ ...fine, x: fine["y"] }), /neither RSA nor P-256/],
  ["a key for encryption", jwks({ ...fine, use: "enc" }), /not for signatures/],
  ["a key for another algorithm", jwks({ ...fine, alg: "RS256" }), /another algorithm/],
  ["a symmetric algorithm", jwks({ ...rsa(2048), alg: "HS256" }), /another algorithm/],
  ["a kid that is no text", jwks({ ...fine, kid: 7 }), /kid that is no short text/],
  ["a kid twice", jwks(fine, clientKey("RS256").jwk), /kid is given twice/],
  ["the second one wrong", jwks(fine, {}), /key 2 is neither/],
])("%s is refused", (_, text, message) => {
  const error = { code: "InvalidParameterException", message: expect.stringMatching(message) };
  expect(() => readAssertionKeys(text)).toThrow(expect.objectContaining(error));
});

test("an exponent of one, with which everything is signed, is refused", () => {
  const e = Buffer.from([1]).toString("base64url");
  const key = { ...rsa(2048), e };
  expect(createPublicKey({ key, format: "jwk" }).asymmetricKeyType).toBe("rsa");
  expect(() => readAssertionKeys(jwks(key))).toThrow(/usual exponent/);
});
