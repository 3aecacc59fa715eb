import { describe, expect, it } from "vitest";
import { blob } from "./blob.ts";
import { type Checks, map, readInput, required, showInput, string } from "./checks.ts";

type Input = { Bytes: Uint8Array; Links?: Record<string, string> };
const checks: Checks<Input> = {
  Bytes: required(blob({ min: 1, max: 4 })),
  Links: map(string(), string(), { min: 1, max: 2 }),
};
const read = (Bytes: unknown, more: object = {}) => readInput(checks, { Bytes, ...more });

describe("bytes", () => {
  it("are read from Base64", () => {
    expect(Buffer.from(read("AAH+/w==").Bytes).toString("hex")).toBe("0001feff");
  });

  it.each([7, true, [], {}, "a", "YQ", "YQ=", "YQ===", "Y Q==", "YQ==\n", "YQ-_", "=", "ä==="])(
    "are nothing else: %j",
    (value) => {
      expect(() => read(value)).toThrow(
        expect.objectContaining({ code: "SerializationException" }),
      );
    },
  );

  it.each([
    ["", "greater than or equal to 1"],
    [Buffer.alloc(5).toString("base64"), "less than or equal to 4"],
  ])("are within their bounds, and no message shows them: %j", (value, rule) => {
    expect(() => read(value)).toThrow(
      `1 validation error detected: Value at 'bytes' failed to satisfy constraint: Member must have length ${rule}`,
    );
  });

  it("are not in the trail", () => {
    expect(showInput(checks, read("AAH+/w=="))).toEqual({ bytes: "4 bytes" });
  });
});

it("a map has as many entries as it may", () => {
  expect(read("YQ==", { Links: { a: "1", b: "2" } }).Links).toEqual({ a: "1", b: "2" });
  for (const Links of [{}, { a: "1", b: "2", c: "3" }]) {
    expect(() => read("YQ==", { Links })).toThrow(/at 'links' .* Member must have length/);
  }
});
