import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  Lexer,
  LineCounter,
  type ParsedNode,
  parseDocument,
  type YAMLMap,
  type YAMLSeq,
  type Scalar as YamlScalar,
} from "yaml";
import type { Data, Entry, Scalar } from "./nodes.ts";
import { type Place, type ProblemList, pathOfKey, printable } from "./template-error.ts";

/** CloudFormation's own limit for a template it fetches from S3. */
export const maxTemplateBytes = 1_048_576;
const maxTokens = 300_000;
const maxDepth = 64;
const tooDeep = `Values may be nested at most ${maxDepth} deep`;

const top: Place = { line: 1, column: 1, path: "" };

/** A tag before a value, and the function it is short for (CloudFormation User Guide, "Intrinsic function reference"). */
const shortForms: ReadonlyMap<string, string> = new Map([
  ["!Ref", "Ref"],
  ["!Condition", "Condition"],
  ...[
    "And",
    "Base64",
    "Cidr",
    "Equals",
    "FindInMap",
    "GetAZs",
    "GetAtt",
    "If",
    "ImportValue",
    "Join",
    "Length",
    "Not",
    "Or",
    "Select",
    "Split",
    "Sub",
    "ToJsonString",
    "Transform",
  ].map((name): [string, string] => [`!${name}`, `Fn::${name}`]),
]);

const stringTags: ReadonlySet<string> = new Set(["!", "tag:yaml.org,2002:str"]);

interface Spot {
  readonly path: string;
  readonly depth: number;
}

interface Reader {
  readonly lines: LineCounter;
  readonly problems: ProblemList;
}

/**
 * Reads YAML or JSON (which YAML 1.2 contains) into values with their places, short forms written out as
 * `{ "Fn::Name": argument }`; undefined, with the problems reported, where the text is not fit to be read.
 */
export function readYaml(text: string, problems: ProblemList): Data | undefined {
  if (!isBounded(text, problems)) {
    return undefined;
  }
  const lines = new LineCounter();
  const document = parseDocument(text, {
    lineCounter: lines,
    // Scalars are read below: by YAML 1.1 as CloudFormation does, and never rewritten.
    schema: "failsafe",
    // The library compares every key with every other; a Map does it in one pass.
    uniqueKeys: false,
    prettyErrors: false,
    logLevel: "error",
  });
  const reader = { lines, problems };
  const exhaustion = document.errors.find(({ code }) => code === "RESOURCE_EXHAUSTION");
  if (exhaustion !== undefined) {
    // The library ran out of stack, far beyond the depth that is allowed.
    return problems.add(tooDeep, placeAt(exhaustion.pos[0], "", reader));
  }
  for (const error of document.errors) {
    problems.add(printable(error.message), placeAt(error.pos[0], "", reader));
  }
  if (!problems.isEmpty) {
    return undefined;
  }
  return document.contents === null
    ? problems.add("The template is empty", top)
    : toData(document.contents, { path: "", depth: 0 }, reader);
}

/** Reading costs memory and time per token, so both are bounded before it starts. */
function isBounded(text: string, problems: ProblemList): boolean {
  if (text.length > maxTemplateBytes || Buffer.byteLength(text) > maxTemplateBytes) {
    problems.add(`The template is larger than ${maxTemplateBytes} bytes`, top);
    return false;
  }
  let tokens = 0;
  for (const _token of new Lexer().lex(text)) {
    tokens += 1;
    if (tokens > maxTokens) {
      problems.add(`The template has more than ${maxTokens} tokens`, top);
      return false;
    }
  }
  return true;
}

function toData(node: ParsedNode | null, spot: Spot, reader: Reader): Data | undefined {
  const at = placeAt(node?.range[0] ?? 0, spot.path, reader);
  if (spot.depth > maxDepth) {
    return reader.problems.add(tooDeep, at);
  }
  if (isAlias(node)) {
    return reader.problems.add("YAML aliases are not allowed in a template", at);
  }
  if (node === null) {
    return reader.problems.add("Null values are not allowed in a template", at);
  }
  const tag = node.tag;
  const functionName = tag === undefined ? undefined : shortForms.get(tag);
  if (functionName === undefined) {
    return isPlainTag(tag) ? toUntagged(node, spot, reader) : unknownTag(tag ?? "", at, reader);
  }
  const argumentSpot = { path: pathOfKey(spot.path, functionName), depth: spot.depth + 1 };
  const argument = toUntagged(node, argumentSpot, reader);
  return (
    argument && {
      kind: "map",
      entries: new Map([[functionName, { keyAt: at, value: argument }]]),
      at,
    }
  );
}

function isPlainTag(tag: string | undefined): boolean {
  return (
    tag === undefined ||
    stringTags.has(tag) ||
    tag === "tag:yaml.org,2002:map" ||
    tag === "tag:yaml.org,2002:seq"
  );
}

function unknownTag(tag: string, at: Place, reader: Reader): undefined {
  const known = shortForms.keys();
  return reader.problems.addUnknown(`Unknown tag ${printable(tag)}`, { name: tag, known }, at);
}

