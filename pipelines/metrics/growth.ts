import { finiteOrNull, sampleDeviation } from './moments.ts';
import { dailyTerms, type ReturnTerms } from './terms.ts';

/**
 * Refuses returns that no account can have.
 * @throws RangeError for a return that is not finite or below -1
 */
export function checkReturns(returns: Float64Array): void {
  const row = returns.findIndex((value) => !(value >= -1 && value < Number.POSITIVE_INFINITY));
  if (row !== -1) throw new RangeError(`return ${row} is ${returns[row]}: not a finite fraction of at least -1`);
}

/**
 * What one dollar becomes: the running product of 1 + return.
 * @param returns shape [sessions], simple returns as fractions
 * @returns shape [sessions], value after each session
 */
export function growthOfOne(returns: Float64Array): Float64Array {
  let value = 1;
  return returns.map((change) => (value *= 1 + change));
}

/**
 * Growth over all sessions, as a fraction: product of (1 + return) less 1.
 * @returns null for no returns
 */
export function totalReturn(returns: Float64Array): number | null {
  return returns.length === 0 ? null : finiteOrNull(growthOfOne(returns).at(-1)! - 1);
}

/**
 * Compound annual growth rate: (1 + total return) ^ (periods a year / periods) - 1. Of a short sample it extrapolates;
 * whoever shows it says how many periods it rests on.
 * @returns null for no returns
 */
export function annualGrowth(returns: Float64Array, { periodsPerYear }: ReturnTerms = dailyTerms): number | null {
  const total = totalReturn(returns);
  return total === null ? null : finiteOrNull((1 + total) ** (periodsPerYear / returns.length) - 1);
}

/**
 * Sample standard deviation of the returns times the square root of the periods a year.
 * @returns null for fewer than two returns
 */
export function annualVolatility(returns: Float64Array, { periodsPerYear }: ReturnTerms = dailyTerms): number | null {
  const deviation = sampleDeviation(returns);
  return deviation === null ? null : deviation * Math.sqrt(periodsPerYear);
}

/**
 * How steadily a curve grew: the coefficient of determination of the logarithm of its growth on time, as empyrical's
 * stability of a time series.
 * @returns in [0, 1]; null for fewer than two returns, a curve that does not move, or one that lost everything
 */
export function stability(returns: Float64Array): number | null {
  const count = returns.length;
  if (count < 2) return null;
  const logs = growthOfOne(returns).map(Math.log);
  const centre = logs.reduce((total, value) => total + value, 0) / count;
  let [both, ofTime, ofLogs] = [0, 0, 0];
  for (const [row, value] of logs.entries()) {
    const time = row - (count - 1) / 2;
    both += time * (value - centre);
    ofTime += time ** 2;
    ofLogs += (value - centre) ** 2;
  }
  return ofLogs === 0 ? null : finiteOrNull(both ** 2 / ofTime / ofLogs);
}
