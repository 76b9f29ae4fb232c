import { crossProducts } from './crossProducts.ts';
import { scaled, type SymmetricMatrix } from './symmetricMatrix.ts';

/**
 * Covariance of series, per period.
 * @param returns shape [assets][periods], at least two periods
 * @param lost periods taken off the count: 1 for an unbiased estimate, 0 for that of maximum likelihood
 */
export function sampleCovariance(returns: readonly Float64Array[], lost: 0 | 1 = 1): SymmetricMatrix {
  const periods = returns[0]?.length ?? 0;
  return scaled(crossProducts(centred(returns)), 1 / (periods - lost));
}

/**
 * Covariance in which what lies further back weighs less: weights (1 - a)^k for k periods ago with a = 2 / (span + 1),
 * about the mean of the same weights.
 * @param returns shape [assets][periods], at least two periods
 * @param span periods, over 1; source: pandas' ewm, RiskMetrics Technical Document (1996) with a of 0.06
 */
export function exponentialCovariance(returns: readonly Float64Array[], span: number): SymmetricMatrix {
  const weights = exponentialWeights(returns[0]?.length ?? 0, span);
  const weighed = returns.map((series) => {
    const mean = weightedMean(series, weights);
    return series.map((value, period) => (value - mean) * Math.sqrt(weights[period]!));
  });
  return crossProducts(weighed);
}

/** Weights that decay into the past and sum to 1, shape [periods], oldest first. */
export function exponentialWeights(periods: number, span: number): Float64Array {
  const kept = 1 - 2 / (span + 1);
  const weights = Float64Array.from({ length: periods }, (_, period) => kept ** (periods - 1 - period));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / total);
}

/** Mean of values by weights that sum to 1. */
export function weightedMean(values: Float64Array, weights: Float64Array): number {
  return values.reduce((sum, value, period) => sum + value * weights[period]!, 0);
}

/** Each series less its mean. */
export function centred(returns: readonly Float64Array[]): readonly Float64Array[] {
  return returns.map((series) => {
    let sum = 0;
    for (let period = 0; period < series.length; period += 1) sum += series[period]!;
    const mean = sum / series.length;
    const left = new Float64Array(series.length);
    for (let period = 0; period < series.length; period += 1) left[period] = series[period]! - mean;
    return left;
  });
}
