import { checkPeriod, firstNumber, warmingUp } from './series.ts';

/**
 * Slope of the least-squares line through the last `period` values, per bar, as TA-Lib's LINEARREG_SLOPE.
 * @param values shape [bars], finite after an optional head of NaN
 * @returns shape [bars]; NaN for the head and its first `period - 1` rows
 * @throws RangeError when the period is no whole number of at least 2
 */
export function linearRegressionSlope(values: Float64Array, period: number): Float64Array {
  checkPeriod(period, 2);
  const slopes = warmingUp(values.length);
  const middle = (period - 1) / 2;
  const spread = (period * (period * period - 1)) / 12;
  for (let bar = firstNumber(values) + period - 1; bar < values.length; bar += 1) {
    let moment = 0;
    for (let back = 0; back < period; back += 1) moment += (middle - back) * (values[bar - back]! - values[bar]!);
    slopes[bar] = moment / spread;
  }
  return slopes;
}
