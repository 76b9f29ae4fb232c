import { checkPeriod, firstNumber, warmingUp } from './series.ts';

/** A window's length and the degrees of freedom its variance gives up: 0 for a population's, 1 for a sample's. */
export interface DeviationWindow {
  readonly period: number;
  readonly lostDegrees: 0 | 1;
}

/**
 * Rolling standard deviation; with `lostDegrees` 0 as TA-Lib's STDDEV. Each window is summed about its own mean, so
 * nothing cancels.
 * @param values shape [bars], finite after an optional head of NaN
 * @returns shape [bars]; NaN for the head and its first `period - 1` rows
 * @throws RangeError when the period is no whole number over `lostDegrees`
 */
export function standardDeviation(values: Float64Array, window: DeviationWindow): Float64Array {
  const { period, lostDegrees } = window;
  checkPeriod(period, lostDegrees + 1);
  const deviations = warmingUp(values.length);
  for (let bar = firstNumber(values) + period - 1; bar < values.length; bar += 1) {
    let mean = 0;
    for (let back = 0; back < period; back += 1) mean += values[bar - back]!;
    mean /= period;
    let squares = 0;
    for (let back = 0; back < period; back += 1) squares += (values[bar - back]! - mean) ** 2;
    deviations[bar] = Math.sqrt(squares / (period - lostDegrees));
  }
  return deviations;
}
