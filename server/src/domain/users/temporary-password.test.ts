import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { type Random, systemRandom } from "../../lib/random.ts";
import { findPolicyViolation } from "./password-policy.ts";
import { generateTemporaryPassword } from "./temporary-password.ts";

describe("a temporary password", () => {
  /** The same stream every time, uniform as far as SHA-256 is. */
  function seeded(seed: string): Random {
    let count = 0;
    const word = () => createHash("sha256").update(`${seed}${count++}`).digest().readUInt32BE();
    return { ...systemRandom, integer: (below) => word() % below };
  }

  it.each([6, 8, 16, 17, 40, 99])("meets every policy of minimum length %i", (minimumLength) => {
    for (let run = 0; run < 100; run++) {
      const password = generateTemporaryPassword({ minimumLength }, systemRandom);
      expect(password).toHaveLength(Math.max(16, minimumLength));
      const policy = {
        minimumLength,
        requireUppercase: true,
        requireLowercase: true,
        requireNumbers: true,
        requireSymbols: true,
      };
      expect(findPolicyViolation(password, policy)).toBeUndefined();
    }
  });

  it("holds nothing that is misread or that a template, URL or message would change", () => {
    for (let run = 0; run < 300; run++) {
      const password = generateTemporaryPassword({ minimumLength: 8 }, systemRandom);
      expect(password).toMatch(
        /^[A-HJ-NP-Za-km-z2-9][A-HJ-NP-Za-km-z2-9!#%*+\-=?@_]{14}[A-HJ-NP-Za-km-z2-9]$/,
      );
    }
  });

  it("is never the same twice", () => {
    const made = Array.from({ length: 1000 }, () =>
      generateTemporaryPassword({ minimumLength: 8 }, systemRandom),
    );
    expect(new Set(made).size).toBe(1000);
  });

  it("uses every character as often as any other of its kind, at every place inside", () => {
    const random = seeded("temporary");
    const made = Array.from({ length: 3000 }, () =>
      generateTemporaryPassword({ minimumLength: 8 }, random),
    );
    for (const kind of [
      "ABCDEFGHJKLMNPQRSTUVWXYZ",
      "abcdefghijkmnopqrstuvwxyz",
      "23456789",
      "!#%*+-=?@_",
    ]) {
      const counts = [...kind].map((character) => made.join("").split(character).length - 1);
      const mean = counts.reduce((sum, count) => sum + count, 0) / counts.length;
      const chiSquare = counts.reduce((sum, count) => sum + (count - mean) ** 2 / mean, 0);
      // The 99.9 % point of chi-square for 24 degrees of freedom, the most that a kind has here.
      expect(chiSquare).toBeLessThan(51.2);
    }
    const placesOfDigits = Array.from(
      { length: 14 },
      (_, place) => made.filter((password) => /[2-9]/.test(password.charAt(place + 1))).length,
    );
    const mean = placesOfDigits.reduce((sum, count) => sum + count, 0) / 14;
    for (const count of placesOfDigits)
      expect(Math.abs(count - mean)).toBeLessThan(5 * Math.sqrt(mean));
  });

  it("gives up on randomness that repeats itself, instead of for ever", () => {
    const stuck = { ...systemRandom, integer: () => 0 };
    expect(() => generateTemporaryPassword({ minimumLength: 8 }, stuck)).toThrow("repeats itself");
  });
});
