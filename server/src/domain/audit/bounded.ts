/** Values as a row of the trail may hold them: an attacker must not be able to fill the disk by calls that are refused. */

type Budget = { readonly characters: number; readonly members: number; readonly depth: number };

/** Tried in turn until the whole is small enough. */
const budgets: readonly Budget[] = [
  { characters: 1024, members: 200, depth: 8 },
  { characters: 128, members: 20, depth: 4 },
  { characters: 32, members: 8, depth: 2 },
];

/** The value within `bytes` of JSON: long texts and lists cut, and where that is not enough, left out. */
export function bounded(value: object, bytes: number): object {
  for (const budget of budgets) {
    const smaller = shrink(value, budget) as object;
    if (Buffer.byteLength(JSON.stringify(smaller)) <= bytes) return smaller;
  }
  // CloudTrail's own mark for what it left out.
  return { omitted: true };
}

/** A text within so many characters, marked where it was cut. */
export function boundedText(text: string, characters: number): string {
  return text.length <= characters ? text : `${text.slice(0, characters).toWellFormed()}…`;
}

function shrink(value: unknown, budget: Budget): unknown {
  if (typeof value === "string") return boundedText(value, budget.characters);
  if (typeof value !== "object" || value === null || value instanceof Date) return value;
  if (budget.depth === 0) return { omitted: true };
  const inner = { ...budget, depth: budget.depth - 1 };
  if (Array.isArray(value)) {
    const kept = value.slice(0, budget.members).map((each) => shrink(each, inner));
    return kept.length < value.length ? [...kept, { omitted: true }] : kept;
  }
  const entries = Object.entries(value);
  const kept = entries
    .slice(0, budget.members)
    .map(([name, each]) => [boundedText(name, budget.characters), shrink(each, inner)]);
  return Object.fromEntries(
    kept.length < entries.length ? [...kept, ["omitted", true]] : kept,
  ) as object;
}
