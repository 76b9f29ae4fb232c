import { beta, informationRatio, trackingError } from './metrics/againstBenchmark.ts';
import { maximumDrawdown, type Drawdown } from './metrics/drawdown.ts';
import { annualGrowth, annualVolatility, checkReturns, totalReturn } from './metrics/growth.ts';
import { calmarRatio, sharpeRatio, sortinoRatio } from './metrics/ratios.ts';
import { expectedShortfall, valueAtRisk } from './metrics/tailRisk.ts';
import { winsAndLosses, type WinsAndLosses } from './metrics/winsAndLosses.ts';

/**
 * Every figure of a curve of daily returns; plain JSON. Rates and losses are fractions; losses, drawdowns and values at
 * risk are positive. Annualised by 252 sessions, risk-free rate zero. Null is undefined: too few sessions, nothing that
 * varies, or nothing to divide by; each figure's function says when.
 */
export interface ReturnFigures extends WinsAndLosses {
  /** Returns the figures rest on. */
  readonly sessions: number;
  readonly totalReturn: number | null;
  /** Compound annual growth rate. */
  readonly annualReturn: number | null;
  readonly annualVolatility: number | null;
  readonly sharpe: number | null;
  readonly sortino: number | null;
  readonly calmar: number | null;
  readonly maximumDrawdown: number | null;
  /** Where the maximum drawdown lies. */
  readonly drawdown: Drawdown | null;
  readonly valueAtRisk95: number | null;
  readonly expectedShortfall95: number | null;
  /** Of fewer than 100 sessions it lies between the worst two. */
  readonly valueAtRisk99: number | null;
  readonly expectedShortfall99: number | null;
  /** Null without a benchmark, like the next two. */
  readonly beta: number | null;
  readonly trackingError: number | null;
  readonly informationRatio: number | null;
}

/** Sessions under which a rate or ratio says nothing and is null; total return and drawdown are facts of any sample. */
export const sampleMin = 20;

/**
 * All figures of a curve.
 * @param returns shape [sessions], simple returns as fractions, oldest first
 * @param benchmark shape [sessions], of the same sessions
 * @throws RangeError for a return that is not finite or below -1, or a benchmark of another length
 */
export function returnFigures(returns: ArrayLike<number>, benchmark?: ArrayLike<number>): ReturnFigures {
  const whole = Float64Array.from(returns);
  const wholeBenchmark = benchmark && Float64Array.from(benchmark);
  checkReturns(whole);
  if (wholeBenchmark) checkReturns(wholeBenchmark);
  if (wholeBenchmark && wholeBenchmark.length !== whole.length) {
    throw new RangeError(`${whole.length} returns cannot be held against ${wholeBenchmark.length} of a benchmark`);
  }
  const enough = whole.length >= sampleMin;
  // Without returns every figure is null: a sample that is too short is taken for none.
  const sample = enough ? whole : new Float64Array();
  const against = enough ? wholeBenchmark : undefined;
  const drawdown = maximumDrawdown(whole);
  return {
    sessions: whole.length,
    totalReturn: totalReturn(whole),
    annualReturn: annualGrowth(sample),
    annualVolatility: annualVolatility(sample),
    sharpe: sharpeRatio(sample),
    sortino: sortinoRatio(sample),
    calmar: calmarRatio(sample),
    maximumDrawdown: drawdown?.fraction ?? null,
    drawdown,
    valueAtRisk95: valueAtRisk(sample, 0.95),
    expectedShortfall95: expectedShortfall(sample, 0.95),
    valueAtRisk99: valueAtRisk(sample, 0.99),
    expectedShortfall99: expectedShortfall(sample, 0.99),
    ...winsAndLosses(sample),
    beta: against ? beta(sample, against) : null,
    trackingError: against ? trackingError(sample, against) : null,
    informationRatio: against ? informationRatio(sample, against) : null,
  };
}

/** The figures that are numbers, by name: what a gate or the log of a run reads. */
export function numericFigures({
  drawdown: _place,
  ...figures
}: ReturnFigures): Readonly<Record<string, number | null>> {
  return figures;
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