function toUntagged(node: ParsedNode, spot: Spot, reader: Reader): Data | undefined {
  if (isMap(node)) {
    return toMapping(node, spot, reader);
  }
  if (isSeq(node)) {
    return toList(node, spot, reader);
  }
  return isScalar(node) ? toScalar(node, spot, reader) : undefined;
}

function toMapping(node: YAMLMap.Parsed, spot: Spot, reader: Reader): Data {
  const entries = new Map<string, Entry<Data>>();
  for (const { key, value } of node.items) {
    const name = readKey(key, spot, reader);
    if (name === undefined) {
      continue;
    }
    const path = pathOfKey(spot.path, name);
    const keyAt = placeAt(key.range[0], path, reader);
    const data =
      value === null
        ? reader.problems.add("Null values are not allowed in a template", keyAt)
        : toData(value, { path, depth: spot.depth + 1 }, reader);
    if (entries.has(name)) {
      reader.problems.add(`The key ${printable(name)} is there twice`, keyAt);
    } else if (data !== undefined) {
      entries.set(name, { keyAt, value: data });
    }
  }
  return { kind: "map", entries, at: placeAt(node.range[0], spot.path, reader) };
}

function readKey(key: ParsedNode, spot: Spot, reader: Reader): string | undefined {
  const at = placeAt(key.range[0], spot.path, reader);
  if (!isScalar(key) || typeof key.value !== "string" || !isPlainTag(key.tag) || key.value === "") {
    return reader.problems.add("A key has to be a string", at);
  }
  if (key.value === "<<" && key.type === "PLAIN") {
    return reader.problems.add("YAML merge keys are not allowed in a template", at);
  }
  if (key.type === "PLAIN" && isOtherBoolean(key.value)) {
    return reader.problems.add(
      `YAML 1.1 reads the key ${key.value} as true or false: put it in quotes`,
      at,
    );
  }
  // Harmless in a Map, but not in every object that might be made of it later.
  if (key.value === "__proto__") {
    return reader.problems.add("The key __proto__ is not allowed in a template", at);
  }
  return key.value;
}

function toList(node: YAMLSeq.Parsed, spot: Spot, reader: Reader): Data {
  const items: Data[] = [];
  for (const [index, item] of node.items.entries()) {
    const itemSpot = { path: `${spot.path}[${index}]`, depth: spot.depth + 1 };
    // The type allows pairs as items, which only the tags !!omap and !!pairs make, and this schema has neither.
    const data = toData(item as ParsedNode | null, itemSpot, reader);
    if (data !== undefined) {
      items.push(data);
    }
  }
  return { kind: "list", items, at: placeAt(node.range[0], spot.path, reader) };
}

const nullPattern = /^(?:~|null|Null|NULL)?$/;
const truePattern = /^(?:true|True|TRUE|yes|Yes|YES|on|On|ON)$/;
const falsePattern = /^(?:false|False|FALSE|no|No|NO|off|Off|OFF)$/;
const numberPattern = /^[-+]?(?:(?:0|[1-9]\d*)(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?$/;
/** Octal, hexadecimal, binary, underscored and base-60 numbers, infinity and NaN of YAML 1.1. */
const otherNumberPattern =
  /^[-+]?(?:0[0-7_]+|0x[\da-fA-F_]+|0b[01_]+|[1-9]\d*_[\d_]*|[1-9][\d_]*(?::[0-5]?\d)+|\.(?:inf|Inf|INF|nan|NaN|NAN))$/;

function toScalar(node: YamlScalar.Parsed, spot: Spot, reader: Reader): Scalar | undefined {
  const at = placeAt(node.range[0], spot.path, reader);
  const text = typeof node.value === "string" ? node.value : "";
  if (!text.isWellFormed()) {
    return reader.problems.add("The text holds half of a surrogate pair", at);
  }
  if (node.type !== "PLAIN" || stringTags.has(node.tag ?? "")) {
    return { kind: "scalar", value: text, text, at };
  }
  if (nullPattern.test(text)) {
    return reader.problems.add("Null values are not allowed in a template", at);
  }
  // CloudFormation would turn 0123 into 83 and 12:30 into 750, which nobody means.
  if (otherNumberPattern.test(text)) {
    return reader.problems.add(
      `YAML 1.1 reads ${printable(text)} as another number: put it in quotes`,
      at,
    );
  }
  return plainScalar(text, at);
}

/** Written as a name, such as No, it would not be found under that name on AWS. */
function isOtherBoolean(text: string): boolean {
  const isBoolean = truePattern.test(text) || falsePattern.test(text);
  return isBoolean && text !== "true" && text !== "false";
}

function plainScalar(text: string, at: Place): Scalar {
  if (truePattern.test(text)) {
    return { kind: "scalar", value: true, text: "true", at };
  }
  if (falsePattern.test(text)) {
    return { kind: "scalar", value: false, text: "false", at };
  }
  const value = numberPattern.test(text) ? Number(text) : Number.NaN;
  return { kind: "scalar", value: Number.isFinite(value) ? value : text, text, at };
}

function placeAt(offset: number, path: string, reader: Reader): Place {
  const { line, col } = reader.lines.linePos(offset);
  return { line: Math.max(line, 1), column: Math.max(col, 1), path };
}
