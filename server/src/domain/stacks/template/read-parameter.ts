import {
  type Block,
  readBoolean,
  readChoice,
  readNumber,
  readText,
  refuseUnknownKeys,
} from "./read-section.ts";
import { type ParameterDeclaration, parameterTypes } from "./template.ts";

const knownKeys = [
  "AllowedPattern",
  "AllowedValues",
  "ConstraintDescription",
  "Default",
  "Description",
  "MaxLength",
  "MaxValue",
  "MinLength",
  "MinValue",
  "NoEcho",
  "Type",
];

/** Reads one entry of the section Parameters. */
export function readParameter(block: Block): ParameterDeclaration | undefined {
  const { name, at, problems } = block;
  refuseUnknownKeys(block, knownKeys);
  if (!block.entries.has("Type")) {
    return problems.add("Missing required key Type", at);
  }
  const type = readChoice(block, "Type", parameterTypes);
  return (
    type && {
      name,
      at,
      type,
      noEcho: readBoolean(block, "NoEcho"),
      description: readText(block, "Description"),
      default: readText(block, "Default"),
      allowedValues: readAllowedValues(block),
      allowedPattern: readText(block, "AllowedPattern"),
      constraintDescription: readText(block, "ConstraintDescription"),
      minLength: readNumber(block, "MinLength"),
      maxLength: readNumber(block, "MaxLength"),
      minValue: readNumber(block, "MinValue"),
      maxValue: readNumber(block, "MaxValue"),
    }
  );
}

function readAllowedValues(block: Block): readonly string[] | undefined {
  const value = block.entries.get("AllowedValues")?.value;
  if (value === undefined) {
    return undefined;
  }
  if (value.kind !== "list") {
    return block.problems.add("Expected a list of strings", value.at);
  }
  return value.items.flatMap((item) => {
    if (item.kind === "scalar") {
      return [item.text];
    }
    block.problems.add("Expected a string", item.at);
    return [];
  });
}
