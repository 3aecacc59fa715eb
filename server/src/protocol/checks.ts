/**
 * What an input member may hold. A check rebuilds the value from the members it knows, so nothing unnamed reaches the
 * rules; it collects constraint failures in AWS's wording (reported together) and throws for a wrong JSON type.
 */
import {
  type Faults,
  noFaults,
  refuse,
  report,
  seenList,
  seenMap,
  seenValue,
  serializationError,
  wrongType,
} from "./faults.ts";

export type Check<T> = {
  readonly required?: false;
  /** Left out of every message. */
  readonly sensitive?: boolean;
  /** All that a plain value must satisfy, in AWS's words. Lists, maps and structures have no such sentence. */
  readonly rules?: readonly string[];
  /** `at` is the lower-camel path that AWS prints; undefined and null never reach `read`. */
  read(value: unknown, at: string, faults: Faults): T;
  /** The value as the audit trail may show it. */
  show(value: T): unknown;
};

export type RequiredCheck<T> = Omit<Check<T>, "required"> & { readonly required: true };

type RequiredKeys<I> = { [K in keyof I]-?: object extends Pick<I, K> ? never : K }[keyof I];

/** A decision on every member of an SDK input type: one that is missing here does not compile. */
export type Checks<I> = {
  readonly [K in keyof I]-?: K extends RequiredKeys<I>
    ? RequiredCheck<NonNullable<I[K]>>
    : Check<NonNullable<I[K]>>;
};

/** The input after its checks: what the SDK marks required is there. */
export type Checked<I> = {
  [K in RequiredKeys<I>]: NonNullable<I[K]>;
} & { [K in Exclude<keyof I, RequiredKeys<I>>]?: NonNullable<I[K]> };

const HIDDEN = "HIDDEN_DUE_TO_SECURITY_REASONS";

type Rule<T> = {
  readonly text: string;
  holds(value: T): boolean;
  /** A value that breaks this rule is held against no other: no work for what is refused anyway. */
  readonly last?: true;
};

function brokenRules<T>(rules: readonly Rule<T>[], value: T): readonly Rule<T>[] {
  const last = rules.find((rule) => rule.last && !rule.holds(value));
  return last ? [last] : rules.filter((rule) => !rule.holds(value));
}

/** The check of a value without parts. */
function plain<T>(about: {
  sensitive?: boolean;
  rules: readonly Rule<T>[];
  parse(value: unknown, at: string, faults: Faults): T;
}): Check<T> {
  const sensitive = about.sensitive ?? false;
  return {
    sensitive,
    rules: about.rules.map((rule) => rule.text),
    read(value, at, faults) {
      const parsed = about.parse(value, at, faults);
      for (const { text } of brokenRules(about.rules, parsed)) {
        report(faults, at, { ...(sensitive ? {} : { seen: seenValue(parsed) }), rule: text });
      }
      return parsed;
    },
    show: (value) => (sensitive ? HIDDEN : value),
  };
}

/** Whether a text has at least `count` code points, which is what AWS counts, looking no further than that takes. */
function hasCodePoints(text: string, count: number): boolean {
  if (text.length < count || text.length >= 2 * count) return text.length >= count;
  let counted = 0;
  for (const _ of text) counted++;
  return counted >= count;
}

function has(value: string | readonly unknown[], count: number): boolean {
  return typeof value === "string" ? hasCodePoints(value, count) : value.length >= count;
}

function lengthRules(rule: { min?: number; max?: number }): Rule<string | readonly unknown[]>[] {
  const { min, max } = rule;
  const rules: Rule<string | readonly unknown[]>[] = [];
  if (max !== undefined) {
    const text = `Member must have length less than or equal to ${max}`;
    rules.push({ text, holds: (value) => !has(value, max + 1), last: true });
  }
  if (min !== undefined) {
    const text = `Member must have length greater than or equal to ${min}`;
    rules.push({ text, holds: (value) => has(value, min) });
  }
  return rules;
}

/** Whether a value matches a pattern of AWS's: whole, and with Java's `\s`, which is ASCII alone. */
export function matcher(pattern: string): (value: string) => boolean {
  const space = String.raw` \t\n\x0B\f\r`;
  const ascii = pattern
    .replaceAll(String.raw`[\S]`, `[^${space}]`)
    .replaceAll(String.raw`\s`, space);
  const expression = new RegExp(`^(?:${ascii})$`, "u");
  return (value) => expression.test(value);
}

