import { sessionsPerYear } from '#domain/sizing.ts';

/** Figures of a curve of daily returns; null where a statistic is undefined. Rates are fractions. */
export interface ReturnFigures {
  readonly sessions: number;
  readonly totalReturn: number | null;
  readonly annualReturn: number | null;
  readonly annualVolatility: number | null;
  readonly sharpe: number | null;
  readonly sortino: number | null;
  readonly calmar: number | null;
  /** Positive: 0.2 is a fall of a fifth from the highest equity before it. */
  readonly maximumDrawdown: number | null;
  readonly valueAtRisk95: number | null;
  readonly expectedShortfall95: number | null;
  readonly valueAtRisk99: number | null;
  readonly expectedShortfall99: number | null;
  readonly winRate: number | null;
  readonly profitFactor: number | null;
  readonly beta: number | null;
  readonly trackingError: number | null;
  readonly informationRatio: number | null;
}

/** Sessions under which a ratio says nothing and is null. */
export const sampleMin = 20;

/**
 * Figures of daily simple returns, risk-free rate zero, annualised over 252 sessions.
 * Ratios of samples under 20 sessions, and ratios over a deviation of zero, are null, never infinite.
 * @param returns shape [sessions], fractions, all finite
 * @param benchmark shape [sessions], of the same sessions; absent: figures against it are null
 * @throws RangeError when a return is not finite or lengths differ
 */
export function returnFigures(returns: ArrayLike<number>, benchmark?: ArrayLike<number>): ReturnFigures {
  const values = Array.from(returns);
  if (!values.every(Number.isFinite)) throw new RangeError('returns must be finite');
  if (benchmark && benchmark.length !== values.length) throw new RangeError('the benchmark has other sessions');
  const enough = values.length >= sampleMin;
  const annualReturn = enough ? compoundRate(values) : null;
  const maximumDrawdown = values.length > 0 ? drawdown(values) : null;
  const tail = (level: number): TailFigures => (enough ? tailFigures(values, level) : noTail);
  const gains = values.filter((value) => value > 0);
  const losses = values.filter((value) => value < 0);
  return {
    sessions: values.length,
    totalReturn: values.length > 0 ? values.reduce((equity, value) => equity * (1 + value), 1) - 1 : null,
    annualReturn,
    annualVolatility: enough ? deviation(values) * Math.sqrt(sessionsPerYear) : null,
    sharpe: enough ? sharpeRatio(values) : null,
    sortino: enough
      ? ratio(mean(values) * sessionsPerYear, downsideDeviation(values) * Math.sqrt(sessionsPerYear))
      : null,
    calmar: annualReturn === null || maximumDrawdown === null ? null : ratio(annualReturn, maximumDrawdown),
    maximumDrawdown,
    valueAtRisk95: tail(0.95).valueAtRisk,
    expectedShortfall95: tail(0.95).expectedShortfall,
    valueAtRisk99: tail(0.99).valueAtRisk,
    expectedShortfall99: tail(0.99).expectedShortfall,
    winRate: enough ? ratio(gains.length, gains.length + losses.length) : null,
    profitFactor: enough ? ratio(total(gains), -total(losses)) : null,
    ...againstBenchmark(values, enough && benchmark ? Array.from(benchmark) : undefined),
  };
}

/** Mean over standard deviation, a year (Sharpe 1994); null when nothing moves or there are under two returns. */
export function sharpeRatio(returns: readonly number[]): number | null {
  return returns.length < 2 ? null : ratio(mean(returns) * Math.sqrt(sessionsPerYear), deviation(returns));
}

function againstBenchmark(
  values: readonly number[],
  benchmark: readonly number[] | undefined,
): Pick<ReturnFigures, 'beta' | 'trackingError' | 'informationRatio'> {
  if (!benchmark) return { beta: null, trackingError: null, informationRatio: null };
  const active = values.map((value, index) => value - benchmark[index]!);
  const [center, benchmarkCenter] = [mean(values), mean(benchmark)];
  const together = total(values.map((value, index) => (value - center) * (benchmark[index]! - benchmarkCenter)));
  const alone = total(benchmark.map((value) => (value - benchmarkCenter) ** 2));
  const trackingError = deviation(active) * Math.sqrt(sessionsPerYear);
  return {
    beta: ratio(together, alone),
    trackingError,
    informationRatio: ratio(mean(active) * sessionsPerYear, trackingError),
  };
}

/** The yearly rate that compounds to the whole; -1 once everything is lost. */
function compoundRate(values: readonly number[]): number {
  const growth = values.reduce((equity, value) => equity * (1 + value), 1);
  return growth <= 0 ? -1 : growth ** (sessionsPerYear / values.length) - 1;
}

/** Deepest fall from a highest equity, the start included. */
export function drawdown(values: readonly number[]): number {
  let [equity, peak, deepest] = [1, 1, 0];
  for (const value of values) {
    equity *= 1 + value;
    peak = Math.max(peak, equity);
    deepest = Math.max(deepest, 1 - equity / peak);
  }
  return deepest;
}

interface TailFigures {
  readonly valueAtRisk: number | null;
  readonly expectedShortfall: number | null;
}

const noTail: TailFigures = { valueAtRisk: null, expectedShortfall: null };

/** Historical: losses, positive, at a level; the quantile interpolates linearly (Hyndman and Fan 1996, type 7). */
function tailFigures(values: readonly number[], level: number): TailFigures {
  const sorted = values.toSorted((a, b) => a - b);
  const cut = quantile(sorted, 1 - level);
  const beyond = sorted.filter((value) => value <= cut);
  return { valueAtRisk: -cut, expectedShortfall: beyond.length > 0 ? -mean(beyond) : -cut };
}

/** Quantile of ascending values, type 7. */
export function quantile(sorted: readonly number[], probability: number): number {
  const position = (sorted.length - 1) * probability;
  const below = Math.floor(position);
  const low = sorted[below]!;
  return low + (position - below) * ((sorted[below + 1] ?? low) - low);
}

/** Root of the mean squared fall under zero, over all returns (Sortino and Price 1994). */
function downsideDeviation(values: readonly number[]): number {
  return Math.sqrt(total(values.map((value) => Math.min(value, 0) ** 2)) / values.length);
}

/** Arithmetic mean. */
export function mean(values: readonly number[]): number {
  return total(values) / values.length;
}

/** Sample standard deviation, over n - 1. */
export function deviation(values: readonly number[]): number {
  const center = mean(values);
  return Math.sqrt(total(values.map((value) => (value - center) ** 2)) / (values.length - 1));
}

function total(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}

/** Numbers whose divisor is nothing but rounding have no ratio. */
function ratio(above: number, below: number): number | null {
  return Math.abs(below) > 1e-12 ? above / below : null;
}
