import { checkPeriod, warmingUp } from './series.ts';

/**
 * Change over `period` bars in percent of the earlier value, as TA-Lib's ROC.
 * @param values shape [bars]
 * @returns shape [bars], percent; NaN for the first `period` rows; 0 where the earlier value is 0, as TA-Lib
 * @throws RangeError when the period is no whole number of at least 1
 */
export function rateOfChange(values: Float64Array, period: number): Float64Array {
  checkPeriod(period);
  const changes = warmingUp(values.length);
  for (let bar = period; bar < values.length; bar += 1) {
    const before = values[bar - period]!;
    changes[bar] = before === 0 ? 0 : (values[bar]! / before - 1) * 100;
  }
  return changes;
}
