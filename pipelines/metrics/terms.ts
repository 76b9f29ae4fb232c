import { sessionsPerYear } from '#domain/sessionsPerYear.ts';

/** What a year is to a series of returns, and what lies idle in the meantime. */
export interface ReturnTerms {
  /** Return a year of what carries no risk, a compounded fraction: 0.02 is two percent. */
  readonly riskFreeRate: number;
  /** Returns a year: 252 of days, 52 of weeks, 12 of months. */
  readonly periodsPerYear: number;
}

/** Returns of sessions over a rate of zero. */
export const dailyTerms: ReturnTerms = { riskFreeRate: 0, periodsPerYear: sessionsPerYear };

/**
 * The rate of one period: (1 + rate) ^ (1 / periods) - 1.
 * @throws RangeError for a rate of -1 or less, or periods that are not finite and positive
 */
export function riskFreeReturn({ riskFreeRate, periodsPerYear }: ReturnTerms): number {
  if (!(riskFreeRate > -1 && riskFreeRate < Number.POSITIVE_INFINITY)) {
    throw new RangeError(`a risk-free rate is a fraction over -1, not ${riskFreeRate}`);
  }
  if (!(periodsPerYear > 0 && periodsPerYear < Number.POSITIVE_INFINITY)) {
    throw new RangeError(`a year has a positive number of periods, not ${periodsPerYear}`);
  }
  return riskFreeRate === 0 ? 0 : (1 + riskFreeRate) ** (1 / periodsPerYear) - 1;
}

/** Returns less the risk-free rate of one period. */
export function overRiskFree(returns: Float64Array, terms: ReturnTerms): Float64Array {
  const riskFree = riskFreeReturn(terms);
  return returns.map((value) => value - riskFree);
}
