import { standardNormal } from '#domain/distributions.ts';
import { probabilisticSharpe } from './probabilisticSharpe.ts';
import type { SharpeEstimate } from './sharpeEstimate.ts';

/** How many strategies were tried, and how far their Sharpe ratios of one period lie apart. */
export interface TrialSpread {
  /** At least 1; independent ones, so that counting alike ones as many is the careful side. */
  readonly trials: number;
  /** Variance of the Sharpe ratios over the trials. */
  readonly variance: number;
}

const eulerMascheroni = 0.5772156649015329;

/**
 * The Sharpe ratio that the best of so many worthless strategies is expected to show (Bailey and Lopez de Prado 2014).
 * @returns of one period; 0 for one trial, which nobody chose
 * @throws RangeError for fewer than one trial or a negative variance
 */
export function expectedMaximumSharpe({ trials, variance }: TrialSpread): number {
  if (!(trials >= 1) || !(variance >= 0)) {
    throw new RangeError(`no expected maximum of ${trials} trials with a variance of ${variance}`);
  }
  if (trials === 1) return 0;
  const { quantile } = standardNormal;
  const first = quantile(1 - 1 / trials);
  const second = quantile(1 - 1 / (trials * Math.E));
  // Of hardly more than one trial the formula falls below what one alone is expected to show.
  return Math.max(0, Math.sqrt(variance) * ((1 - eulerMascheroni) * first + eulerMascheroni * second));
}

/**
 * Deflated Sharpe ratio (Bailey and Lopez de Prado 2014): the probability that the true ratio of the selected strategy
 * exceeds what the best of as many worthless ones is expected to show.
 * @returns in [0, 1]
 * @throws RangeError as `expectedMaximumSharpe` does
 */
export function deflatedSharpe(selected: SharpeEstimate, spread: TrialSpread): number {
  return probabilisticSharpe(selected, expectedMaximumSharpe(spread));
}

/**
 * Variance of the Sharpe ratio of one period of a strategy without an edge: what trials are taken to spread by where only
 * their number is known.
 * @throws RangeError for fewer than two observations
 */
export function worthlessVariance(observations: number): number {
  if (!(observations >= 2)) throw new RangeError(`no variance over ${observations} observations`);
  return 1 / (observations - 1);
}

/** Independent strategies that so many alike ones count for, by their average correlation (Bailey and Lopez de Prado 2014). */
export function effectiveTrials(trials: number, averageCorrelation: number): number {
  const shared = Math.min(1, Math.max(0, averageCorrelation));
  return shared + (1 - shared) * trials;
}