/** Half of a surrogate pair is no character, and PostgreSQL stores no U+0000. */
function isText(value: string): boolean {
  return value.isWellFormed() && !value.includes("\0");
}

/** A string within AWS's published limits. */
export function string(
  rule: {
    min?: number;
    max?: number;
    /** As AWS publishes and prints it. */
    pattern?: string;
    /** Decides as the pattern does, where the pattern itself takes too long over a hostile value. */
    matches?: (value: string) => boolean;
    sensitive?: boolean;
  } = {},
): Check<string> {
  const { sensitive, pattern } = rule;
  const rules: Rule<string>[] = lengthRules(rule);
  if (pattern !== undefined) {
    const text = `Member must satisfy regular expression pattern: ${pattern}`;
    rules.push({ text, holds: rule.matches ?? matcher(pattern) });
  }
  return plain({
    ...(sensitive === undefined ? {} : { sensitive }),
    rules,
    parse(value, at, faults) {
      if (typeof value !== "string") throw wrongType(value, "string");
      if (!isText(value)) report(faults, at, { rule: "Member must be text without U+0000" });
      return value;
    },
  });
}

/** One of AWS's enum values. */
export function oneOf<const T extends string>(...values: readonly T[]): Check<T> {
  return plain({
    rules: [
      {
        text: `Member must satisfy enum value set: [${values.join(", ")}]`,
        holds: (value) => values.includes(value),
      },
    ],
    parse(value) {
      if (typeof value !== "string") throw wrongType(value, "string");
      // The rule stops the call before the value is used, so one that is no T never leaves here.
      return value as T;
    },
  });
}

const LARGEST_INTEGER = 2 ** 31 - 1;

/** A whole number within bounds, at most those of 32 bits. */
export function integer(rule: { min?: number; max?: number } = {}): Check<number> {
  const { min = -LARGEST_INTEGER - 1, max = LARGEST_INTEGER } = rule;
  return plain({
    rules: [
      { text: `Member must have value less than or equal to ${max}`, holds: (v) => v <= max },
      { text: `Member must have value greater than or equal to ${min}`, holds: (v) => v >= min },
    ],
    parse(value) {
      if (typeof value !== "number") throw wrongType(value, "integer");
      if (!Number.isInteger(value)) throw serializationError();
      return value;
    },
  });
}

/** True or false. */
export const boolean: Check<boolean> = plain({
  rules: [],
  parse(value) {
    if (typeof value !== "boolean") throw wrongType(value, "boolean");
    return value;
  },
});

/** A list. What is wrong with a plain member is said of the list; within a structure, of `<list>.<n>.member`, from 1. */
export function list<T>(of: Check<T>, rule: { min?: number; max?: number } = {}): Check<T[]> {
  const limits = lengthRules(rule);
  const printable = of.rules && !of.sensitive;
  return {
    read(value, at, faults) {
      if (!Array.isArray(value)) throw wrongType(value, "list");
      const given: unknown[] = value.filter((each) => each !== null);
      const seen = printable ? { seen: seenList(given) } : {};
      const [broken] = brokenRules(limits, given);
      if (broken) {
        report(faults, at, { ...seen, rule: broken.text });
        return [];
      }
      if (!of.rules) {
        return given.map((each, index) => of.read(each, `${at}.${index + 1}.member`, faults));
      }
      const within = noFaults();
      const read = given.map((each) => of.read(each, at, within));
      reportParts(faults, at, { within, what: "Member", rules: of.rules, seen });
      return read;
    },
    show: (value) => value.map((each) => of.show(each)),
  };
}

/** What is wrong with the plain parts of a list or map is said once, of the whole and with all that a part must satisfy. */
function reportParts(
  faults: Faults,
  at: string,
  about: {
    within: Faults;
    what: string;
    rules: readonly string[] | undefined;
    seen: { seen?: string };
  },
): void {
  if (!about.rules || about.within.count === 0) return;
  const rule = `${about.what} must satisfy constraint: [${about.rules.join(", ")}]`;
  report(faults, at, { ...about.seen, rule });
}

const MAP_ENTRIES = 256;

