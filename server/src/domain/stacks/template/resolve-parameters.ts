import {
  compileAllowedPattern,
  matchAllowedPatterns,
  type PatternCheck,
} from "./allowed-patterns.ts";
import type { ParameterDeclaration, Template } from "./template.ts";
import { type Place, type ProblemList, printable } from "./template-error.ts";

/** The value a parameter has in one stack. */
export interface ResolvedParameter {
  readonly name: string;
  readonly value: string | readonly string[];
  /** Whoever shows the value shows asterisks instead. */
  readonly noEcho: boolean;
}

// CloudFormation's quota.
const maxValueBytes = 4096;
const numberPattern = /^[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?$/;

/** Gives every parameter its value, given or default, and reports what breaks a constraint, never quoting a value. */
export function resolveParameters(
  template: Template,
  given: ReadonlyMap<string, string>,
  problems: ProblemList,
): readonly ResolvedParameter[] {
  for (const name of given.keys()) {
    if (!template.parameters.has(name)) {
      problems.addUnknown(
        `The template has no parameter ${printable(name)}`,
        { name, known: template.parameters.keys() },
        { line: 1, column: 1, path: "Parameters" },
      );
    }
  }
  const resolved: ResolvedParameter[] = [];
  const declarations: ParameterDeclaration[] = [];
  for (const declaration of template.parameters.values()) {
    const text = given.get(declaration.name) ?? declaration.default;
    if (text === undefined) {
      problems.add("The parameter has no value and no default", declaration.at);
    } else if (checkText(declaration, text, problems)) {
      declarations.push(declaration);
      resolved.push({
        name: declaration.name,
        value: isList(declaration) ? splitList(text) : text,
        noEcho: declaration.noEcho,
      });
    }
  }
  checkPatterns(declarations, resolved, problems);
  return resolved;
}

function isList({ type }: ParameterDeclaration): boolean {
  return type === "CommaDelimitedList" || type === "List<Number>";
}

/** One member more than there are commas, each trimmed. */
function splitList(text: string): readonly string[] {
  return text.split(",").map((member) => member.trim());
}

function checkText(
  declaration: ParameterDeclaration,
  text: string,
  problems: ProblemList,
): boolean {
  if (Buffer.byteLength(text) > maxValueBytes || !text.isWellFormed()) {
    problems.add(`A parameter's value is text of at most ${maxValueBytes} bytes`, declaration.at);
    return false;
  }
  const values = isList(declaration) ? splitList(text) : [text];
  const broken = isNumeric(declaration)
    ? brokenNumberConstraint(declaration, values)
    : brokenLengthConstraint(declaration, text);
  const complaint = broken ?? brokenAllowedValues(declaration, values);
  if (complaint !== undefined) {
    complain(declaration, complaint, problems);
  }
  return complaint === undefined;
}

function isNumeric({ type }: ParameterDeclaration): boolean {
  return type === "Number" || type === "List<Number>";
}

function brokenNumberConstraint(
  declaration: ParameterDeclaration,
  values: readonly string[],
): string | undefined {
  const { minValue = -Infinity, maxValue = Infinity } = declaration;
  if (!values.every((value) => numberPattern.test(value))) {
    return isList(declaration) ? "must be a list of numbers" : "must be a number";
  }
  if (values.some((value) => Number(value) < minValue)) {
    return `must be at least ${minValue}`;
  }
  return values.some((value) => Number(value) > maxValue)
    ? `must be at most ${maxValue}`
    : undefined;
}

function brokenLengthConstraint(
  declaration: ParameterDeclaration,
  text: string,
): string | undefined {
  const { minLength = 0, maxLength = Infinity } = declaration;
  if (text.length < minLength) {
    return `must have at least ${minLength} characters`;
  }
  return text.length > maxLength ? `must have at most ${maxLength} characters` : undefined;
}

function brokenAllowedValues(
  declaration: ParameterDeclaration,
  values: readonly string[],
): string | undefined {
  const allowed = declaration.allowedValues;
  if (allowed === undefined || values.every((value) => allowed.includes(value))) {
    return undefined;
  }
  // The list of a NoEcho parameter holds its value.
  return declaration.noEcho
    ? "must be one of its AllowedValues"
    : `must be one of ${allowed.map(printable).join(", ")}`;
}

interface DeclaredCheck extends PatternCheck {
  readonly declaration: ParameterDeclaration;
}

function checkPatterns(
  declarations: readonly ParameterDeclaration[],
  resolved: readonly ResolvedParameter[],
  problems: ProblemList,
): void {
  const checks = declarations.flatMap((declaration, index): readonly DeclaredCheck[] => {
    const value = resolved[index]?.value ?? [];
    const pattern = compilePattern(declaration, problems);
    const values = typeof value === "string" ? [value] : value;
    return pattern === undefined ? [] : [{ pattern, values, declaration }];
  });
  const results = matchAllowedPatterns(checks.map(({ pattern, values }) => ({ pattern, values })));
  for (const [index, { declaration }] of checks.entries()) {
    if (results[index] === "differs") {
      const pattern = printable(declaration.allowedPattern ?? "");
      complain(declaration, `must match the pattern ${pattern}`, problems);
    } else if (results[index] !== "matches") {
      problems.add("AllowedPattern takes too long to check", declaration.at);
    }
  }
}

function compilePattern(
  { allowedPattern, at }: ParameterDeclaration,
  problems: ProblemList,
): string | undefined {
  if (allowedPattern === undefined) {
    return undefined;
  }
  return (
    compileAllowedPattern(allowedPattern) ??
    problems.add("AllowedPattern is not a regular expression that can be checked here", at)
  );
}

function complain(
  { name, at, constraintDescription }: ParameterDeclaration & { readonly at: Place },
  complaint: string,
  problems: ProblemList,
): void {
  problems.add(
    `The parameter ${name} ${constraintDescription ? printable(constraintDescription) : complaint}`,
    at,
  );
}
