import type { CallName, Expression } from "./expression.ts";
import type { Mapping, Scalar } from "./nodes.ts";
import type { Fields, ListType, ObjectType, PropertyType, StringType } from "./property-types.ts";
import { type Place, type ProblemList, pathOfKey, printable } from "./template-error.ts";

/**
 * Checks a mapping against its fields: unknown and missing keys, types, allowed values. Functions in it are
 * checked as far as their outcome is known, so the same check serves before and after evaluation.
 */
export function checkFields(
  fields: Fields,
  map: Mapping<Expression>,
  { problems, at }: { readonly problems: ProblemList; readonly at: Place },
): void {
  const known = Object.keys(fields);
  for (const [key, { keyAt, value }] of map.entries) {
    const field = Object.hasOwn(fields, key) ? fields[key] : undefined;
    if (field === undefined) {
      problems.addUnknown(`Unknown property ${printable(key)}`, { name: key, known }, keyAt);
    } else {
      checkValue(field.type, value, problems);
    }
  }
  for (const [key, field] of Object.entries(fields)) {
    if (field.required === true && !map.entries.has(key)) {
      problems.add("Missing required property", { ...at, path: pathOfKey(at.path, key) });
    }
  }
}

function checkValue(type: PropertyType, value: Expression, problems: ProblemList): void {
  if (value.kind === "call") {
    checkCall(type, value, problems);
    return;
  }
  switch (type.kind) {
    case "string":
      checkString(type, value, problems);
      return;
    case "boolean":
      checkPattern(/^(?:true|false)$/, type, { value, problems });
      return;
    case "integer":
      checkInteger(type, value, problems);
      return;
    case "list":
      checkList(type, value, problems);
      return;
    case "map":
      checkMap(type, value, problems);
      return;
    case "object":
      checkObject(type, value, problems);
      return;
    case "document":
      if (value.kind !== "map") wrongType(type, value, problems);
  }
}

function checkString(type: StringType, value: Expression, problems: ProblemList): void {
  if (value.kind !== "scalar") {
    wrongType(type, value, problems);
  } else if (type.values !== undefined && !type.values.includes(value.text)) {
    // MfaConfiguration: OFF, without quotes, is false on AWS too, and refused there without this hint.
    const hint =
      typeof value.value === "boolean"
        ? " (YAML 1.1 reads ON and OFF as true and false: put them in quotes)"
        : "";
    const message = `${describe(value)} is not allowed here; allowed: ${type.values.join(", ")}${hint}`;
    // A near name would tell something of a text that may not be told.
    const known = value.computed === true ? [] : type.values;
    problems.addUnknown(message, { name: value.text, known }, value.at);
  }
}

/** CloudFormation takes "true" for true and "60" for 60, as values from parameters are always strings. */
function checkPattern(
  pattern: RegExp,
  type: PropertyType,
  { value, problems }: { readonly value: Expression; readonly problems: ProblemList },
): void {
  if (value.kind !== "scalar" || !pattern.test(value.text)) {
    wrongType(type, value, problems);
  }
}

function checkInteger(type: PropertyType, value: Expression, problems: ProblemList): void {
  checkPattern(/^[-+]?\d{1,15}$/, type, { value, problems });
}

function checkList(type: ListType, value: Expression, problems: ProblemList): void {
  if (value.kind !== "list") {
    wrongType(type, value, problems);
    return;
  }
  for (const item of value.items) {
    checkValue(type.items, item, problems);
  }
}

function checkMap(type: PropertyType, value: Expression, problems: ProblemList): void {
  if (value.kind !== "map") {
    wrongType(type, value, problems);
    return;
  }
  for (const { value: item } of value.entries.values()) {
    checkValue({ kind: "string" }, item, problems);
  }
}

function checkObject(type: ObjectType, value: Expression, problems: ProblemList): void {
  if (value.kind === "map") {
    checkFields(type.fields, value, { problems, at: value.at });
  } else {
    wrongType(type, value, problems);
  }
}

/** What a function gives, where that does not depend on its arguments. */
const givenKinds: { readonly [Name in CallName]?: "string" | "list" } = {
  "Fn::Base64": "string",
  "Fn::Join": "string",
  "Fn::Split": "list",
  "Fn::Sub": "string",
};

function checkCall(
  type: PropertyType,
  call: Expression & { readonly kind: "call" },
  problems: ProblemList,
): void {
  if (call.name === "Fn::If") {
    checkValue(type, call.whenTrue, problems);
    checkValue(type, call.whenFalse, problems);
    return;
  }
  const given = givenKinds[call.name];
  const takesString = type.kind === "string" || type.kind === "boolean" || type.kind === "integer";
  if ((given === "string" && !takesString) || (given === "list" && type.kind !== "list")) {
    problems.add(
      `Expected ${typeNames[type.kind]}, found ${call.name}, which gives a ${given}`,
      call.at,
    );
  }
}

const typeNames: { readonly [Kind in PropertyType["kind"]]: string } = {
  string: "a String",
  boolean: "a Boolean",
  integer: "an Integer",
  list: "a List",
  map: "a mapping of Strings",
  object: "a mapping",
  document: "a mapping",
};

function wrongType(type: PropertyType, value: Expression, problems: ProblemList): void {
  const found =
    value.kind === "scalar" ? describe(value) : value.kind === "list" ? "a List" : "a mapping";
  problems.add(`Expected ${typeNames[type.kind]}, found ${found}`, value.at);
}

/** Quotes what the template itself says, never what a function made: that may hold a NoEcho parameter. */
function describe(value: Scalar): string {
  if (value.computed === true) {
    return "the function's text";
  }
  const shown = printable(value.text);
  return typeof value.value === "string" ? `"${shown}"` : shown;
}
