import { dropOldest } from "./drop-oldest.ts";

/**
 * Reads JSON documents that are asked for far more often than they change, each text once. What it answers is shared and
 * frozen; of different texts no more than `maxTexts` are remembered. `defaults` stand for what a text written by an older
 * program lacks.
 */
export function readOnce<T>(maxTexts: number, defaults?: Partial<T>): (text: string) => T {
  const known = new Map<string, T>();
  return (text) => {
    const before = known.get(text);
    if (before !== undefined) return before;
    // The caller names the type of what this program wrote itself.
    const parsed = JSON.parse(text);
    const value = frozen(defaults ? { ...defaults, ...parsed } : parsed) as T;
    known.set(text, value);
    dropOldest(known, maxTexts);
    return value;
  };
}

function frozen(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  for (const part of Object.values(value)) frozen(part);
  return Object.freeze(value);
}
