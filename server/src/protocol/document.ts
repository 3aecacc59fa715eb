import type { Check } from "./checks.ts";
import { report, wrongType } from "./faults.ts";

type Json = null | boolean | number | string | Json[] | { [name: string]: Json };

/**
 * A JSON object that AWS passes on without a shape ("Document"): whoever takes it apart must believe nothing of it. Its
 * depth is bounded by the body's; longer than `max` characters it is refused.
 */
export function document({ max }: { max: number }): Check<Record<string, Json>> {
  return {
    read(value, at, faults) {
      if (typeof value !== "object" || value === null || Array.isArray(value)) {
        throw wrongType(value, "map");
      }
      if (JSON.stringify(value).length > max) {
        report(faults, at, { rule: `Member must have length less than or equal to ${max}` });
      }
      // The body was JSON.
      return value as Record<string, Json>;
    },
    show: (value) => value,
  };
}
