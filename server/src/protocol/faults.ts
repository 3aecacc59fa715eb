/** What is wrong with an input, in AWS's words. */
import { ServiceError } from "../errors/service-error.ts";

/** What an input breaks so far; only the first messages are kept, however many there are. */
export type Faults = { count: number; readonly messages: string[] };

const SEEN_CHARACTERS = 1024;
const KEPT_MESSAGES = 50;

/** No faults yet. */
export function noFaults(): Faults {
  return { count: 0, messages: [] };
}

/** Notes that the value at `at` breaks a rule. What was `seen` there is left out where it must not be shown. */
export function report(faults: Faults, at: string, broken: { seen?: string; rule: string }): void {
  faults.count++;
  if (faults.messages.length === KEPT_MESSAGES) return;
  const value = broken.seen === undefined ? "Value" : `Value ${broken.seen}`;
  const place = at.slice(0, SEEN_CHARACTERS);
  faults.messages.push(`${value} at '${place}' failed to satisfy constraint: ${broken.rule}`);
}

/** A plain value as it stands in a message. */
export function seenValue(value: unknown): string {
  return `'${String(value).slice(0, SEEN_CHARACTERS)}'`;
}

/** A list of plain values as it stands in a message. */
export function seenList(values: readonly unknown[]): string {
  return seenValue(`[${values.slice(0, SEEN_CHARACTERS).join(", ")}]`);
}

/** A map of plain values as it stands in a message. */
export function seenMap(entries: readonly [string, unknown][]): string {
  const pairs = entries.slice(0, SEEN_CHARACTERS).map(([name, value]) => `${name}=${value}`);
  return seenValue(`{${pairs.join(", ")}}`);
}

/** Throws AWS's InvalidParameterException for whatever was reported. */
export function refuse(faults: Faults): void {
  if (faults.count === 0) return;
  const errors = faults.count === 1 ? "error" : "errors";
  throw new ServiceError(
    "InvalidParameterException",
    `${faults.count} validation ${errors} detected: ${faults.messages.join("; ")}`,
  );
}

/** A body that is no JSON of the operation's shape; nothing of it is used. */
export function serializationError(message = ""): ServiceError {
  return new ServiceError("SerializationException", message);
}

const whenScalar = {
  string: "can not be converted to a String",
  integer: "can not be converted to an Integer",
  boolean: "can not be converted to a Boolean",
  list: "Expected list or null",
  map: "Expected map or null",
  structure: "Expected null",
};

/** AWS's answer to a value of the wrong JSON type. */
export function wrongType(value: unknown, wanted: keyof typeof whenScalar): ServiceError {
  if (Array.isArray(value)) return serializationError("Start of list found where not expected");
  if (typeof value === "object") {
    return serializationError("Start of structure or map found where not expected.");
  }
  const rest = whenScalar[wanted];
  if (wanted === "list" || wanted === "map" || wanted === "structure") {
    return serializationError(rest);
  }
  const found = typeof value === "boolean" ? String(value) : typeof value;
  return serializationError(`${found.toUpperCase()}_VALUE ${rest}`);
}
