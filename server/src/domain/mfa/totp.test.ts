import { Secret, TOTP } from "otpauth";
import { describe, expect, test } from "vitest";
import { systemRandom } from "../../lib/random.ts";
import { drawTotpSecret, stepOfCode } from "./totp.ts";

/** RFC 6238 appendix B, the key of SHA-1. */
const secret = Secret.fromUTF8("12345678901234567890").base32;

test.each([
  [59, "287082"],
  [1111111109, "081804"],
  [1111111111, "050471"],
  [1234567890, "005924"],
  [2000000000, "279037"],
  [20000000000, "353130"],
])("takes the RFC's code at %d s", (seconds, code) => {
  expect(stepOfCode(secret, { code, nowMs: seconds * 1000 })).toBe(Math.floor(seconds / 30));
});

describe("the window", () => {
  const nowMs = 1_700_000_010_000;
  const step = Math.floor(nowMs / 30_000);
  const codeAt = (steps: number) =>
    new TOTP({ secret }).generate({ timestamp: nowMs + steps * 30_000 });

  test.each([-1, 0, 1])("takes the code of step %d, as of that step", (steps) => {
    expect(stepOfCode(secret, { code: codeAt(steps), nowMs })).toBe(step + steps);
  });

  test.each([-20, -2, 2, 20])("refuses the code of step %d", (steps) => {
    expect(stepOfCode(secret, { code: codeAt(steps), nowMs })).toBeUndefined();
  });
});

test.each([
  "",
  "28708",
  "2870820",
  "28708a",
  " 87082",
  "287 082",
  "-87082",
  "２８７０８２",
  "287082\n",
])("takes no code of another form: %j", (code) => {
  expect(stepOfCode(secret, { code, nowMs: 59_000 })).toBeUndefined();
});

test("a secret is 160 bits that nobody had, as apps and AWS's pattern take it", () => {
  const secrets = Array.from({ length: 10_000 }, () => drawTotpSecret(systemRandom));
  expect(new Set(secrets).size).toBe(10_000);
  expect(secrets.every((each) => /^[A-Z2-7]{32}$/.test(each))).toBe(true);
  expect(Secret.fromBase32(secrets[0] ?? "").bytes).toHaveLength(20);
});
