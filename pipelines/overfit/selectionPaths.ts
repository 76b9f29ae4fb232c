import { sharpeRatio } from '../metrics/ratios.ts';
import { dailyTerms } from '../metrics/terms.ts';
import { combinatorialPaths, combinatorialSplits, type CombinatorialPlan } from './combinatorialSplits.ts';
import {
  combineSums,
  indexOfGreatest,
  noSums,
  sharpesOf,
  sumsOver,
  type RowRange,
  type TrialMatrix,
} from './trialMatrix.ts';

/** What choosing the best earns where it was not chosen. */
export interface SelectionPaths {
  readonly splits: number;
  /** Sharpe ratio a year of each path through all sessions; null where the path does not vary. Paths share returns. */
  readonly pathSharpes: readonly (number | null)[];
  /** Trials that were chosen, with the part of the splits that chose each, most often chosen first. */
  readonly chosen: readonly { readonly name: string; readonly fraction: number }[];
}

/**
 * Plays the choice itself through combinatorial purged cross-validation: every split chooses the trial with the best Sharpe
 * ratio on its training sessions, and the paths are made of what the chosen ones earned in the tests.
 * @param periodsPerYear to annualise by
 * @throws RangeError as `combinatorialSplits` does
 */
export function selectionPaths(
  matrix: TrialMatrix,
  plan: CombinatorialPlan,
  periodsPerYear: number = dailyTerms.periodsPerYear,
): SelectionPaths {
  const rows = matrix.returns[0]?.length ?? 0;
  const splits = combinatorialSplits(rows, plan);
  const bests = splits.map(({ train }) => bestOf(matrix, train));
  const paths = combinatorialPaths(splits);
  const pathSharpes = paths.map((path) => {
    const returns = new Float64Array(rows);
    for (const [group, split] of path.entries()) {
      const { groups, test } = splits[split]!;
      const { from, to } = test[groups.indexOf(group)]!;
      returns.set(matrix.returns[bests[split]!]!.subarray(from, to), from);
    }
    return sharpeRatio(returns, { riskFreeRate: 0, periodsPerYear });
  });
  return { splits: splits.length, pathSharpes, chosen: fractionsOf(bests, matrix.names) };
}

function bestOf(matrix: TrialMatrix, train: readonly RowRange[]): number {
  const sums = noSums(matrix.returns.length);
  for (const range of train) combineSums(sums, { base: sums, other: sumsOver(matrix, range), sign: 1 });
  const sharpes = new Float64Array(matrix.returns.length);
  sharpesOf(sums, sharpes);
  return indexOfGreatest(sharpes);
}

function fractionsOf(bests: readonly number[], names: readonly string[]): SelectionPaths['chosen'] {
  const counts = new Map<number, number>();
  for (const best of bests) counts.set(best, (counts.get(best) ?? 0) + 1);
  return [...counts]
    .sort(([a, ofA], [b, ofB]) => ofB - ofA || a - b)
    .map(([trial, count]) => ({ name: names[trial]!, fraction: count / bests.length }));
}
