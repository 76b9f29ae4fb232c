import { sessionsPerYear } from '#domain/sizing.ts';
import { finiteOrNull, mean, quotient, sampleDeviation } from './moments.ts';

/**
 * Slope of returns on the benchmark's: sample covariance over the benchmark's sample variance.
 * @returns null for fewer than two sessions or a benchmark that does not vary
 * @throws RangeError when the two differ in length
 */
export function beta(returns: Float64Array, benchmark: Float64Array): number | null {
  checkSameSessions(returns, benchmark);
  const deviation = sampleDeviation(benchmark);
  if (deviation === null || deviation === 0) return null;
  const [ours, theirs] = [mean(returns)!, mean(benchmark)!];
  let products = 0;
  for (const [row, value] of returns.entries()) products += (value - ours) * (benchmark[row]! - theirs);
  return finiteOrNull(products / (returns.length - 1) / deviation ** 2);
}

/**
 * Annualised tracking error: sample standard deviation of daily returns in excess of the benchmark's, times the square
 * root of 252.
 * @returns null for fewer than two sessions
 * @throws RangeError when the two differ in length
 */
export function trackingError(returns: Float64Array, benchmark: Float64Array): number | null {
  const deviation = sampleDeviation(excess(returns, benchmark));
  return deviation === null ? null : deviation * Math.sqrt(sessionsPerYear);
}

/**
 * Annualised information ratio: mean over sample standard deviation of the daily excess returns, times the square root
 * of 252.
 * @returns null for fewer than two sessions or an excess that does not vary
 * @throws RangeError when the two differ in length
 */
export function informationRatio(returns: Float64Array, benchmark: Float64Array): number | null {
  const over = excess(returns, benchmark);
  const daily = quotient(mean(over), sampleDeviation(over));
  return daily === null ? null : daily * Math.sqrt(sessionsPerYear);
}

function excess(returns: Float64Array, benchmark: Float64Array): Float64Array {
  checkSameSessions(returns, benchmark);
  return returns.map((value, row) => value - benchmark[row]!);
}

function checkSameSessions(returns: Float64Array, benchmark: Float64Array): void {
  if (returns.length !== benchmark.length) {
    throw new RangeError(`${returns.length} returns cannot be held against ${benchmark.length} of a benchmark`);
  }
}
