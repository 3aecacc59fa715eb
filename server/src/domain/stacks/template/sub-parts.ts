import type { SubPart } from "./expression.ts";
import { type Place, type ProblemList, printable } from "./template-error.ts";

const namePattern = /^[A-Za-z0-9_.:]+$/;

interface SubSite {
  readonly at: Place;
  readonly problems: ProblemList;
}

/** The parts of a Fn::Sub string: `${!Literal}` is the text `${Literal}`, any other `${Name}` a variable or reference. */
export function readSubParts(
  text: string,
  variables: ReadonlySet<string>,
  site: SubSite,
): readonly SubPart[] | undefined {
  const parts: SubPart[] = [];
  let rest = 0;
  let isWhole = true;
  for (const match of text.matchAll(/\$\{([^{}]*)\}/g)) {
    const name = match[1] ?? "";
    parts.push({ kind: "literal", text: text.slice(rest, match.index) });
    rest = match.index + match[0].length;
    const part = readVariable(name, variables, site);
    isWhole &&= part !== undefined;
    if (part !== undefined) {
      parts.push(part);
    }
  }
  parts.push({ kind: "literal", text: text.slice(rest) });
  return isWhole ? parts.filter((part) => part.kind !== "literal" || part.text !== "") : undefined;
}

function readVariable(
  name: string,
  variables: ReadonlySet<string>,
  { at, problems }: SubSite,
): SubPart | undefined {
  if (name.startsWith("!")) {
    return { kind: "literal", text: `\${${name.slice(1)}}` };
  }
  if (variables.has(name)) {
    return { kind: "variable", name };
  }
  if (!namePattern.test(name)) {
    return problems.add(
      `\${${printable(name)}} is not a name: Fn::Sub takes letters, digits, _ . and : (write \${!…} for the text itself)`,
      at,
    );
  }
  const [target, attribute] = splitAtDot(name);
  return attribute === undefined
    ? { kind: "call", name: "Ref", target, at }
    : { kind: "call", name: "Fn::GetAtt", target, attribute, at };
}

/** `A.B.C` is the attribute B.C of A. */
export function splitAtDot(text: string): readonly [string, string | undefined] {
  const dot = text.indexOf(".");
  return dot === -1 ? [text, undefined] : [text.slice(0, dot), text.slice(dot + 1)];
}
