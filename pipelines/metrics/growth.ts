import { sessionsPerYear } from '#domain/sizing.ts';
import { finiteOrNull, sampleDeviation } from './moments.ts';

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
 * Compound annual growth rate: (1 + total return) ^ (252 / sessions) - 1. Of a short sample it extrapolates; whoever
 * shows it says how many sessions it rests on.
 * @returns null for no returns
 */
export function annualGrowth(returns: Float64Array): number | null {
  const total = totalReturn(returns);
  return total === null ? null : finiteOrNull((1 + total) ** (sessionsPerYear / returns.length) - 1);
}

/**
 * Sample standard deviation of daily returns times the square root of 252.
 * @returns null for fewer than two returns
 */
export function annualVolatility(returns: Float64Array): number | null {
  const deviation = sampleDeviation(returns);
  return deviation === null ? null : deviation * Math.sqrt(sessionsPerYear);
}
