/** What a sample of returns is like. */
export interface Moments {
  /** Fraction. */
  readonly mean: number;
  /** Sample standard deviation, divisor n - 1; a fraction. */
  readonly deviation: number;
  /** Third central moment over the second to 3/2, both with divisor n. */
  readonly skewness: number;
  /** Fourth central moment over the square of the second, less 3. */
  readonly excessKurtosis: number;
}

/**
 * Moments of returns.
 * @param returns shape [sessions], fractions, finite, at least two that differ
 * @throws RangeError for fewer than two returns, one that is not finite, or returns that do not vary
 */
export function momentsOf(returns: Float64Array): Moments {
  const count = returns.length;
  if (count < 2) throw new RangeError(`${count} returns have no deviation`);
  let mean = 0;
  for (const value of returns) mean += value / count;
  let [second, third, fourth] = [0, 0, 0];
  for (const value of returns) {
    const square = (value - mean) ** 2;
    second += square;
    third += square * (value - mean);
    fourth += square * square;
  }
  // Under this share of the mean a deviation is rounding.
  const deviation = Math.sqrt(second / (count - 1));
  if (!(Number.isFinite(deviation) && deviation > 1e-12 * Math.abs(mean))) {
    throw new RangeError('the returns do not vary, or one of them is not finite');
  }
  const variance = second / count;
  return {
    mean,
    deviation,
    skewness: third / count / variance ** 1.5,
    excessKurtosis: fourth / count / variance ** 2 - 3,
  };
}
