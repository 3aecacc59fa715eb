import { didYouMean } from "./did-you-mean.ts";

/** Where a thing stands in the text of a template, and the way to it from the top. */
export interface Place {
  readonly line: number;
  readonly column: number;
  readonly path: string;
}

export interface UnknownName {
  readonly name: string;
  readonly known: Iterable<string>;
}

export interface TemplateProblem extends Place {
  readonly message: string;
}

// A broken template can be broken everywhere; the first hundred places are enough to go on with.
const maxProblems = 100;
const maxPrintedCharacters = 100;

/** Everything found wrong with a template at once, each with its place; the only error this folder throws. */
export class TemplateError extends Error {
  override readonly name = "TemplateError";
  readonly problems: readonly TemplateProblem[];

  constructor(problems: readonly TemplateProblem[]) {
    super(problems.map(describe).join("\n"));
    this.problems = problems;
  }
}

/** Collects problems, so that one reading reports as many as it can. */
export class ProblemList {
  readonly #problems: TemplateProblem[] = [];

  /** Returns undefined, so that a reader can report and give up in one statement. */
  add(message: string, at: Place): undefined {
    if (!this.isFull) {
      this.#problems.push({ message, line: at.line, column: at.column, path: at.path });
    }
    return undefined;
  }

  /** Reports a name that means nothing, with the known name that was most likely meant. */
  addUnknown(message: string, { name, known }: UnknownName, at: Place): undefined {
    // Looking for a near name takes longer than finding that there is no room to report it.
    return this.isFull ? undefined : this.add(`${message}${didYouMean(name, known)}`, at);
  }

  get isFull(): boolean {
    return this.#problems.length >= maxProblems;
  }

  get isEmpty(): boolean {
    return this.#problems.length === 0;
  }

  toError(): TemplateError {
    return new TemplateError([...this.#problems]);
  }

  throwIfAny(): void {
    if (!this.isEmpty) {
      throw this.toError();
    }
  }
}

/** A text from a template, shortened and without control characters, so that it cannot forge a log line or move a terminal's cursor. */
export function printable(text: string): string {
  const characters = [...text.slice(0, 2 * maxPrintedCharacters)];
  const shown = characters.slice(0, maxPrintedCharacters).join("");
  const safe = shown.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, (character) => {
    const code = character.codePointAt(0) ?? 0;
    return `\\u{${code.toString(16)}}`;
  });
  return shown.length < text.length ? `${safe}…` : safe;
}

/** The place of a key's value, below the place of its mapping. */
export function pathOfKey(path: string, key: string): string {
  return path === "" ? printable(key) : `${path}.${printable(key)}`;
}

function describe(problem: TemplateProblem): string {
  const where = problem.path === "" ? "" : ` ${problem.path}:`;
  return `line ${problem.line}, column ${problem.column}:${where} ${problem.message}`;
}
