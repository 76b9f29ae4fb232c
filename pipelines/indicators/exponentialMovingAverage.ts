import { checkPeriod, firstNumber, warmingUp } from './series.ts';

/**
 * Exponential moving average with weight 2 / (period + 1), as TA-Lib's EMA: its first value is the simple average.
 * @param values shape [bars], finite after an optional head of NaN
 * @returns shape [bars]; NaN for the head and its first `period - 1` rows
 * @throws RangeError when the period is no whole number of at least 1
 */
export function exponentialMovingAverage(values: Float64Array, period: number): Float64Array {
  return exponentialMovingAverageFrom(values, period, firstNumber(values));
}

/**
 * The same average with its seed placed by the caller: the mean of rows `first` to `first + period - 1`.
 * TA-Lib's MACD seeds its fast average late, so that both of its averages start on one bar.
 * @throws RangeError when the period is no whole number of at least 1
 */
export function exponentialMovingAverageFrom(values: Float64Array, period: number, first: number): Float64Array {
  checkPeriod(period);
  const averages = warmingUp(values.length);
  const seedBar = first + period - 1;
  if (seedBar >= values.length) return averages;
  let average = 0;
  for (let bar = first; bar <= seedBar; bar += 1) average += values[bar]!;
  average /= period;
  averages[seedBar] = average;
  const weight = 2 / (period + 1);
  for (let bar = seedBar + 1; bar < values.length; bar += 1) {
    average += (values[bar]! - average) * weight;
    averages[bar] = average;
  }
  return averages;
}
