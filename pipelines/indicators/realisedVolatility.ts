import { warmingUp } from './series.ts';
import { standardDeviation } from './standardDeviation.ts';

/**
 * Sample standard deviation of the last `period` log returns, per bar and not annualised.
 * @param closes shape [bars], finite and > 0
 * @returns shape [bars], a fraction per bar; NaN for the first `period` rows
 * @throws RangeError when the period is no whole number of at least 2
 */
export function realisedVolatility(closes: Float64Array, period: number): Float64Array {
  const returns = warmingUp(closes.length);
  for (let bar = 1; bar < closes.length; bar += 1) returns[bar] = Math.log(closes[bar]! / closes[bar - 1]!);
  return standardDeviation(returns, { period, lostDegrees: 1 });
}
