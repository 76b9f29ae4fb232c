import { mean, sampleDeviation, standardisedMoments } from '../metrics/moments.ts';
import { longRunVariance } from './neweyWest.ts';

/** A Sharpe ratio of one period, not annualised, and what its certainty rests on. */
export interface SharpeEstimate {
  readonly observations: number;
  /** Mean over sample standard deviation. */
  readonly sharpe: number;
  /** Of the returns, 0 where they are normal; not corrected for the sample's size. */
  readonly skewness: number;
  /** Of the returns, 3 where they are normal. */
  readonly kurtosis: number;
}

/**
 * The Sharpe ratio of returns over the risk-free rate.
 * @returns null for fewer than two returns or returns that do not vary
 */
export function estimateSharpe(returns: Float64Array): SharpeEstimate | null {
  const moments = standardisedMoments(returns);
  if (moments === null) return null;
  return { observations: returns.length, sharpe: mean(returns)! / sampleDeviation(returns)!, ...moments };
}

/**
 * Standard error of a Sharpe ratio whose returns are independent, of whatever distribution (Mertens 2002; Bailey and
 * Lopez de Prado 2012): √((1 - skewness * SR + (kurtosis - 1) / 4 * SR²) / (n - 1)).
 */
export function sharpeError({ observations, sharpe, skewness, kurtosis }: SharpeEstimate): number {
  const spread = 1 - skewness * sharpe + ((kurtosis - 1) / 4) * sharpe ** 2;
  return Math.sqrt(Math.max(0, spread) / (observations - 1));
}

/**
 * Standard error of the Sharpe ratio of one period where returns depend on those before them: the delta method over mean
 * and variance (Lo 2002) with the long-run variance of Newey and West. Without lags it is `sharpeError` over n.
 * @param lags autocovariances taken in
 * @returns null for fewer than two returns or returns that do not vary
 */
export function dependentSharpeError(returns: Float64Array, lags: number): number | null {
  const estimate = estimateSharpe(returns);
  if (estimate === null) return null;
  const centre = mean(returns)!;
  const deviation = sampleDeviation(returns)!;
  // What each return moves the ratio by.
  const influence = returns.map((value) => {
    const standardised = (value - centre) / deviation;
    return standardised - (estimate.sharpe / 2) * (standardised ** 2 - 1);
  });
  return Math.sqrt(longRunVariance(influence, lags) / returns.length);
}
