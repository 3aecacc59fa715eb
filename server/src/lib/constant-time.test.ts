import { describe, expect, it } from "vitest";
import { equalInConstantTime } from "./constant-time.ts";

describe("equalInConstantTime", () => {
  it("accepts the same text and the same bytes, also one against the other", () => {
    expect(equalInConstantTime("", "")).toBe(true);
    expect(equalInConstantTime("pässword 🔑", "pässword 🔑")).toBe(true);
    expect(equalInConstantTime(Buffer.from([1, 2, 3]), new Uint8Array([1, 2, 3]))).toBe(true);
    expect(equalInConstantTime("é", Buffer.from([0xc3, 0xa9]))).toBe(true);
    expect(equalInConstantTime("x".repeat(100_000), "x".repeat(100_000))).toBe(true);
  });

  it.each([
    ["a different last character", "abcdef", "abcdeg"],
    ["a different first character", "abcdef", "bbcdef"],
    ["a prefix", "abc", "abcdef"],
    ["nothing against something", "", "a"],
    ["another case", "abc", "ABC"],
    ["a trailing zero byte", "abc", "abc\0"],
    ["the same letter composed otherwise", "\u00e9", "e\u0301"],
  ])("refuses %s", (_, left, right) => {
    expect(equalInConstantTime(left, right)).toBe(false);
    expect(equalInConstantTime(right, left)).toBe(false);
  });

  it("never takes one ill-formed text for another", () => {
    expect(equalInConstantTime("\ud800", "\ud801")).toBe(false);
    expect(equalInConstantTime("\ud800", "\ufffd")).toBe(false);
    expect(equalInConstantTime(Buffer.from("\ufffd"), "\udfff")).toBe(false);
  });

  it("compares only the bytes that a view shows", () => {
    const whole = Buffer.from("--secret--");
    expect(equalInConstantTime(whole.subarray(2, 8), "secret")).toBe(true);
    expect(equalInConstantTime(whole.subarray(2, 7), "secret")).toBe(false);
  });
});
