import { checkReferences, checkResources } from "./check.ts";
import type { Expression } from "./expression.ts";
import type { Data, Mapping } from "./nodes.ts";
import { readExpression, readMap } from "./read-expression.ts";
import { readParameter } from "./read-parameter.ts";
import {
  type Block,
  readBlocks,
  readChoice,
  readEntries,
  readMapping,
  readReference,
  readText,
  refuseUnknownKeys,
} from "./read-section.ts";
import {
  type ConditionDeclaration,
  deletionPolicies,
  type OutputDeclaration,
  type Reference,
  type ResourceDeclaration,
  type Template,
  updateReplacePolicies,
} from "./template.ts";
import { ProblemList, printable } from "./template-error.ts";
import { readYaml } from "./yaml-nodes.ts";

// CloudFormation's quotas; it has none for conditions.
const maxParameters = 200;
const maxMappings = 200;
const maxConditions = 500;
const maxResources = 500;
const maxOutputs = 200;
const maxDescriptionBytes = 1024;

const sections = [
  "AWSTemplateFormatVersion",
  "Description",
  "Metadata",
  "Parameters",
  "Mappings",
  "Conditions",
  "Resources",
  "Outputs",
];

// They decide whether and what a template makes, so leaving them out unsaid would make something else.
const unsupportedSections: ReadonlySet<string> = new Set(["Hooks", "Rules", "Transform"]);

/** Reads and checks a CloudFormation template in YAML or JSON; throws a TemplateError with all that can be known to be wrong before it is evaluated. */
export function parseTemplate(text: string): Template {
  const problems = new ProblemList();
  const data = readYaml(text, problems);
  if (data !== undefined && data.kind !== "map") {
    problems.add("A template is a mapping of sections", data.at);
  }
  // A text that is not YAML has no sections to report on.
  if (data?.kind !== "map" || !problems.isEmpty) {
    throw problems.toError();
  }
  const template = readTemplate(data, problems);
  checkResources(template, problems);
  // What could not be read is missing from the template, so references to it would be reported too.
  if (problems.isEmpty) {
    checkReferences(template, problems);
  }
  problems.throwIfAny();
  return template;
}

function readTemplate(data: Mapping<Data>, problems: ProblemList): Template {
  const block: Block = { name: "", at: data.at, entries: data.entries, problems };
  for (const [key, { keyAt }] of data.entries) {
    if (unsupportedSections.has(key)) {
      problems.add(`The section ${key} is not supported`, keyAt);
    } else if (!sections.includes(key)) {
      problems.addUnknown(
        `Unknown section ${printable(key)}`,
        { name: key, known: sections },
        keyAt,
      );
    }
  }
  readChoice(block, "AWSTemplateFormatVersion", ["2010-09-09"]);
  checkDescription(block);
  const section = (name: string) => data.entries.get(name)?.value;
  const parameters = readBlocks(section("Parameters"), { limit: maxParameters, problems });
  const resources = readBlocks(section("Resources"), { limit: maxResources, problems });
  if (resources.length === 0) {
    problems.add("A template has at least one resource in its section Resources", data.at);
  }
  const outputs = readBlocks(section("Outputs"), { limit: maxOutputs, problems });
  const template = {
    parameters: byName(parameters.map(readParameter)),
    mappings: readMappings(section("Mappings"), problems),
    conditions: readConditions(section("Conditions"), problems),
    resources: new Map(
      resources.map(readResource).flatMap((read) => (read ? [[read.logicalId, read]] : [])),
    ),
    outputs: byName(outputs.map(readOutput)),
  };
  refuseSharedNames(template, problems);
  return template;
}

function byName<T extends Reference>(
  declarations: readonly (T | undefined)[],
): ReadonlyMap<string, T> {
  return new Map(declarations.flatMap((read) => (read ? [[read.name, read]] : [])));
}

function checkDescription(block: Block): void {
  const description = readText(block, "Description");
  if (description !== undefined && Buffer.byteLength(description) > maxDescriptionBytes) {
    block.problems.add(
      `A description has at most ${maxDescriptionBytes} bytes`,
      block.entries.get("Description")?.keyAt ?? block.at,
    );
  }
}

/** Ref could not tell a parameter from a resource of the same name. */
function refuseSharedNames(template: Template, problems: ProblemList): void {
  for (const [logicalId, { at }] of template.resources) {
    if (template.parameters.has(logicalId)) {
      problems.add(`${logicalId} is the name of a parameter too`, at);
    }
  }
}

