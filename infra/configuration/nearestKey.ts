/**
 * The known key most like a mistyped one. Keys are compared whole and by their last part, so that a key put in the
 * wrong section is found too.
 * @param known at least one key, parts joined by dots
 * @returns the first of the nearest
 */
export function nearestKey(mistyped: string, known: readonly string[]): string {
  const lastPart = mistyped.slice(mistyped.lastIndexOf('.') + 1);
  let nearest = known[0] ?? '';
  let nearestDistance = Number.POSITIVE_INFINITY;
  for (const key of known) {
    const keyLastPart = key.slice(key.lastIndexOf('.') + 1);
    // A misplaced key counts one more than a misspelt one of the same distance.
    const distance = Math.min(editDistance(mistyped, key), editDistance(lastPart, keyLastPart) + 1);
    if (distance < nearestDistance) {
      nearest = key;
      nearestDistance = distance;
    }
  }
  return nearest;
}

/** Levenshtein distance: insertions, deletions and replacements that turn one text into the other. */
export function editDistance(from: string, to: string): number {
  let previous = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let row = 1; row <= from.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= to.length; column += 1) {
      const replaced = (previous[column - 1] ?? 0) + (from[row - 1] === to[column - 1] ? 0 : 1);
      current.push(Math.min(replaced, (previous[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1));
    }
    previous = current;
  }
  return previous[to.length] ?? 0;
}
