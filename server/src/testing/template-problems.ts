/** What is found wrong with a template, for tests of reading it. */
import { TemplateError, type TemplateProblem } from "../domain/stacks/template/template-error.ts";

/** The problems that this throws; any other error is thrown on. */
export function thrownProblems(run: () => unknown): readonly TemplateProblem[] {
  try {
    run();
    return [];
  } catch (error) {
    if (error instanceof TemplateError) return error.problems;
    throw error;
  }
}

/** The same as texts, each with its line. */
export function problemsOf(run: () => unknown): readonly string[] {
  return thrownProblems(run).map(({ line, path, message }) => `${line} ${path}: ${message}`);
}
