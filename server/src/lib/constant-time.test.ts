import { describe, expect, it } from "vitest";
import { constantTimeEqual } from "./constant-time.ts";

describe("constantTimeEqual", () => {
  it("accepts the same text and the same bytes, also one against the other", () => {
    expect(constantTimeEqual("", "")).toBe(true);
    expect(constantTimeEqual("pässword 🔑", "pässword 🔑")).toBe(true);
    expect(constantTimeEqual(Buffer.from([1, 2, 3]), new Uint8Array([1, 2, 3]))).toBe(true);
    expect(constantTimeEqual("é", Buffer.from([0xc3, 0xa9]))).toBe(true);
    expect(constantTimeEqual("x".repeat(100_000), "x".repeat(100_000))).toBe(true);
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
    expect(constantTimeEqual(left, right)).toBe(false);
    expect(constantTimeEqual(right, left)).toBe(false);
  });

  it("never takes one ill-formed text for another", () => {
    expect(constantTimeEqual("\ud800", "\ud801")).toBe(false);
    expect(constantTimeEqual("\ud800", "\ufffd")).toBe(false);
    expect(constantTimeEqual(Buffer.from("\ufffd"), "\udfff")).toBe(false);
  });

  it("compares only the bytes that a view shows", () => {
    const whole = Buffer.from("--secret--");
    expect(constantTimeEqual(whole.subarray(2, 8), "secret")).toBe(true);
    expect(constantTimeEqual(whole.subarray(2, 7), "secret")).toBe(false);
  });
});
