/**
 * The CSS of the classic pages: rules for Cognito's customizable classes and nothing else (AWS, "Customizing hosted UI
 * (classic) branding"). What is served is written anew from what was understood: whatever could load, import or run
 * something, or reach beyond these classes, is not understood.
 */
import { invalidParameter } from "../../errors/cognito-idp.ts";
import type { ServiceError } from "../../errors/service-error.ts";
import { classicClasses } from "./style-sheet.ts";

/** The style sheet in a form that is safe to serve; throws AWS's InvalidParameterException where it is not understood. */
export function readClassicCss(css: string): string {
  const text = withoutComments(css);
  const rules: string[] = [];
  let at = 0;
  while (text.slice(at).trim() !== "") {
    const opens = text.indexOf("{", at);
    const closes = text.indexOf("}", at);
    if (opens < 0 || closes < opens) throw refusal(text, at, "a rule is not whole");
    const selectors = readSelectors(text, at, opens);
    const declarations = readDeclarations(text, opens + 1, closes);
    // As specific as the pages' own rules are at most, and after them.
    rules.push(`${selectors.map((each) => `:root ${each}`).join(", ")} {\n${declarations}}\n`);
    at = closes + 1;
  }
  return rules.join("");
}

function refusal(text: string, at: number, what: string): ServiceError {
  const line = text.slice(0, at).split("\n").length;
  return invalidParameter(`CSS is not valid in line ${line}: ${what}.`);
}

/** Comments become spaces and line ends, so that places stay. */
function withoutComments(css: string): string {
  const text = css.replace(/\/\*[\s\S]*?\*\//g, (comment) => comment.replace(/[^\n]/g, " "));
  const open = text.indexOf("/*");
  if (open >= 0) throw refusal(text, open, "a comment is not closed");
  return text;
}

const states: readonly string[] = ["hover", "focus", "active"];

function readSelectors(text: string, from: number, to: number): string[] {
  const start = from + text.slice(from, to).search(/\S|$/);
  return text
    .slice(from, to)
    .split(",")
    .map((part) => {
      const selector = part.trim();
      const [, name = "", state] = /^\.([\w-]{1,64})(?::([a-z]{1,16}))?$/.exec(selector) ?? [];
      const isKnown = Object.hasOwn(classicClasses, name);
      if (!isKnown || (state !== undefined && !states.includes(state))) {
        throw refusal(text, start, `${shown(selector)} is not a class that can be customized`);
      }
      return selector;
    });
}

function readDeclarations(text: string, from: number, to: number): string {
  let declarations = "";
  let at = from;
  for (const part of text.slice(from, to).split(";")) {
    if (part.trim() !== "") declarations += `  ${readDeclaration(text, at, part)};\n`;
    at += part.length + 1;
  }
  return declarations;
}

function readDeclaration(text: string, at: number, part: string): string {
  const [, property, value = ""] = /^\s*(-?[a-z]+(?:-[a-z]+)*)\s*:([\s\S]*)$/i.exec(part) ?? [];
  const start = at + part.search(/\S/);
  if (property === undefined || !isSafeValue(value)) {
    throw refusal(text, start, `${shown(part.trim())} is not allowed`);
  }
  return `${property.toLowerCase()}: ${value.trim().replace(/\s+/g, " ")}`;
}

/** Those that only compute: none of them loads anything or reads what is elsewhere. */
const functions: ReadonlySet<string> = new Set([
  "rgb",
  "rgba",
  "hsl",
  "hsla",
  "hwb",
  "lab",
  "lch",
  "oklab",
  "oklch",
  "calc",
  "min",
  "max",
  "clamp",
  "linear-gradient",
  "radial-gradient",
  "conic-gradient",
  "repeating-linear-gradient",
  "repeating-radial-gradient",
  "cubic-bezier",
  "rotate",
  "scale",
  "translate",
]);

/** White space, a number with its unit, a colour, a string, a name, a function's beginning, or a sign. */
const token =
  /\s+|[+-]?(?:\d+(?:\.\d+)?|\.\d+)(?:%|[a-z]{1,8})?|#[\da-f]{3,8}|"[\p{L}\p{N} .,_-]*"|'[\p{L}\p{N} .,_-]*'|(?<name>-?[a-z][a-z\d-]*)(?<call>\(?)|!\s*important|(?<sign>[(),/*+-])/iuy;

const maxNesting = 8;

function isSafeValue(value: string): boolean {
  let open = 0;
  token.lastIndex = 0;
  while (token.lastIndex < value.length) {
    const groups = token.exec(value)?.groups;
    if (groups === undefined || !isKnownCall(groups)) return false;
    if (groups["call"] === "(" || groups["sign"] === "(") open += 1;
    if (groups["sign"] === ")") open -= 1;
    if (open < 0 || open > maxNesting) return false;
  }
  return open === 0 && value.trim() !== "";
}

function isKnownCall({ name = "", call }: Readonly<Record<string, string | undefined>>): boolean {
  return call !== "(" || functions.has(name.toLowerCase());
}

/** As much of it as a message may hold. */
function shown(text: string): string {
  const line = text.replace(/\s+/g, " ");
  return line.length > 64 ? `${line.slice(0, 64).toWellFormed()}…` : line;
}
