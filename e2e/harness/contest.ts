/** The same asked of several nodes at the same time. */
import type { Node } from "./nodes.ts";

export type Contest<T> = { readonly won: readonly T[]; readonly lost: readonly string[] };

/** Asks each node twice, all at once; answers what succeeded and the names of the refusals. */
export async function contest<T>(
  nodes: readonly Node[],
  ask: (node: Node, attempt: number) => Promise<T>,
): Promise<Contest<T>> {
  const ends = await Promise.allSettled([...nodes, ...nodes].map(ask));
  return {
    won: ends.flatMap((end) => (end.status === "fulfilled" ? [end.value] : [])),
    lost: ends.flatMap((end) => (end.status === "rejected" ? [nameOf(end.reason)] : [])),
  };
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : String(error);
}

/** The names of all refusals in a fixed order, each once. */
export function kinds(lost: readonly string[]): readonly string[] {
  return [...new Set(lost)].sort();
}

/** How many wrong guesses may be told so in so long: five are free, then each doubles the wait, from a second on. */
export function freeGuesses(elapsedMs: number): number {
  return 5 + Math.floor(Math.log2(elapsedMs / 1000 + 1));
}
