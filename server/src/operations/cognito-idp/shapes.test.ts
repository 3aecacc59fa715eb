import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Check, matcher } from "../../protocol/checks.ts";
import { noFaults } from "../../protocol/faults.ts";
import * as poolShapes from "./pool-shapes.ts";
import {
  EmailAddressType,
  EmailVerificationMessageByLinkType,
  EmailVerificationMessageType,
} from "./pool-shapes.ts";
import * as shapes from "./shapes.ts";

const published = /^Member must satisfy regular expression pattern: (.*)$/s;
const patternOf = (check: Check<string>) =>
  check.rules?.map((rule) => published.exec(rule)?.[1]).find((pattern) => pattern !== undefined) ??
  "";

function breaksPattern(check: Check<string>, value: string): boolean {
  const faults = noFaults();
  check.read(value, "x", faults);
  return faults.messages.some((message) => message.includes("regular expression"));
}

const textShapes = Object.entries({ ...poolShapes, ...shapes })
  .filter(([, shape]) => patternOf(shape as Check<string>) !== "")
  .map(([name, shape]) => [name, shape as Check<string>] as const);

describe("where a pattern is decided in another way, the decision is the pattern's", () => {
  const pieces = fc.constantFrom(
    "{####}",
    "{##",
    "##}",
    "##",
    "@",
    "a",
    "é",
    "😀",
    " ",
    "\n",
    "\u00a0",
  );
  const text = fc.array(pieces, { maxLength: 8 }).map((parts) => parts.join(""));
  test.each([
    ["EmailVerificationMessageType", EmailVerificationMessageType],
    ["EmailVerificationMessageByLinkType", EmailVerificationMessageByLinkType],
    ["EmailAddressType", EmailAddressType],
    ["PasswordType", shapes.PasswordType],
  ])("%s", (_name, check) => {
    const matches = matcher(patternOf(check));
    const property = fc.property(text, (value) => {
      expect(breaksPattern(check, value)).toBe(!matches(value));
    });
    fc.assert(property, { numRuns: 2000 });
  });
});

describe("no value keeps a pattern busy", () => {
  // A pattern that backtracks over one of these takes minutes, and the test its time.
  const units = ["a", "1_", "@", "{####}", "{##", "##}", "{##a##}", "arn:", "a:", " a", "😀", "/"];
  test.each(textShapes)("%s", (_name, check) => {
    for (const unit of units) {
      for (const length of [256, 20_000, 131_072, 1_000_000]) {
        const value = `${unit.repeat(Math.floor((length - 2) / unit.length))}\u0001\n`;
        expect(() => check.read(value, "x", noFaults())).not.toThrow();
      }
    }
  });
});
