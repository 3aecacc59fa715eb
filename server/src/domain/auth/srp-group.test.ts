import { getDiffieHellman, randomBytes } from "node:crypto";
import { describe, expect, it } from "vitest";
import {
  bigIntPower,
  choosePower,
  fixedBytes,
  g,
  groupBytes,
  k,
  N,
  pad,
  power,
  rsaPower,
  toInteger,
} from "./srp-group.ts";

describe("the group", () => {
  it("is the 3072-bit one of RFC 3526", () => {
    expect(N.toString(16)).toBe(getDiffieHellman("modp15").getPrime("hex"));
    expect(groupBytes * 8).toBe(3072);
  });

  it("has the multiplier that Cognito's clients compute", () => {
    // H(00 ‖ N ‖ 02), as the public clients have it.
    expect(k.toString(16)).toBe("538282c4354742d7cbbde2359fcf67f9f5b3a6b08791e5011b43b8a5b66d9ee6");
  });
});

describe("powers modulo N", () => {
  const big = (bytes: number) => toInteger(randomBytes(bytes));
  const edges: [string, bigint, bigint][] = [
    ["base 0", 0n, 5n],
    ["base 1", 1n, big(32)],
    ["base N − 1, odd exponent", N - 1n, big(32) | 1n],
    ["base N − 1, even exponent", N - 1n, big(32) & ~1n],
    ["base N", N, 3n],
    ["base above N", N + 12_345n, big(32)],
    ["base far above N", N * N - 7n, big(32)],
    ["exponent 0", g, 0n],
    ["exponent 1", big(384), 1n],
    ["exponent 2", big(384), 2n],
    ["even exponent", big(384), big(32) & ~1n],
    ["256-bit exponent with its highest bit set", g, big(32) | (1n << 255n)],
    ["exponent of one byte", g, 0xffn],
    ["exponent as long as N", big(384), N - 2n],
    ["result 1, as Fermat has it", 3n, N - 1n],
  ];

  it.each(edges)("are the same by RSA as by BigInt: %s", (_, base, exponent) => {
    expect(rsaPower(base, exponent)).toBe(bigIntPower(base, exponent));
  });

  it("are the same by RSA as by BigInt for random numbers", () => {
    for (let run = 0; run < 20; run++) {
      const [base, exponent] = [big(384), big(32)];
      expect(rsaPower(base, exponent)).toBe(bigIntPower(base, exponent));
    }
  });

  it("use the fast way in this build of Node", () => {
    expect(power).toBe(rsaPower);
  });

  it("fall back to BigInt where the fast way is wrong or refuses", () => {
    expect(choosePower(rsaPower)).toBe(rsaPower);
    expect(choosePower((base, exponent) => (rsaPower(base, exponent) * 2n) % N)).toBe(bigIntPower);
    const wrongForEven = choosePower((base, e) => rsaPower(base, e | 1n));
    expect(wrongForEven).toBe(bigIntPower);
    const refuses = choosePower(() => {
      throw new Error("modulus too large");
    });
    expect(refuses).toBe(bigIntPower);
  });
});

describe("numbers as bytes", () => {
  it.each([
    [0n, "00"],
    [2n, "02"],
    [0x7fn, "7f"],
    [0x80n, "0080"],
    [0xffn, "00ff"],
    [0x100n, "0100"],
    [0xabcn, "0abc"],
    [0x8000n, "008000"],
  ])("pad %s as Java's BigInteger does", (number, hex) => {
    expect(pad(number).toString("hex")).toBe(hex);
  });

  it("survive the way to bytes of a fixed length and back", () => {
    for (const number of [0n, 1n, 0xabcn, N - 1n]) {
      const bytes = fixedBytes(number, groupBytes);
      expect(bytes).toHaveLength(groupBytes);
      expect(toInteger(bytes)).toBe(number);
    }
    expect(toInteger(Buffer.alloc(0))).toBe(0n);
  });
});
