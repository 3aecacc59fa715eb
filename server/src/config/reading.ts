import type { Setting } from "./settings.ts";
import { WrongValue } from "./values.ts";

export type Environment = Readonly<Record<string, string | undefined>>;

/** Settings that cannot be used: one sentence for each mistake. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(problems.join("\n"));
    this.problems = problems;
  }
}

/** One pass over the environment that collects what is wrong instead of stopping at the first mistake. */
export type Reading = {
  readonly problems: string[];
  has(setting: Setting): boolean;
  /** The value, or undefined when the setting is absent, empty or wrong. */
  read<T>(setting: Setting, parse: (text: string) => T): T | undefined;
};

/** Begins a pass. */
export function startReading(environment: Environment): Reading {
  const problems: string[] = [];
  const textOf = (setting: Setting) => environment[setting] || undefined;
  return {
    problems,
    has: (setting) => textOf(setting) !== undefined,
    read(setting, parse) {
      const text = textOf(setting);
      if (text === undefined) return undefined;
      try {
        return parse(text);
      } catch (error) {
        if (!(error instanceof WrongValue)) throw error;
        problems.push(`${setting} ${error.message}`);
        return undefined;
      }
    },
  };
}

/** Notes a mistake when one of two settings is there without the other. */
export function requireBoth({ has, problems }: Reading, one: Setting, other: Setting): void {
  if (has(one) === has(other)) return;
  const [present, absent] = has(one) ? [one, other] : [other, one];
  problems.push(`${present} is set and ${absent} is not: set both or neither`);
}
