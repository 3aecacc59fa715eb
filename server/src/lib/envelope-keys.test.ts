import { describe, expect, it } from "vitest";
import {
  addMasterKey,
  formatMasterKeys,
  generateMasterKeys,
  parseMasterKeys,
  promoteMasterKey,
} from "./envelope-keys.ts";
import { systemRandom } from "./random.ts";

const generated = generateMasterKeys(systemRandom);
const three = addMasterKey(addMasterKey(generated, systemRandom), systemRandom);
const secret = (byte: number) => Buffer.alloc(32, byte).toString("base64url");
const file = (...lines: string[]) => ["poolhouse-master-keys v1", ...lines].join("\n");

describe("the master-key file", () => {
  it("reads back as the keys it was written from, in the same order", () => {
    expect(parseMasterKeys(formatMasterKeys(generated))).toEqual(generated);
    expect(parseMasterKeys(formatMasterKeys(three))).toEqual(three);
  });

  it("may be edited by hand: comments, blank lines, Windows line ends, spaces around a line", () => {
    const text = formatMasterKeys(three).replaceAll("\n", "  \r\n\r\n# a note\r\n");
    expect(parseMasterKeys(text)).toEqual(three);
  });

  it("gives every key 256 random bits and an id of its own", () => {
    expect(new Set(three.keys.map((key) => key.id)).size).toBe(3);
    for (const key of three.keys) {
      expect(key.secret).toHaveLength(32);
      expect(key.id).toMatch(/^[0-9a-f]{16}$/);
      expect(key.secret.toString("hex")).not.toContain(key.id);
    }
    expect(generateMasterKeys(systemRandom).keys[0].secret).not.toEqual(generated.keys[0].secret);
  });

  it("keeps the derivation secret and every old key when a key is added and promoted", () => {
    const added = addMasterKey(generated, systemRandom);
    expect(added.keys[0]).toBe(generated.keys[0]);
    const newest = added.keys[1]?.id ?? "";
    const rotated = promoteMasterKey(added, newest);
    expect(rotated.keys.map((key) => key.id)).toEqual([newest, generated.keys[0].id]);
    expect(rotated.derivationSecret).toEqual(generated.derivationSecret);
  });

  it("refuses to promote a key that is not there", () => {
    expect(() => promoteMasterKey(three, "0000000000000000")).toThrow(
      "no master key has the id 0000000000000000",
    );
  });

  it.each([
    ["an empty file", ""],
    ["another header", formatMasterKeys(generated).replace("v1", "v2")],
    ["no key", file(`derivation ${secret(1)}`)],
    ["no derivation secret", file(`key ${secret(1)}`)],
    [
      "two derivation secrets",
      file(`derivation ${secret(1)}`, `derivation ${secret(2)}`, `key ${secret(3)}`),
    ],
    ["the same key twice", file(`derivation ${secret(1)}`, `key ${secret(2)}`, `key ${secret(2)}`)],
    ["the derivation secret as a key", file(`derivation ${secret(1)}`, `key ${secret(1)}`)],
    ["a line cut short", formatMasterKeys(three).slice(0, -4)],
    ["a word it does not know", file(`derivation ${secret(1)}`, `key ${secret(2)}`, "more words")],
    ["a key in another alphabet", file(`derivation ${secret(1)}`, `key ${"+".repeat(43)}`)],
    [
      "a second spelling of a key",
      file(`derivation ${secret(1)}`, `key ${secret(2).slice(0, 42)}J`),
    ],
    ["a boundless file", `${formatMasterKeys(generated)}${"#\n".repeat(40_000)}`],
  ])("refuses %s", (_, text) => {
    expect(() => parseMasterKeys(text)).toThrow(/master-key file/);
  });

  it("names the line that is wrong and quotes none of it", () => {
    const text = file(`derivation ${secret(1)}`, `key ${secret(2)}x`);
    expect(() => parseMasterKeys(text)).toThrow(
      new Error("line 3 of the master-key file is not understood"),
    );
  });
});
