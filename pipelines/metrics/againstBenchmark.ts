import { finiteOrNull, mean, quotient, sampleDeviation } from './moments.ts';
import { dailyTerms, overRiskFree, type ReturnTerms } from './terms.ts';

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
 * Correlation with the benchmark.
 * @returns in [-1, 1]; null for fewer than two sessions or where either does not vary
 * @throws RangeError when the two differ in length
 */
export function correlation(returns: Float64Array, benchmark: Float64Array): number | null {
  const slope = beta(returns, benchmark);
  const ofDeviations = quotient(sampleDeviation(benchmark), sampleDeviation(returns));
  return slope === null || ofDeviations === null ? null : slope * ofDeviations;
}

/**
 * Jensen's alpha a year: what the mean return over the risk-free rate has beyond beta times the benchmark's, times the
 * periods a year.
 * @returns null where beta is
 * @throws RangeError when the two differ in length
 */
export function alpha(returns: Float64Array, benchmark: Float64Array, terms: ReturnTerms = dailyTerms): number | null {
  const slope = beta(returns, benchmark);
  if (slope === null) return null;
  const [ours, theirs] = [mean(overRiskFree(returns, terms))!, mean(overRiskFree(benchmark, terms))!];
  return (ours - slope * theirs) * terms.periodsPerYear;
}

/**
 * Tracking error a year: sample standard deviation of returns in excess of the benchmark's, times the square root of the
 * periods a year.
 * @returns null for fewer than two sessions
 * @throws RangeError when the two differ in length
 */
export function trackingError(
  returns: Float64Array,
  benchmark: Float64Array,
  { periodsPerYear }: ReturnTerms = dailyTerms,
): number | null {
  const deviation = sampleDeviation(excess(returns, benchmark));
  return deviation === null ? null : deviation * Math.sqrt(periodsPerYear);
}

/**
 * Information ratio a year: mean over sample standard deviation of the excess returns, times the square root of the
 * periods a year.
 * @returns null for fewer than two sessions or an excess that does not vary
 * @throws RangeError when the two differ in length
 */
export function informationRatio(
  returns: Float64Array,
  benchmark: Float64Array,
  { periodsPerYear }: ReturnTerms = dailyTerms,
): number | null {
  const over = excess(returns, benchmark);
  const periodic = quotient(mean(over), sampleDeviation(over));
  return periodic === null ? null : periodic * Math.sqrt(periodsPerYear);
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
