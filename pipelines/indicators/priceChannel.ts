import { checkEqualLengths, checkPeriod, warmingUp, type HighLowClose } from './series.ts';

/** Highest high and lowest low of a window; each shape [bars], in the price's unit. */
export interface PriceChannel {
  readonly highest: Float64Array;
  readonly lowest: Float64Array;
}

/**
 * Highest high and lowest low of the last `period` bars, the current one included (TA-Lib's MAX and MIN).
 * @returns columns that are NaN for the first `period - 1` rows
 * @throws RangeError when lengths differ or the period is no whole number of at least 1
 */
export function priceChannel(prices: Pick<HighLowClose, 'high' | 'low'>, period: number): PriceChannel {
  checkPeriod(period);
  checkEqualLengths(prices.high, prices.low);
  const highest = warmingUp(prices.high.length);
  const lowest = warmingUp(prices.high.length);
  for (let bar = period - 1; bar < highest.length; bar += 1) {
    let top = prices.high[bar]!;
    let bottom = prices.low[bar]!;
    for (let back = 1; back < period; back += 1) {
      top = Math.max(top, prices.high[bar - back]!);
      bottom = Math.min(bottom, prices.low[bar - back]!);
    }
    highest[bar] = top;
    lowest[bar] = bottom;
  }
  return { highest, lowest };
}
