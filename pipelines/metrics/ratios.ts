import { maximumDrawdown } from './drawdown.ts';
import { annualGrowth } from './growth.ts';
import { mean, quotient, sampleDeviation, sum } from './moments.ts';
import { dailyTerms, overRiskFree, type ReturnTerms } from './terms.ts';

/**
 * Sharpe ratio (Sharpe 1994): mean of the returns over the risk-free rate by their sample standard deviation, times the
 * square root of the periods a year.
 * @returns null for fewer than two returns or returns that do not vary
 */
export function sharpeRatio(returns: Float64Array, terms: ReturnTerms = dailyTerms): number | null {
  const over = overRiskFree(returns, terms);
  const periodic = quotient(mean(over), sampleDeviation(over));
  return periodic === null ? null : periodic * Math.sqrt(terms.periodsPerYear);
}

/**
 * Sortino ratio (Sortino and Price 1994) against the risk-free rate: mean of the returns over it by the root of the mean
 * of their min(return, 0)², taken over all of them, times the square root of the periods a year.
 * @returns null for fewer than two returns or none below the rate
 */
export function sortinoRatio(returns: Float64Array, terms: ReturnTerms = dailyTerms): number | null {
  if (returns.length < 2) return null;
  const over = overRiskFree(returns, terms);
  const periodic = quotient(mean(over), rootOfShortfalls(over));
  return periodic === null ? null : periodic * Math.sqrt(terms.periodsPerYear);
}

/**
 * Downside deviation a year: root of the mean of min(return - risk-free, 0)² over all returns, times the square root of
 * the periods a year.
 * @returns null for fewer than two returns
 */
export function downsideRisk(returns: Float64Array, terms: ReturnTerms = dailyTerms): number | null {
  if (returns.length < 2) return null;
  return rootOfShortfalls(overRiskFree(returns, terms)) * Math.sqrt(terms.periodsPerYear);
}

/**
 * Calmar ratio: compound annual growth over maximum drawdown.
 * @returns null for no returns or a curve that never falls
 */
export function calmarRatio(returns: Float64Array, terms: ReturnTerms = dailyTerms): number | null {
  return quotient(annualGrowth(returns, terms), maximumDrawdown(returns)?.fraction ?? null);
}

/**
 * Omega ratio (Keating and Shadwick 2002) at the risk-free rate: what lies above it over what lies below.
 * @returns null when nothing lies below
 */
export function omegaRatio(returns: Float64Array, terms: ReturnTerms = dailyTerms): number | null {
  const over = overRiskFree(returns, terms);
  const gains = sum(over.filter((value) => value > 0));
  return quotient(gains, -sum(over.filter((value) => value < 0)));
}

function rootOfShortfalls(over: Float64Array): number {
  return Math.sqrt(mean(over.map((value) => Math.min(value, 0) ** 2))!);
}
