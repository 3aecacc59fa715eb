/**
 * What an input member may hold. A check rebuilds the value from the members it knows, so nothing unnamed reaches the
 * rules; it collects constraint failures in AWS's wording (reported together) and throws for a wrong JSON type.
 */
import { ServiceError } from "../errors/service-error.ts";

export type Faults = { readonly messages: string[] };

export type Check<T> = {
  readonly required?: false;
  readonly sensitive?: boolean;
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

export const HIDDEN = "HIDDEN_DUE_TO_SECURITY_REASONS";
const SHOWN_CHARACTERS = 1024;

function constraint(value: unknown, at: string, rule: string): string {
  const shown =
    value === undefined ? "Value" : `Value '${printed(value).slice(0, SHOWN_CHARACTERS)}'`;
  return `${shown} at '${at}' failed to satisfy constraint: ${rule}`;
}

function printed(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(printed).join(", ")}]`;
  if (typeof value === "object" && value !== null) {
    return `{${Object.entries(value)
      .map(([k, v]) => `${k}=${printed(v)}`)
      .join(", ")}}`;
  }
  return String(value);
}

/** A member of the wrong JSON type; nothing of the request is used. */
export function serializationError(message: string): ServiceError {
  return new ServiceError("SerializationException", message);
}

const valueNames: Record<string, string> = {
  string: "STRING_VALUE",
  number: "NUMBER_VALUE",
  true: "TRUE_VALUE",
  false: "FALSE_VALUE",
};

function wrongType(value: unknown, wanted: string): ServiceError {
  if (typeof value === "object") {
    return serializationError("Start of structure or map found where not expected.");
  }
  const name = valueNames[typeof value === "boolean" ? String(value) : typeof value] ?? "VALUE";
  return serializationError(`${name} can not be converted to ${wanted}`);
}

/** Length in code points, as AWS counts it for strings. */
function lengthOf(value: string): number {
  let count = 0;
  for (const _ of value) count++;
  return count;
}

type StringRule = { min?: number; max?: number; pattern?: string; sensitive?: boolean };

/** A string; `pattern` is AWS's published one and must match the whole value. */
export function string(rule: StringRule = {}): Check<string> {
  const pattern = rule.pattern === undefined ? undefined : new RegExp(`^(?:${rule.pattern})$`, "u");
  const sensitive = rule.sensitive ?? false;
  return {
    sensitive,
    read(value, at, faults) {
      if (typeof value !== "string") throw wrongType(value, "String");
      const shown = sensitive ? undefined : value;
      const length = lengthOf(value);
      if (rule.max !== undefined && length > rule.max) {
        // A value that is too long is not matched against its pattern: no work for what is refused anyway.
        faults.messages.push(
          constraint(shown, at, `Member must have length less than or equal to ${rule.max}`),
        );
        return value;
      }
      if (rule.min !== undefined && length < rule.min) {
        faults.messages.push(
          constraint(shown, at, `Member must have length greater than or equal to ${rule.min}`),
        );
      }
      if (pattern && !pattern.test(value)) {
        faults.messages.push(
          constraint(shown, at, `Member must satisfy regular expression pattern: ${rule.pattern}`),
        );
      }
      return value;
    },
    show: (value) => (sensitive ? HIDDEN : value),
  };
}

/** One of AWS's enum values. */
export function oneOf<const T extends string>(...values: readonly T[]): Check<T> {
  return {
    read(value, at, faults) {
      if (typeof value !== "string") throw wrongType(value, "String");
      const known = values.find((each) => each === value);
      if (known === undefined) {
        faults.messages.push(
          constraint(value, at, `Member must satisfy enum value set: [${values.join(", ")}]`),
        );
      }
      // Faults stop the call before the value is used, so an unknown one never leaves here.
      return known ?? (value as T);
    },
    show: (value) => value,
  };
}

/** A whole number within bounds. */
export function integer(rule: { min?: number; max?: number } = {}): Check<number> {
  return {
    read(value, at, faults) {
      if (typeof value !== "number" || !Number.isSafeInteger(value))
        throw wrongType(value, "an Integer");
      if (rule.max !== undefined && value > rule.max) {
        faults.messages.push(
          constraint(value, at, `Member must have value less than or equal to ${rule.max}`),
        );
      }
      if (rule.min !== undefined && value < rule.min) {
        faults.messages.push(
          constraint(value, at, `Member must have value greater than or equal to ${rule.min}`),
        );
      }
      return value;
    },
    show: (value) => value,
  };
}

/** A point in time, on the wire in epoch seconds. */
export function timestamp(): Check<Date> {
  return {
    read(value) {
      if (typeof value !== "number" || !Number.isFinite(value)) throw wrongType(value, "Timestamp");
      return new Date(value * 1000);
    },
    show: (value) => value.toISOString(),
  };
}

export const boolean: Check<boolean> = {
  read(value) {
    if (typeof value !== "boolean") throw wrongType(value, "Boolean");
    return value;
  },
  show: (value) => value,
};

/** A list; its members are named `<list>.<n>.member` in messages, counted from 1. */
export function list<T>(of: Check<T>, rule: { min?: number; max?: number } = {}): Check<T[]> {
  return {
    read(value, at, faults) {
      if (!Array.isArray(value)) throw wrongType(value, "List");
      if (rule.max !== undefined && value.length > rule.max) {
        faults.messages.push(
          constraint(
            of.sensitive ? undefined : value,
            at,
            `Member must have length less than or equal to ${rule.max}`,
          ),
        );
        return [];
      }
      if (rule.min !== undefined && value.length < rule.min) {
        faults.messages.push(
          constraint(value, at, `Member must have length greater than or equal to ${rule.min}`),
        );
      }
      return value
        .filter((each) => each !== null)
        .map((each, index) => of.read(each, `${at}.${index + 1}.member`, faults));
    },
    show: (value) => value.map((each) => of.show(each)),
  };
}

const MAP_ENTRIES = 256;

/** A map with string keys; the result has no prototype, so that no key means more than itself. */
export function map<K extends string, V>(
  key: Check<K>,
  of: Check<V>,
  rule: { sensitive?: boolean } = {},
): Check<Record<K, V>> {
  const sensitive = rule.sensitive ?? of.sensitive ?? false;
  return {
    sensitive,
    read(value, at, faults) {
      if (typeof value !== "object" || value === null || Array.isArray(value)) {
        throw wrongType(value, "Map");
      }
      const entries = Object.entries(value).filter(([, each]) => each !== null);
      const result: Record<string, V> = Object.create(null);
      if (entries.length > MAP_ENTRIES) {
        const rule = `Member must have length less than or equal to ${MAP_ENTRIES}`;
        faults.messages.push(constraint(undefined, at, rule));
        return result;
      }
      for (const [name, each] of entries) {
        const inner: Faults = { messages: [] };
        result[key.read(name, at, inner)] = of.read(each, at, inner);
        faults.messages.push(
          ...inner.messages.map((m) => mapConstraint(m, sensitive ? undefined : value, at)),
        );
      }
      return result;
    },
    show: (value) => (sensitive ? HIDDEN : { ...value }),
  };
}

function mapConstraint(message: string, value: unknown, at: string): string {
  const rule = message.slice(message.indexOf("constraint: ") + "constraint: ".length);
  return constraint(value, at, `Map value must satisfy constraint: [${rule}]`);
}

/** A structure of which every member is decided; a member that AWS does not know is refused. */
export function structure<I extends object>(members: Checks<I>): Check<I> {
  return {
    read(value, at, faults) {
      if (typeof value !== "object" || value === null || Array.isArray(value))
        throw wrongType(value, "Structure");
      return readMembers(members, value, { at: `${at}.`, faults });
    },
    show: (value) => showMembers(members, value),
  };
}

/** The same check, its value kept out of messages and of the audit trail. */
export function hidden<T>(check: Check<T>): Check<T> {
  return { ...check, sensitive: true, show: () => HIDDEN };
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
    if (!Object.hasOwn(table, name))
      throw serializationError(`Unknown member: ${name.slice(0, 128)}`);
  }
  const given = value as Record<string, unknown>;
  const result: Record<string, unknown> = {};
  for (const [name, check] of Object.entries(table)) {
    const at = where.at + lowerCamel(name);
    const member = Object.hasOwn(given, name) ? given[name] : undefined;
    if (member === undefined || member === null) {
      if (check.required) where.faults.messages.push(nullFault(at, check));
    } else {
      result[name] = check.read(member, at, where.faults);
    }
  }
  // Every member was read by its own check, which is what makes it an I.
  return result as I;
}

function nullFault(at: string, check: AnyCheck): string {
  return check.sensitive
    ? `Value at '${at}' failed to satisfy constraint: Member must not be null`
    : `Value null at '${at}' failed to satisfy constraint: Member must not be null`;
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
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw wrongType(value, "Structure");
  const faults: Faults = { messages: [] };
  const input = readMembers(members, value, { at: "", faults });
  const count = faults.messages.length;
  if (count > 0) {
    const errors =
      count === 1 ? "1 validation error detected" : `${count} validation errors detected`;
    throw new ServiceError(
      "InvalidParameterException",
      `${errors}: ${faults.messages.slice(0, 50).join("; ")}`,
    );
  }
  return input as Checked<I>;
}

/** The input as the audit trail shows it, with every sensitive value hidden. */
export function showInput<I extends object>(
  members: Checks<I>,
  input: Checked<I>,
): Record<string, unknown> {
  return showMembers(members, input as unknown as I);
}
