import { checkEqualLengths, type HighLowClose } from './series.ts';

/**
 * Mean of high, low and close, as TA-Lib's TYPPRICE.
 * @returns shape [bars], in the price's unit; no warm-up
 * @throws RangeError when lengths differ
 */
export function typicalPrice({ high, low, close }: HighLowClose): Float64Array {
  checkEqualLengths(high, low, close);
  return close.map((price, bar) => (high[bar]! + low[bar]! + price) / 3);
}
