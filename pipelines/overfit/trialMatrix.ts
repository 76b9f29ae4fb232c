import { mean, sampleDeviation } from '../metrics/moments.ts';

/** Returns of everything that was tried, over the same sessions. */
export interface TrialMatrix {
  /** Shape [trials]. */
  readonly names: readonly string[];
  /** Shape [trials][sessions], simple returns over the risk-free rate, finite. */
  readonly returns: readonly Float64Array[];
}

/** Half-open range of rows. */
export interface RowRange {
  readonly from: number;
  readonly to: number;
}

/** Sum, sum of squares and number of returns of each trial over some rows. */
export interface TrialSums {
  rows: number;
  /** Shape [trials]. */
  readonly sum: Float64Array;
  /** Shape [trials]. */
  readonly squares: Float64Array;
}

/** Below this part of their squares the deviation of returns is rounding. */
const stillness = 1e-12;

/** Nothing summed yet. */
export function noSums(trials: number): TrialSums {
  return { rows: 0, sum: new Float64Array(trials), squares: new Float64Array(trials) };
}

/** Sums of each trial over a range of rows. */
export function sumsOver({ returns }: TrialMatrix, { from, to }: RowRange): TrialSums {
  const sums = noSums(returns.length);
  sums.rows = to - from;
  for (const [trial, values] of returns.entries()) {
    for (let row = from; row < to; row += 1) {
      sums.sum[trial]! += values[row]!;
      sums.squares[trial]! += values[row]! ** 2;
    }
  }
  return sums;
}

/** Writes the sums of two disjoint sets of rows, or of one without the other, into a third. */
export function combineSums(
  into: TrialSums,
  { base, other, sign }: { readonly base: TrialSums; readonly other: TrialSums; readonly sign: 1 | -1 },
): void {
  into.rows = base.rows + sign * other.rows;
  for (let trial = 0; trial < into.sum.length; trial += 1) {
    into.sum[trial] = base.sum[trial]! + sign * other.sum[trial]!;
    into.squares[trial] = base.squares[trial]! + sign * other.squares[trial]!;
  }
}

/**
 * Writes each trial's Sharpe ratio of one period over the summed rows; 0 where its returns do not vary there: who does
 * not trade is neither good nor bad.
 * @param into shape [trials]
 */
export function sharpesOf({ rows, sum, squares }: TrialSums, into: Float64Array): void {
  for (let trial = 0; trial < into.length; trial += 1) {
    const total = sum[trial]!;
    const deviations = squares[trial]! - total ** 2 / rows;
    const moves = deviations > stillness * squares[trial]!;
    into[trial] = moves ? total / rows / Math.sqrt(deviations / (rows - 1)) : 0;
  }
}

/** Index of the greatest value; of equal ones the first. */
export function indexOfGreatest(values: Float64Array): number {
  let best = 0;
  for (let index = 1; index < values.length; index += 1) if (values[index]! > values[best]!) best = index;
  return best;
}

/**
 * Mean correlation of all pairs of trials, those left out whose returns do not vary.
 * @returns null for fewer than two that vary
 */
export function averageCorrelation({ returns }: TrialMatrix): number | null {
  const moving = returns.filter((values) => (sampleDeviation(values) ?? 0) > 0);
  const count = moving.length;
  if (count < 2) return null;
  // The variance of a sum of standardised returns is their number and all their correlations.
  const total = new Float64Array(moving[0]!.length);
  for (const values of moving) {
    const [centre, deviation] = [mean(values)!, sampleDeviation(values)!];
    for (const [row, value] of values.entries()) total[row]! += (value - centre) / deviation;
  }
  return (sampleDeviation(total)! ** 2 - count) / (count * (count - 1));
}
