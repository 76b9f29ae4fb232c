import { sessionsPerYear } from '#domain/sizing.ts';
import { maximumDrawdown } from './drawdown.ts';
import { annualGrowth } from './growth.ts';
import { mean, quotient, sampleDeviation } from './moments.ts';

/**
 * Sharpe ratio (Sharpe 1994): mean of daily returns over their sample standard deviation, times the square root of 252.
 * The risk-free rate is zero; whoever wants another hands in returns in excess of it.
 * @returns null for fewer than two returns or returns that do not vary
 */
export function sharpeRatio(returns: Float64Array): number | null {
  const daily = quotient(mean(returns), sampleDeviation(returns));
  return daily === null ? null : daily * Math.sqrt(sessionsPerYear);
}

/**
 * Sortino ratio (Sortino and Price 1994) against a target of zero: mean over the root of the mean of min(return, 0)²
 * taken over all sessions, times the square root of 252.
 * @returns null for fewer than two returns or no losing session
 */
export function sortinoRatio(returns: Float64Array): number | null {
  if (returns.length < 2) return null;
  const downside = Math.sqrt(mean(returns.map((value) => Math.min(value, 0) ** 2))!);
  const daily = quotient(mean(returns), downside);
  return daily === null ? null : daily * Math.sqrt(sessionsPerYear);
}

/**
 * Calmar ratio: compound annual growth over maximum drawdown.
 * @returns null for no returns or a curve that never falls
 */
export function calmarRatio(returns: Float64Array): number | null {
  return quotient(annualGrowth(returns), maximumDrawdown(returns)?.fraction ?? null);
}