function readMappings(
  section: Data | undefined,
  problems: ProblemList,
): ReadonlyMap<string, Mapping<Data>> {
  const mappings = new Map<string, Mapping<Data>>();
  for (const { name, value } of readEntries(section, { limit: maxMappings, problems })) {
    if (isTwoLevels(value, problems)) {
      mappings.set(name, value);
    }
  }
  return mappings;
}

function isTwoLevels(value: Data, problems: ProblemList): value is Mapping<Data> {
  if (value.kind !== "map") {
    problems.add("A mapping has two levels of keys", value.at);
    return false;
  }
  let isRight = true;
  for (const { value: second } of value.entries.values()) {
    if (
      second.kind !== "map" ||
      ![...second.entries.values()].every(({ value: leaf }) => isLeaf(leaf))
    ) {
      problems.add(
        "A mapping has two levels of keys, and below them strings or lists of strings",
        second.at,
      );
      isRight = false;
    }
  }
  return isRight;
}

function isLeaf(data: Data): boolean {
  return (
    data.kind === "scalar" ||
    (data.kind === "list" && data.items.every((item) => item.kind === "scalar"))
  );
}

function readConditions(
  section: Data | undefined,
  problems: ProblemList,
): ReadonlyMap<string, ConditionDeclaration> {
  const entries = readEntries(section, { limit: maxConditions, problems });
  return byName(
    entries.map(({ name, at, value }) => {
      const expression = readExpression(value, { section: "Conditions", problems });
      return expression && { name, at, expression };
    }),
  );
}

function readResource(block: Block): ResourceDeclaration | undefined {
  const { name: logicalId, at, problems } = block;
  const known = [
    ...["Type", "Properties", "Metadata", "Condition", "DependsOn"],
    ...["DeletionPolicy", "UpdateReplacePolicy"],
  ];
  refuseUnknownKeys(block, known);
  const type = readReference(block, "Type");
  if (!block.entries.has("Type")) {
    problems.add("Missing required key Type", at);
  }
  const context = { section: "values", problems } as const;
  const written = readMapping(block, "Properties");
  const properties = written
    ? readMap(written, context)
    : { kind: "map" as const, entries: new Map(), at };
  return (
    type &&
    properties && {
      logicalId,
      at,
      type,
      properties,
      poolhouse: readPoolhouse(block),
      condition: readReference(block, "Condition"),
      dependsOn: readDependsOn(block),
      deletionPolicy: readChoice(block, "DeletionPolicy", deletionPolicies) ?? "Delete",
      updateReplacePolicy:
        readChoice(block, "UpdateReplacePolicy", updateReplacePolicies) ?? "Delete",
    }
  );
}

function readPoolhouse(block: Block): Mapping<Expression> | undefined {
  const metadata = readMapping(block, "Metadata");
  const functionName = [...(metadata?.entries.keys() ?? [])].find((key) => key.startsWith("Fn::"));
  if (functionName !== undefined) {
    // Whether Poolhouse's settings are in there could not be told, so they could be missed.
    return block.problems.add(
      "Metadata has to be a mapping as it stands",
      metadata?.at ?? block.at,
    );
  }
  const poolhouse = metadata?.entries.get("Poolhouse")?.value;
  if (poolhouse === undefined) {
    return undefined;
  }
  return poolhouse.kind === "map"
    ? readMap(poolhouse, { section: "values", problems: block.problems })
    : block.problems.add("Expected a mapping", poolhouse.at);
}

function readDependsOn(block: Block): readonly Reference[] {
  const value = block.entries.get("DependsOn")?.value;
  if (value === undefined) {
    return [];
  }
  const items = value.kind === "list" ? value.items : [value];
  return items.flatMap((item) => {
    if (item.kind === "scalar") {
      return [{ name: item.text, at: item.at }];
    }
    block.problems.add("Expected a logical id", item.at);
    return [];
  });
}

function readOutput(block: Block): OutputDeclaration | undefined {
  const { name, at, problems } = block;
  refuseUnknownKeys(block, ["Value", "Description", "Condition", "Export"]);
  const context = { section: "values", problems } as const;
  const value = block.entries.get("Value")?.value;
  if (value === undefined) {
    return problems.add("Missing required key Value", at);
  }
  const exported = readMapping(block, "Export");
  const exportName = exported?.entries.get("Name")?.value;
  if (exported !== undefined && exportName === undefined) {
    problems.add("Missing required key Name", exported.at);
  }
  const read = readExpression(value, context);
  return (
    read && {
      name,
      at,
      value: read,
      description: readText(block, "Description"),
      condition: readReference(block, "Condition"),
      exportName: exportName && readExpression(exportName, context),
    }
  );
}
