import { exponentialMovingAverage, exponentialMovingAverageFrom } from './exponentialMovingAverage.ts';
import { checkPeriod, warmingUp } from './series.ts';

/** Look-backs of the two averages and of the signal, in bars. */
export interface ConvergencePeriods {
  readonly fast: number;
  readonly slow: number;
  readonly signal: number;
}

/** Moving average convergence: line, its signal, and their difference; each shape [bars], in the price's unit. */
export interface Convergence {
  readonly line: Float64Array;
  readonly signal: Float64Array;
  readonly histogram: Float64Array;
}

/**
 * Moving average convergence and divergence, as TA-Lib's MACD: both averages start on bar `slow - 1`.
 * Source: Gerald Appel, Technical Analysis: Power Tools for Active Investors (2005).
 * @param closes shape [bars], finite
 * @returns columns that are NaN for the first `slow + signal - 2` rows
 * @throws RangeError when a period is no whole number of at least 1, or slow is not over fast
 */
export function movingAverageConvergence(closes: Float64Array, periods: ConvergencePeriods): Convergence {
  const { fast, slow, signal } = periods;
  checkPeriod(fast);
  checkPeriod(slow, fast + 1);
  checkPeriod(signal);
  const fastAverage = exponentialMovingAverageFrom(closes, fast, slow - fast);
  const slowAverage = exponentialMovingAverage(closes, slow);
  const difference = fastAverage.map((value, bar) => (bar < slow - 1 ? Number.NaN : value - slowAverage[bar]!));
  const signalLine = exponentialMovingAverage(difference, signal);
  const line = warmingUp(closes.length);
  const histogram = warmingUp(closes.length);
  for (let bar = slow + signal - 2; bar < closes.length; bar += 1) {
    line[bar] = difference[bar]!;
    histogram[bar] = difference[bar]! - signalLine[bar]!;
  }
  return { line, signal: signalLine, histogram };
}
