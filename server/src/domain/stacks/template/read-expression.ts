import type { Call, CallName, Expression } from "./expression.ts";
import type { Data, Entry, Mapping } from "./nodes.ts";
import { readSubParts, splitAtDot } from "./sub-parts.ts";
import { type Place, type ProblemList, printable } from "./template-error.ts";

/** Conditions are decided before any resource exists, so they have functions of their own. */
export type Section = "Conditions" | "values";

interface Context {
  readonly section: Section;
  readonly problems: ProblemList;
}

interface CallSite extends Context {
  readonly name: string;
  readonly at: Place;
}

const unsupportedFunctions: ReadonlySet<string> = new Set([
  "Fn::Cidr",
  "Fn::GetAZs",
  "Fn::GetStackOutput",
  "Fn::ImportValue",
  "Fn::Length",
  "Fn::ToJsonString",
  "Fn::Transform",
]);

/** Recognises the functions in data; undefined, with the problems reported, where one is misused. */
export function readExpression(data: Data, context: Context): Expression | undefined {
  switch (data.kind) {
    case "scalar":
      return data;
    case "list":
      return readList(data.items, data.at, context);
    case "map":
      return readMapOrCall(data, context);
  }
}

function readList(items: readonly Data[], at: Place, context: Context): Expression | undefined {
  const read = items.map((item) => readExpression(item, context));
  return read.some((item) => item === undefined)
    ? undefined
    : { kind: "list", items: read.filter((item) => item !== undefined), at };
}

function readMapOrCall(data: Mapping<Data>, context: Context): Expression | undefined {
  const functionName = [...data.entries.keys()].find((key) => isFunctionName(key, context.section));
  if (functionName === undefined) {
    return readMap(data, context);
  }
  const entry = data.entries.get(functionName);
  const shown = printable(functionName);
  if (entry === undefined || data.entries.size > 1) {
    return context.problems.add(`${shown} has to be the only key of its mapping`, data.at);
  }
  return readCall(entry.value, { ...context, name: functionName, at: data.at });
}

function isFunctionName(key: string, section: Section): boolean {
  return (
    key === "Ref" || key.startsWith("Fn::") || (key === "Condition" && section === "Conditions")
  );
}

/** Reads a mapping that is not itself a function, such as a resource's Properties. */
export function readMap(data: Mapping<Data>, context: Context): Mapping<Expression> | undefined {
  const entries = new Map<string, Entry<Expression>>();
  let isWhole = true;
  for (const [key, { keyAt, value }] of data.entries) {
    const read = readExpression(value, context);
    isWhole &&= read !== undefined;
    if (read !== undefined) {
      entries.set(key, { keyAt, value: read });
    }
  }
  return isWhole ? { kind: "map", entries, at: data.at } : undefined;
}

type CallReader = (argument: Data, site: CallSite) => Call | undefined;

const readers: { readonly [Name in CallName]: CallReader } = {
  Ref: (argument, site) => {
    const target = literalText(argument, site);
    return target === undefined ? undefined : { kind: "call", name: "Ref", target, at: site.at };
  },
  Condition: (argument, site) => {
    const target = literalText(argument, site);
    return target === undefined
      ? undefined
      : { kind: "call", name: "Condition", target, at: site.at };
  },
  "Fn::GetAtt": readGetAtt,
  "Fn::Sub": readSub,
  "Fn::Join": (argument, site) => {
    const [first, values] = argumentList(argument, site, ["delimiter", "values"]) ?? [];
    const delimiter = first && literalText(first, site);
    const read = values && readExpression(values, site);
    return delimiter === undefined || read === undefined
      ? undefined
      : { kind: "call", name: "Fn::Join", delimiter, values: read, at: site.at };
  },
  "Fn::Select": (argument, site) => {
    const [index, list] = readArguments(argument, site, ["index", "list"]) ?? [];
    return index && list && { kind: "call", name: "Fn::Select", index, list, at: site.at };
  },
  "Fn::Split": readSplit,
  "Fn::FindInMap": (argument, site) => {
    const names = ["mapping name", "top-level key", "second-level key"];
    const [map, topLevelKey, secondLevelKey] = readArguments(argument, site, names) ?? [];
    return (
      map &&
      topLevelKey &&
      secondLevelKey && {
        kind: "call",
        name: "Fn::FindInMap",
        map,
        topLevelKey,
        secondLevelKey,
        at: site.at,
      }
    );
  },
  "Fn::Base64": (argument, site) => {
    const value = readExpression(argument, site);
    return value && { kind: "call", name: "Fn::Base64", value, at: site.at };
  },
  "Fn::If": (argument, site) => {
    const parts = ["condition name", "value if true", "value if false"];
    const [first, ...rest] = argumentList(argument, site, parts) ?? [];
    const condition = first && literalText(first, site);
    const [whenTrue, whenFalse] = rest.map((value) => readExpression(value, site));
    return condition === undefined || whenTrue === undefined || whenFalse === undefined
      ? undefined
      : { kind: "call", name: "Fn::If", condition, whenTrue, whenFalse, at: site.at };
  },
  "Fn::Equals": (argument, site) => {
    const [left, right] = readArguments(argument, site, ["value", "value"]) ?? [];
    return left && right && { kind: "call", name: "Fn::Equals", left, right, at: site.at };
  },
  "Fn::And": (argument, site) => readLogic("Fn::And", argument, site),
  "Fn::Or": (argument, site) => readLogic("Fn::Or", argument, site),
  "Fn::Not": (argument, site) => readLogic("Fn::Not", argument, site),
};

