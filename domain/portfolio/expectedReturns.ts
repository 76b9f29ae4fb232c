import type { AssetReturns } from './assetReturns.ts';
import { dailyTerms, type EstimateTerms } from './covariance.ts';
import { centred, exponentialWeights, weightedMean } from './sampleCovariance.ts';
import { dot } from './symmetricMatrix.ts';

/** Ways to estimate expected returns. */
export const expectedReturnMethods = ['mean', 'ema', 'capm'] as const;

/** One of them. */
export type ExpectedReturnMethod = (typeof expectedReturnMethods)[number];

/** What the capital asset pricing model needs besides returns. */
export interface MarketTerms extends EstimateTerms {
  /** A year's, fraction. */
  readonly riskFreeRate: number;
  /** Returns of the market over the same periods, shape [periods]; that of equal weights when absent. */
  readonly market?: Float64Array;
}

/**
 * Returns expected of assets over a year, fractions, not compounded: the mean times the periods of a year (`mean`), the
 * same with weights that decay into the past (`ema`), or risk-free rate plus beta times the market's mean excess
 * (`capm`; Sharpe 1964).
 * @param returns shape [assets][periods]
 * @returns shape [assets]
 */
export function expectedReturns(
  { returns }: AssetReturns,
  method: ExpectedReturnMethod,
  terms: MarketTerms = { ...dailyTerms, riskFreeRate: 0 },
): Float64Array {
  const periods = returns[0]!.length;
  const { periodsPerYear, span, riskFreeRate } = terms;
  if (method === 'mean') return Float64Array.from(returns, (series) => mean(series) * periodsPerYear);
  if (method === 'ema') {
    const weights = exponentialWeights(periods, span);
    return Float64Array.from(returns, (series) => weightedMean(series, weights) * periodsPerYear);
  }
  const market = terms.market ?? equalWeighted(returns);
  const excess = mean(market) * periodsPerYear - riskFreeRate;
  return betas(returns, market).map((beta) => riskFreeRate + beta * excess);
}

/** Slope of each asset's returns on the market's, shape [assets]. */
export function betas(returns: readonly Float64Array[], market: Float64Array): Float64Array {
  const [about] = centred([market]);
  const variance = dot(about!, about!);
  return Float64Array.from(returns, (series) => dot(series, about!) / variance);
}

function equalWeighted(returns: readonly Float64Array[]): Float64Array {
  const market = new Float64Array(returns[0]!.length);
  for (const series of returns) {
    for (let period = 0; period < market.length; period += 1) market[period]! += series[period]! / returns.length;
  }
  return market;
}

function mean(values: Float64Array): number {
  let sum = 0;
  for (let period = 0; period < values.length; period += 1) sum += values[period]!;
  return sum / values.length;
}
