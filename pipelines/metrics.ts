import { alpha, beta, correlation, informationRatio, trackingError } from './metrics/againstBenchmark.ts';
import { longestDrawdown, maximumDrawdown, ulcerIndex } from './metrics/drawdown.ts';
import { annualGrowth, annualVolatility, checkReturns, stability, totalReturn } from './metrics/growth.ts';
import { quantileOfSorted } from '#domain/quantile.ts';
import { calmarRatio, downsideRisk, omegaRatio, sharpeRatio as sharpeOf, sortinoRatio } from './metrics/ratios.ts';
import { excessKurtosis, skewness, tailRatio } from './metrics/shape.ts';
import { expectedShortfall, normalValueAtRisk, valueAtRisk } from './metrics/tailRisk.ts';
import { dailyTerms, riskFreeReturn, type ReturnTerms } from './metrics/terms.ts';
import { winsAndLosses, type WinsAndLosses } from './metrics/winsAndLosses.ts';

/**
 * Every figure of a curve of returns; plain JSON. Rates and losses are fractions; losses, drawdowns and values at risk
 * are positive. Null is undefined: too few sessions, nothing that varies, or nothing to divide by; each figure's function
 * says when.
 */
export interface ReturnFigures extends WinsAndLosses {
  /** Returns the figures rest on; a session is a period of any other length where the terms say so. */
  readonly sessions: number;
  readonly totalReturn: number | null;
  /** Compound annual growth rate. */
  readonly annualReturn: number | null;
  readonly annualVolatility: number | null;
  readonly downsideRisk: number | null;
  readonly sharpe: number | null;
  readonly sortino: number | null;
  readonly calmar: number | null;
  readonly omega: number | null;
  readonly maximumDrawdown: number | null;
  readonly longestDrawdownSessions: number | null;
  readonly ulcerIndex: number | null;
  readonly stability: number | null;
  readonly valueAtRisk95: number | null;
  readonly expectedShortfall95: number | null;
  /** Of fewer than 100 sessions it lies between the worst two. */
  readonly valueAtRisk99: number | null;
  readonly expectedShortfall99: number | null;
  readonly normalValueAtRisk95: number | null;
  readonly skewness: number | null;
  readonly excessKurtosis: number | null;
  readonly tailRatio: number | null;
  /** Null without a benchmark, like the next four. */
  readonly beta: number | null;
  readonly alpha: number | null;
  readonly correlation: number | null;
  readonly trackingError: number | null;
  readonly informationRatio: number | null;
}

/** Sessions under which a rate or ratio says nothing and is null; total return and drawdown are facts of any sample. */
export const sampleMin = 20;

/**
 * All figures of a curve.
 * @param returns shape [sessions], simple returns as fractions, oldest first
 * @param benchmark shape [sessions], of the same sessions
 * @param terms risk-free rate and periods a year; days over a rate of zero unless said
 * @throws RangeError for a return that is not finite or below -1, a benchmark of another length, or terms of no meaning
 */
export function returnFigures(
  returns: ArrayLike<number>,
  benchmark?: ArrayLike<number>,
  terms: ReturnTerms = dailyTerms,
): ReturnFigures {
  const whole = Float64Array.from(returns);
  const wholeBenchmark = benchmark && Float64Array.from(benchmark);
  checkReturns(whole);
  if (wholeBenchmark) checkReturns(wholeBenchmark);
  if (wholeBenchmark && wholeBenchmark.length !== whole.length) {
    throw new RangeError(`${whole.length} returns cannot be held against ${wholeBenchmark.length} of a benchmark`);
  }
  riskFreeReturn(terms);
  const enough = whole.length >= sampleMin;
  // Without returns every figure is null: a sample that is too short is taken for none.
  const sample = enough ? whole : new Float64Array();
  const against = enough ? wholeBenchmark : undefined;
  return {
    sessions: whole.length,
    totalReturn: totalReturn(whole),
    annualReturn: annualGrowth(sample, terms),
    annualVolatility: annualVolatility(sample, terms),
    downsideRisk: downsideRisk(sample, terms),
    sharpe: sharpeOf(sample, terms),
    sortino: sortinoRatio(sample, terms),
    calmar: calmarRatio(sample, terms),
    omega: omegaRatio(sample, terms),
    maximumDrawdown: maximumDrawdown(whole)?.fraction ?? null,
    longestDrawdownSessions: longestDrawdown(sample),
    ulcerIndex: ulcerIndex(sample),
    stability: stability(sample),
    ...tailFigures(sample),
    ...winsAndLosses(sample),
    beta: against ? beta(sample, against) : null,
    alpha: against ? alpha(sample, against, terms) : null,
    correlation: against ? correlation(sample, against) : null,
    trackingError: against ? trackingError(sample, against, terms) : null,
    informationRatio: against ? informationRatio(sample, against, terms) : null,
  };
}

function tailFigures(sample: Float64Array) {
  return {
    valueAtRisk95: valueAtRisk(sample, 0.95),
    expectedShortfall95: expectedShortfall(sample, 0.95),
    valueAtRisk99: valueAtRisk(sample, 0.99),
    expectedShortfall99: expectedShortfall(sample, 0.99),
    normalValueAtRisk95: normalValueAtRisk(sample, 0.95),
    skewness: skewness(sample),
    excessKurtosis: excessKurtosis(sample),
    tailRatio: tailRatio(sample),
  };
}

/**
 * Mean over sample standard deviation, a year (Sharpe 1994), risk-free rate zero.
 * @returns null for fewer than two returns or returns that do not vary
 */
export function sharpeRatio(returns: ArrayLike<number>): number | null {
  return sharpeOf(Float64Array.from(returns));
}

/** Arithmetic mean; NaN for no values. */
export function mean(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0) / values.length;
}

/** Sample standard deviation, over n - 1; NaN for fewer than two values. */
export function deviation(values: readonly number[]): number {
  const centre = mean(values);
  return Math.sqrt(values.reduce((total, value) => total + (value - centre) ** 2, 0) / (values.length - 1));
}

/**
 * Quantile of ascending values, type 7 of Hyndman and Fan 1996.
 * @throws RangeError for no values or a probability outside [0, 1]
 */
export function quantile(sorted: readonly number[], probability: number): number {
  return quantileOfSorted(sorted, probability);
}
