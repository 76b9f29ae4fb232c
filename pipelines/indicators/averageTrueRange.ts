import { checkEqualLengths, checkPeriod, warmingUp, type HighLowClose } from './series.ts';

/**
 * True range of one bar: its range, stretched to the close before it.
 * Source: Wilder (1978), section III.
 */
export function trueRange(prices: HighLowClose, bar: number): number {
  const high = prices.high[bar]!;
  const low = prices.low[bar]!;
  const before = prices.close[bar - 1]!;
  return Math.max(high - low, Math.abs(high - before), Math.abs(low - before));
}

/**
 * Average true range with Wilder's smoothing, as TA-Lib's ATR: its first value is the mean of the first `period` ranges.
 * Source: J. Welles Wilder, New Concepts in Technical Trading Systems (1978), section III.
 * @param prices columns of shape [bars], finite
 * @returns shape [bars], in the price's unit; NaN for the first `period` rows
 * @throws RangeError when lengths differ or the period is no whole number of at least 1
 */
export function averageTrueRange(prices: HighLowClose, period: number): Float64Array {
  checkPeriod(period);
  checkEqualLengths(prices.high, prices.low, prices.close);
  const averages = warmingUp(prices.close.length);
  let average = 0;
  for (let bar = 1; bar < averages.length; bar += 1) {
    const range = trueRange(prices, bar);
    average = bar <= period ? average + range / period : (average * (period - 1) + range) / period;
    if (bar >= period) averages[bar] = average;
  }
  return averages;
}
