import { beta } from '../metrics/againstBenchmark.ts';
import { quantileOfSorted } from '#domain/quantile.ts';
import { blocksOf, combinationCount } from './combinations.ts';
import {
  combineSums,
  indexOfGreatest,
  noSums,
  sharpesOf,
  sumsOver,
  type TrialMatrix,
  type TrialSums,
} from './trialMatrix.ts';

/** How often the best in one half of the time is no good in the other; plain JSON. */
export interface BacktestOverfitting {
  /** Even number of blocks that the sessions were cut into. */
  readonly blocks: number;
  /** Ways to choose half of them. */
  readonly combinations: number;
  /** Part of them in which the best in sample is at or below the median out of sample. */
  readonly probability: number;
  /** Part of them in which the best in sample loses out of sample. */
  readonly lossProbability: number;
  /** Logits of the relative rank out of sample: quantiles by name, and how many fall into each bin. */
  readonly logits: {
    readonly quantiles: Readonly<Record<'p05' | 'p25' | 'p50' | 'p75' | 'p95', number>>;
    readonly bins: readonly { readonly from: number; readonly to: number; readonly count: number }[];
  };
  /** Slope of the best one's Sharpe ratio out of sample on that in sample: below zero, choosing harder loses more. */
  readonly degradationSlope: number | null;
}

/** Blocks of the paper: 12,870 combinations. */
export const defaultBlocks = 16;
const blocksMax = 20;
const binCount = 20;

/**
 * Probability of backtest overfitting by combinatorially symmetric cross-validation (Bailey, Borwein, Lopez de Prado and
 * Zhu 2017): sessions are cut into blocks, every half of the blocks is the sample on which the best Sharpe ratio is chosen,
 * and the other half tells where the chosen one ranks among all.
 * @param matrix at least two trials
 * @param blocks even, 2 to 20; with two sessions in each at least
 * @throws RangeError otherwise
 */
export function backtestOverfitting(matrix: TrialMatrix, blocks: number = defaultBlocks): BacktestOverfitting {
  const trials = matrix.returns.length;
  const rows = matrix.returns[0]?.length ?? 0;
  if (trials < 2) throw new RangeError(`the best of ${trials} trials was not chosen`);
  if (blocks % 2 !== 0 || blocks > blocksMax || rows < 2 * blocks) {
    throw new RangeError(
      `blocks must be even, at most ${blocksMax}, of two rows at least: not ${blocks} of ${rows} rows`,
    );
  }
  const combinations = combinationCount(blocks, blocks / 2);
  const [inSample, outOfSample] = [new Float64Array(combinations), new Float64Array(combinations)];
  const logits = new Float64Array(combinations);
  const sharpes = { in: new Float64Array(trials), out: new Float64Array(trials) };
  const complement = noSums(trials);
  const total = sumsOver(matrix, { from: 0, to: rows });
  let combination = 0;
  forEachHalf(
    blocksOf(rows, blocks).map((block) => sumsOver(matrix, block)),
    (half) => {
      sharpesOf(half, sharpes.in);
      combineSums(complement, { base: total, other: half, sign: -1 });
      sharpesOf(complement, sharpes.out);
      const best = indexOfGreatest(sharpes.in);
      inSample[combination] = sharpes.in[best]!;
      outOfSample[combination] = sharpes.out[best]!;
      logits[combination] = logitOfRank(sharpes.out, best);
      combination += 1;
    },
  );
  return {
    blocks,
    combinations,
    probability: logits.filter((logit) => logit <= 0).length / combinations,
    lossProbability: outOfSample.filter((sharpe) => sharpe < 0).length / combinations,
    logits: logitSummary(logits, Math.log(trials)),
    degradationSlope: beta(outOfSample, inSample),
  };
}

/** Visits the sums of every half of the blocks; partial sums are shared, so that each visit adds few blocks. */
function forEachHalf(blocks: readonly TrialSums[], visit: (half: TrialSums) => void): void {
  const half = blocks.length / 2;
  const trials = blocks[0]!.sum.length;
  const partial = Array.from({ length: half + 1 }, () => noSums(trials));
  const descend = (depth: number, first: number): void => {
    if (depth === half) return visit(partial[depth]!);
    for (let block = first; block <= blocks.length - (half - depth); block += 1) {
      combineSums(partial[depth + 1]!, { base: partial[depth]!, other: blocks[block]!, sign: 1 });
      descend(depth + 1, block + 1);
    }
  };
  descend(0, 0);
}

/** Logit of the rank among all, from worst to best, over one more than their number; equals share their ranks. */
function logitOfRank(sharpes: Float64Array, index: number): number {
  const own = sharpes[index]!;
  let [below, equal] = [0, 0];
  for (const sharpe of sharpes) {
    if (sharpe < own) below += 1;
    else if (sharpe === own) equal += 1;
  }
  const relative = (below + (equal + 1) / 2) / (sharpes.length + 1);
  return Math.log(relative / (1 - relative));
}

function logitSummary(logits: Float64Array, bound: number): BacktestOverfitting['logits'] {
  const ascending = logits.toSorted();
  const edge = (bin: number): number => -bound + (2 * bound * bin) / binCount;
  const counts = Array.from({ length: binCount }, () => 0);
  for (const logit of logits) {
    const bin = Math.floor(((logit + bound) / (2 * bound)) * binCount);
    counts[Math.min(binCount - 1, Math.max(0, bin))]! += 1;
  }
  return {
    quantiles: {
      p05: quantileOfSorted(ascending, 0.05),
      p25: quantileOfSorted(ascending, 0.25),
      p50: quantileOfSorted(ascending, 0.5),
      p75: quantileOfSorted(ascending, 0.75),
      p95: quantileOfSorted(ascending, 0.95),
    },
    bins: counts.map((count, bin) => ({ from: edge(bin), to: edge(bin + 1), count })),
  };
}
