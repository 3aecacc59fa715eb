// Comparing takes time by the product of the lengths, for every known name.
const maxNameCharacters = 48;
const maxCandidates = 200;
const minAbbreviation = 5;

/** Ends a message about an unknown name with the known name that its writer most likely meant, if one is near. */
export function didYouMean(name: string, known: Iterable<string>): string {
  if (name.length > maxNameCharacters) {
    return "";
  }
  const tolerance = Math.max(2, Math.floor(name.length / 4));
  let nearest: string | undefined;
  let nearestDistance = tolerance + 1;
  for (const candidate of [...known].slice(0, maxCandidates)) {
    const distance = distanceBetween(name.toLowerCase(), candidate.toLowerCase(), tolerance);
    if (distance < nearestDistance) {
      nearest = candidate;
      nearestDistance = distance;
    }
  }
  return nearest === undefined ? "" : `; did you mean ${nearest}?`;
}

/** Names that only leave letters out (MinLength for MinimumLength) are near, however many they leave out. */
function distanceBetween(name: string, candidate: string, tolerance: number): number {
  if (name.length >= minAbbreviation && isSubsequence(name, candidate)) {
    return Math.min(candidate.length - name.length, tolerance);
  }
  return Math.abs(candidate.length - name.length) > tolerance
    ? Number.POSITIVE_INFINITY
    : editDistance(name, candidate);
}

function isSubsequence(part: string, whole: string): boolean {
  let found = 0;
  for (const character of whole) {
    found += character === part[found] ? 1 : 0;
  }
  return found === part.length;
}

/** Levenshtein's distance: the fewest insertions, deletions and substitutions that turn one text into the other. */
function editDistance(left: string, right: string): number {
  let previous = Array.from({ length: right.length + 1 }, (_, column) => column);
  for (let row = 1; row <= left.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= right.length; column += 1) {
      const substitution = left[row - 1] === right[column - 1] ? 0 : 1;
      current.push(
        Math.min(
          (previous[column] ?? 0) + 1,
          (current[column - 1] ?? 0) + 1,
          (previous[column - 1] ?? 0) + substitution,
        ),
      );
    }
    previous = current;
  }
  return previous[right.length] ?? 0;
}