const conditionFunctions: ReadonlySet<string> = new Set([
  "Condition",
  "Fn::And",
  "Fn::Equals",
  "Fn::Not",
  "Fn::Or",
]);

function readCall(argument: Data, site: CallSite): Call | undefined {
  const { name, section, problems, at } = site;
  if (unsupportedFunctions.has(name) || name.startsWith("Fn::ForEach::")) {
    return problems.add(`${printable(name)} is not supported`, at);
  }
  if (!isCallName(name)) {
    const known = Object.keys(readers);
    return problems.addUnknown(`Unknown function ${printable(name)}`, { name, known }, at);
  }
  if (section === "values" && conditionFunctions.has(name)) {
    return problems.add(`${name} may stand only in the section Conditions`, at);
  }
  if (section === "Conditions" && (name === "Fn::GetAtt" || name === "Fn::If")) {
    return problems.add(`${name} may not stand in the section Conditions`, at);
  }
  return readers[name](argument, site);
}

function isCallName(name: string): name is CallName {
  return Object.hasOwn(readers, name);
}

function readGetAtt(argument: Data, site: CallSite): Call | undefined {
  const [target, attribute] =
    argument.kind === "scalar" ? splitAtDot(argument.text) : getAttList(argument, site);
  if (target === undefined) {
    return undefined;
  }
  return target === "" || attribute === undefined || attribute === ""
    ? site.problems.add("Fn::GetAtt takes a logical id and an attribute, as in Pool.Arn", site.at)
    : { kind: "call", name: "Fn::GetAtt", target, attribute, at: site.at };
}

function getAttList(argument: Data, site: CallSite): readonly (string | undefined)[] {
  const [target, attribute] = argumentList(argument, site, ["logical id", "attribute"]) ?? [];
  const texts = [target && literalText(target, site), attribute && literalText(attribute, site)];
  return texts.includes(undefined) ? [] : texts;
}

function readSub(argument: Data, site: CallSite): Call | undefined {
  if (argument.kind === "scalar") {
    const parts = readSubParts(argument.text, new Set(), site);
    return parts && { kind: "call", name: "Fn::Sub", parts, variables: new Map(), at: site.at };
  }
  const [first, map] = argumentList(argument, site, ["string", "variables"]) ?? [];
  if (first === undefined || map === undefined) {
    return undefined;
  }
  const text = literalText(first, site);
  if (map.kind !== "map") {
    return site.problems.add("Fn::Sub takes its variables as a mapping", map.at);
  }
  const read = readMap(map, site);
  if (text === undefined || read === undefined) {
    return undefined;
  }
  const variables = new Map([...read.entries].map(([name, { value }]) => [name, value]));
  const parts = readSubParts(text, new Set(variables.keys()), site);
  return parts && { kind: "call", name: "Fn::Sub", parts, variables, at: site.at };
}

function readSplit(argument: Data, site: CallSite): Call | undefined {
  const [first, second] = argumentList(argument, site, ["delimiter", "string"]) ?? [];
  const delimiter = first && literalText(first, site);
  const source = second && readExpression(second, site);
  if (delimiter === undefined || source === undefined) {
    return undefined;
  }
  return delimiter === ""
    ? site.problems.add("Fn::Split needs a delimiter of at least one character", site.at)
    : { kind: "call", name: "Fn::Split", delimiter, source, at: site.at };
}

function readLogic(
  name: "Fn::And" | "Fn::Or" | "Fn::Not",
  argument: Data,
  site: CallSite,
): Call | undefined {
  const [fewest, most] = name === "Fn::Not" ? [1, 1] : [2, 10];
  const count = argument.kind === "list" ? argument.items.length : 0;
  if (argument.kind !== "list" || count < fewest || count > most) {
    const expected =
      fewest === most
        ? `a list of ${fewest} condition`
        : `a list of ${fewest} to ${most} conditions`;
    return site.problems.add(`${name} takes ${expected}`, argument.at);
  }
  const list = readExpression(argument, site);
  return list?.kind === "list"
    ? { kind: "call", name, conditions: list.items, at: site.at }
    : undefined;
}

function readArguments(
  argument: Data,
  site: CallSite,
  names: readonly string[],
): readonly (Expression | undefined)[] | undefined {
  return argumentList(argument, site, names)?.map((item) => readExpression(item, site));
}

function argumentList(
  argument: Data,
  site: CallSite,
  names: readonly string[],
): readonly Data[] | undefined {
  if (argument.kind !== "list" || argument.items.length !== names.length) {
    return site.problems.add(
      `${site.name} takes a list of ${names.length}: ${names.join(", ")}`,
      argument.at,
    );
  }
  return argument.items;
}

function literalText(data: Data, site: CallSite): string | undefined {
  return data.kind === "scalar"
    ? data.text
    : site.problems.add(`${site.name} takes a plain string here`, data.at);
}
