/**
 * Mean loss of the worst part of returns: with p of them beyond the confidence, the sum of the worst ones, the last taken
 * in part, over p. It is a convex function of weights.
 * Source: Rockafellar and Uryasev, "Optimization of Conditional Value-at-Risk" (2000).
 * @param returns shape [periods]
 * @param confidence between 0 and 1
 * @returns fraction; positive is a loss
 */
export function conditionalValueAtRisk(returns: Float64Array, confidence: number): number {
  let sum = 0;
  for (const { period, part } of tail(returns, confidence)) sum -= part * returns[period]!;
  return sum;
}

/** A period of the tail, with the part of the mean that it makes up. */
export interface TailPeriod {
  readonly period: number;
  readonly part: number;
}

/** The worst periods and their parts, which sum to 1. */
export function tail(returns: Float64Array, confidence: number): readonly TailPeriod[] {
  const count = (1 - confidence) * returns.length;
  // Ten parts in 10^12 are rounding of a whole number of periods.
  const whole = Math.floor(count + 1e-11);
  const order = Array.from(returns.keys()).sort((one, other) => returns[one]! - returns[other]!);
  const rest = Math.max(0, count - whole);
  return order
    .slice(0, rest > 1e-11 ? whole + 1 : whole)
    .map((period, place) => ({ period, part: (place < whole ? 1 : rest) / count }));
}
