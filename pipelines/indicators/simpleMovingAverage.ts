import { checkPeriod, firstNumber, warmingUp } from './series.ts';

/**
 * Arithmetic mean of the last `period` values, as TA-Lib's SMA.
 * @param values shape [bars], finite after an optional head of NaN
 * @returns shape [bars]; NaN for the head and its first `period - 1` rows
 * @throws RangeError when the period is no whole number of at least 1
 */
export function simpleMovingAverage(values: Float64Array, period: number): Float64Array {
  checkPeriod(period);
  const averages = warmingUp(values.length);
  const first = firstNumber(values);
  let sum = 0;
  for (let bar = first; bar < values.length; bar += 1) {
    sum += values[bar]!;
    if (bar - first >= period) sum -= values[bar - period]!;
    if (bar - first >= period - 1) averages[bar] = sum / period;
  }
  return averages;
}
