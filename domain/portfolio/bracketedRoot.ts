/** An argument with the value of a function at it. */
export interface Evaluated {
  readonly at: number;
  readonly value: number;
}

/** A falling function between a place where it is positive and one where it is not. */
export interface Bracket {
  readonly low: Evaluated;
  readonly high: Evaluated;
  /** Values no larger than this, without sign, count as zero. */
  readonly valueMax: number;
}

const roundsMax = 200;

/**
 * Where a function that changes sign between two places is zero. The line through the last two values is tried first,
 * which ends the search at once where the function is a line between kinks; where it leads out of the bracket, or the
 * bracket does not halve in three rounds, its middle is taken.
 * @returns the last place evaluated: within `valueMax` of zero, or within rounding of the place where the sign changes
 */
export function bracketedRoot(value: (at: number) => number, { low, high, valueMax }: Bracket): number {
  let [left, right] = [low, high];
  let [before, last] = [left, right];
  let width = right.at - left.at;
  for (let round = 1; round <= roundsMax; round += 1) {
    const line = last.at - (last.value * (last.at - before.at)) / (last.value - before.value);
    const slow = round % 3 === 0 && right.at - left.at > width / 2;
    if (round % 3 === 0) width = right.at - left.at;
    const at = !slow && line > left.at && line < right.at ? line : (left.at + right.at) / 2;
    if (!(at > left.at && at < right.at)) break;
    const next = { at, value: value(at) };
    if (Math.abs(next.value) <= valueMax) return at;
    [before, last] = [last, next];
    if (next.value > 0) left = next;
    else right = next;
  }
  return last.at;
}
