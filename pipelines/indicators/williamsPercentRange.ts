import { priceChannel } from './priceChannel.ts';
import { checkEqualLengths, warmingUp, type HighLowClose } from './series.ts';

/**
 * Williams %R: how far the close lies under the channel's top, as TA-Lib's WILLR.
 * Source: Larry Williams, How I Made One Million Dollars Last Year Trading Commodities (1973).
 * @returns shape [bars], -100 (at the low) to 0 (at the high); NaN for the first `period - 1` rows; 0 without a range
 * @throws RangeError when lengths differ or the period is no whole number of at least 1
 */
export function williamsPercentRange(prices: HighLowClose, period: number): Float64Array {
  checkEqualLengths(prices.high, prices.close);
  const { highest, lowest } = priceChannel(prices, period);
  const ranges = warmingUp(prices.close.length);
  for (let bar = period - 1; bar < ranges.length; bar += 1) {
    const height = highest[bar]! - lowest[bar]!;
    ranges[bar] = height === 0 ? 0 : (-100 * (highest[bar]! - prices.close[bar]!)) / height;
  }
  return ranges;
}
