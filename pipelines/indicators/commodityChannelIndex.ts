import { checkPeriod, warmingUp, type HighLowClose } from './series.ts';
import { simpleMovingAverage } from './simpleMovingAverage.ts';
import { typicalPrice } from './typicalPrice.ts';

/** Lambert's constant: it puts most values between -100 and 100. */
const lambertConstant = 0.015;

/**
 * Commodity channel index: distance of the typical price from its average in mean absolute deviations, as TA-Lib's CCI.
 * Source: Donald Lambert, Commodity Channel Index, Commodities (1980).
 * @returns shape [bars]; NaN for the first `period - 1` rows; 0 where nothing deviates
 * @throws RangeError when lengths differ or the period is no whole number of at least 2
 */
export function commodityChannelIndex(prices: HighLowClose, period: number): Float64Array {
  checkPeriod(period, 2);
  const typical = typicalPrice(prices);
  const averages = simpleMovingAverage(typical, period);
  const indices = warmingUp(typical.length);
  for (let bar = period - 1; bar < typical.length; bar += 1) {
    const average = averages[bar]!;
    let deviation = 0;
    for (let back = 0; back < period; back += 1) deviation += Math.abs(typical[bar - back]! - average);
    const distance = typical[bar]! - average;
    const still = distance === 0 || deviation === 0;
    indices[bar] = still ? 0 : distance / ((lambertConstant * deviation) / period);
  }
  return indices;
}
