import { generateKeyPairSync } from "node:crypto";
import { expect, test } from "vitest";
import { type Cbor, coseOf } from "../../testing/authenticator.ts";
import { isSupportedKey } from "./public-key.ts";

const es256 = coseOf(generateKeyPairSync("ec", { namedCurve: "P-256" }).publicKey);
const rsa = (modulusLength: number, publicExponent = 65_537) =>
  coseOf(generateKeyPairSync("rsa", { modulusLength, publicExponent }).publicKey);
const rs256 = rsa(2048);

const but = (key: ReadonlyMap<unknown, Cbor>, ...changes: readonly (readonly [number, Cbor])[]) =>
  new Map([...key, ...changes]);
const bytes = (length: number) => new Uint8Array(length).fill(0xff);

test("keys of ES256 and RS256 are taken", () => {
  expect(isSupportedKey(es256)).toBe(true);
  expect(isSupportedKey(rs256)).toBe(true);
});

test.each<[string, ReadonlyMap<unknown, Cbor>]>([
  ["nothing", new Map()],
  ["another algorithm on the same curve", but(es256, [3, -35])],
  ["another curve", but(es256, [1, 2], [-1, 2])],
  ["a point that is not on the curve", but(es256, [-2, bytes(32)])],
  ["a point that is too long", but(es256, [-2, bytes(33)])],
  ["the text of a point", but(es256, [-2, "x".repeat(32)])],
  ["RS256 with a point", but(es256, [3, -257])],
  ["ES256 with a modulus", but(rs256, [3, -7])],
  ["RS1", but(rs256, [3, -65_535])],
  ["a modulus of 1,024 bits", rsa(1024)],
  ["a modulus filled up with zeros", but(rsa(1024), [-1, new Uint8Array(256).fill(1, 128)])],
  ["a modulus of 16,384 bits", but(rs256, [-1, bytes(2048)])],
  ["an exponent of 3", rsa(2048, 3)],
  ["a huge exponent", but(rs256, [-2, bytes(256)])],
])("is no key for passkeys: %s", (_, key) => {
  expect(isSupportedKey(key)).toBe(false);
});
