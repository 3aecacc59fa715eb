import type { Data, Entry, Mapping } from "./nodes.ts";
import type { Reference } from "./template.ts";
import { type Place, type ProblemList, printable } from "./template-error.ts";

const logicalIdPattern = /^[A-Za-z0-9]{1,255}$/;

/** One named mapping of a template (a parameter, a resource, an output) while it is read. */
export interface Block {
  readonly name: string;
  readonly at: Place;
  readonly entries: ReadonlyMap<string, Entry<Data>>;
  readonly problems: ProblemList;
}

interface SectionRules {
  /** The most entries that CloudFormation takes, or that this reader does where it has no limit. */
  readonly limit: number;
  readonly problems: ProblemList;
}

/** The entries of a section, each a mapping under a logical id; what does not fit is reported and left out. */
export function readBlocks(section: Data | undefined, rules: SectionRules): readonly Block[] {
  return readEntries(section, rules).flatMap(({ name, at, value }) => {
    if (value.kind === "map") {
      return [{ name, at, entries: value.entries, problems: rules.problems }];
    }
    rules.problems.add("Expected a mapping", at);
    return [];
  });
}

interface NamedEntry extends Reference {
  readonly value: Data;
}

/** The entries of a section under their logical ids, whatever they hold. */
export function readEntries(section: Data | undefined, rules: SectionRules): readonly NamedEntry[] {
  if (section === undefined) {
    return [];
  }
  if (section.kind !== "map") {
    rules.problems.add("Expected a mapping", section.at);
    return [];
  }
  if (section.entries.size > rules.limit) {
    rules.problems.add(`More than ${rules.limit} entries`, section.at);
    return [];
  }
  return [...section.entries].flatMap(([name, { keyAt, value }]) => {
    if (logicalIdPattern.test(name)) {
      return [{ name, at: keyAt, value }];
    }
    rules.problems.add(
      `${printable(name)} is no logical id: letters and digits, 255 at most`,
      keyAt,
    );
    return [];
  });
}

/** Reports every key of a block that is not `known`. */
export function refuseUnknownKeys(block: Block, known: readonly string[]): void {
  for (const [key, { keyAt }] of block.entries) {
    if (!known.includes(key)) {
      block.problems.addUnknown(`Unknown key ${printable(key)}`, { name: key, known }, keyAt);
    }
  }
}

/** The text under `key`, where the template has to say it in so many words. */
export function readText(block: Block, key: string): string | undefined {
  const value = block.entries.get(key)?.value;
  if (value === undefined || value.kind === "scalar") {
    return value?.text;
  }
  return block.problems.add("Expected a string", value.at);
}

/** Like `readText`, with the place of the key. */
export function readReference(block: Block, key: string): Reference | undefined {
  const name = readText(block, key);
  const entry = block.entries.get(key);
  return name === undefined || entry === undefined ? undefined : { name, at: entry.keyAt };
}

export function readNumber(block: Block, key: string): number | undefined {
  const text = readText(block, key);
  if (text === undefined) {
    return undefined;
  }
  const value = Number(text);
  const at = block.entries.get(key)?.keyAt ?? block.at;
  return text.trim() === "" || !Number.isFinite(value)
    ? block.problems.add("Expected a number", at)
    : value;
}

export function readBoolean(block: Block, key: string): boolean {
  const text = readText(block, key);
  if (text === undefined || text === "true" || text === "false") {
    return text === "true";
  }
  block.problems.add("Expected true or false", block.entries.get(key)?.keyAt ?? block.at);
  return false;
}

/** The text under `key`, if it is one of `choices`. */
export function readChoice<Choice extends string>(
  block: Block,
  key: string,
  choices: readonly Choice[],
): Choice | undefined {
  const text = readText(block, key);
  if (text === undefined) {
    return undefined;
  }
  const choice = choices.find((candidate) => candidate === text);
  const at = block.entries.get(key)?.keyAt ?? block.at;
  return (
    choice ??
    block.problems.addUnknown(
      `${printable(text)} is not supported here; supported: ${choices.join(", ")}`,
      { name: text, known: choices },
      at,
    )
  );
}

/** The mapping under `key`. */
export function readMapping(block: Block, key: string): Mapping<Data> | undefined {
  const value = block.entries.get(key)?.value;
  return value === undefined || value.kind === "map"
    ? value
    : block.problems.add("Expected a mapping", value.at);
}