/** A map with string keys; the result has no prototype, so that no key means more than itself. */
export function map<K extends string, V>(
  key: Check<K>,
  of: Check<V>,
  rule: { sensitive?: boolean; min?: number; max?: number } = {},
): Check<Record<K, V>> {
  const { sensitive = false, max = MAP_ENTRIES } = rule;
  const limits = lengthRules({ ...rule, max });
  const printable = !sensitive && !key.sensitive && of.rules && !of.sensitive;
  return {
    sensitive,
    read(value, at, faults) {
      if (typeof value !== "object" || value === null || Array.isArray(value)) {
        throw wrongType(value, "map");
      }
      const entries = Object.entries(value).filter(([, each]) => each !== null);
      const seen = printable ? { seen: seenMap(entries) } : {};
      const result: Record<string, V> = Object.create(null);
      const [broken] = brokenRules(limits, entries);
      if (broken) {
        report(faults, at, { ...seen, rule: broken.text });
        return result;
      }
      const wrongKeys = noFaults();
      const wrongValues = of.rules ? noFaults() : faults;
      for (const [name, each] of entries) {
        result[key.read(name, at, wrongKeys)] = of.read(each, `${at}.${name}`, wrongValues);
      }
      reportParts(faults, at, { within: wrongKeys, what: "Map keys", rules: key.rules, seen });
      reportParts(faults, at, { within: wrongValues, what: "Map value", rules: of.rules, seen });
      return result;
    },
    show: (value) =>
      sensitive
        ? HIDDEN
        : Object.fromEntries(Object.entries<V>(value).map(([name, each]) => [name, of.show(each)])),
  };
}

/** A structure of which every member is decided; one that is not named here is refused. */
export function structure<I extends object>(members: Checks<I>): Check<I> {
  return {
    read(value, at, faults) {
      if (typeof value !== "object" || value === null || Array.isArray(value)) {
        throw wrongType(value, "structure");
      }
      return readMembers(members, value, { at: `${at}.`, faults });
    },
    show: (value) => showMembers(members, value),
  };
}

/** The same check, its value kept out of the audit trail. */
export function hidden<T>(check: Check<T>): Check<T> {
  return { ...check, show: () => HIDDEN };
}

/** Marks a member that must be there. */
export function required<T>(check: Check<T>): RequiredCheck<T> {
  return { ...check, required: true };
}

function lowerCamel(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1);
}

type AnyCheck = Omit<Check<unknown>, "required"> & { required?: boolean };

function readMembers<I extends object>(
  members: Checks<I>,
  value: object,
  where: { at: string; faults: Faults },
): I {
  const table = members as unknown as Record<string, AnyCheck>;
  for (const name of Object.keys(value)) {
    if (!Object.hasOwn(table, name)) {
      throw serializationError(`Unknown member: ${name.slice(0, 128)}`);
    }
  }
  const given = value as Record<string, unknown>;
  const result: Record<string, unknown> = {};
  for (const [name, check] of Object.entries(table)) {
    const at = where.at + lowerCamel(name);
    const member = Object.hasOwn(given, name) ? given[name] : undefined;
    if (member !== undefined && member !== null) {
      result[name] = check.read(member, at, where.faults);
    } else if (check.required) {
      const seen = check.sensitive ? {} : { seen: "null" };
      report(where.faults, at, { ...seen, rule: "Member must not be null" });
    }
  }
  // Every member was read by its own check, which is what makes it an I.
  return result as I;
}

function showMembers<I extends object>(members: Checks<I>, value: I): Record<string, unknown> {
  const table = members as unknown as Record<string, AnyCheck>;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name, member]) => member !== undefined && Object.hasOwn(table, name))
      .map(([name, member]) => [lowerCamel(name), table[name]?.show(member)]),
  );
}

/** The checked input, or AWS's InvalidParameterException with all that is wrong. */
export function readInput<I extends object>(members: Checks<I>, value: unknown): Checked<I> {
  if (Array.isArray(value)) throw wrongType(value, "structure");
  if (typeof value !== "object" || value === null) throw serializationError();
  const faults = noFaults();
  const input = readMembers(members, value, { at: "", faults });
  refuse(faults);
  return input as Checked<I>;
}

/** The input as the audit trail shows it, with every sensitive value hidden. */
export function showInput<I extends object>(
  members: Checks<I>,
  input: Checked<I>,
): Record<string, unknown> {
  return showMembers(members, input as unknown as I);
}
