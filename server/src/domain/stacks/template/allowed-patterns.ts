import { runInNewContext } from "node:vm";

export interface PatternCheck {
  readonly pattern: string;
  readonly values: readonly string[];
}

export type PatternResult = "matches" | "differs" | "too slow";

// A pattern is the template's own, and a backtracking engine can be kept busy for years by fifty
// characters. V8 lets go of a regular expression when a script's time is up.
const timeoutMilliseconds = 250;
const maxPatternCharacters = 4096;

/** ASCII classes in Java, Unicode properties in JavaScript: accepting more than the pattern says is no check. */
const differentProperties = /\\[pP]\{(?:Alpha|Lower|Upper)\}/;

/** A JavaScript form of a Java pattern that has to match the whole value, or undefined where it has none. */
export function compileAllowedPattern(pattern: string): string | undefined {
  if (pattern.length > maxPatternCharacters || differentProperties.test(pattern)) {
    return undefined;
  }
  // Java lets any non-letter be escaped; a JavaScript pattern with the flag u only its own syntax characters.
  const source = pattern.replace(/\\([^A-Za-z0-9])/gu, (escaped, character: string) =>
    /[\^$\\.*+?()[\]{}|/]/.test(character)
      ? escaped
      : `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`,
  );
  const whole = `^(?:${source})$`;
  try {
    new RegExp(whole, "u");
    return whole;
  } catch {
    return undefined;
  }
}

/** Matches every check's values against its compiled pattern, all of them within one bounded time. */
export function matchAllowedPatterns(checks: readonly PatternCheck[]): readonly PatternResult[] {
  if (checks.length === 0) {
    return [];
  }
  const results: boolean[] = [];
  try {
    runInNewContext(
      `for (const { pattern, values } of checks) {
         const expression = new RegExp(pattern, "u");
         results.push(values.every((value) => expression.test(value)));
       }`,
      { checks, results },
      { timeout: timeoutMilliseconds },
    );
  } catch {
    // What was not reached counts as too slow: nothing is accepted unchecked.
  }
  return checks.map((_check, index) => {
    const result = results[index];
    return result === undefined ? "too slow" : result ? "matches" : "differs";
  });
}
