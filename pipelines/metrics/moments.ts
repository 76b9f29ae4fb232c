/** Below this part of the largest magnitude a deviation is rounding, not variation. */
const stillness = 1e-12;

/**
 * Arithmetic mean.
 * @returns null for no values
 */
export function mean(values: Float64Array): number | null {
  return values.length === 0 ? null : sum(values) / values.length;
}

/** Sum of the values, oldest first. */
export function sum(values: Float64Array): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}

/**
 * Sample standard deviation, divisor n - 1. What only rounding moves has a deviation of exactly 0, so that no ratio is
 * taken over noise.
 * @returns null for fewer than two values
 */
export function sampleDeviation(values: Float64Array): number | null {
  const centre = mean(values);
  if (centre === null || values.length < 2) return null;
  let squares = 0;
  let largest = 0;
  for (const value of values) {
    squares += (value - centre) ** 2;
    largest = Math.max(largest, Math.abs(value));
  }
  const deviation = Math.sqrt(squares / (values.length - 1));
  return deviation <= stillness * largest ? 0 : deviation;
}

/** Third and fourth moment of values that were brought to mean 0 and deviation 1. */
export interface StandardisedMoments {
  /** 0 where the values lie evenly around their mean. */
  readonly skewness: number;
  /** 3 of the normal distribution. */
  readonly kurtosis: number;
}

/**
 * Moments of the values as they are, over n: no correction for the sample's size.
 * @returns null for fewer than two values or values that do not vary
 */
export function standardisedMoments(values: Float64Array): StandardisedMoments | null {
  const deviation = sampleDeviation(values);
  if (!deviation) return null;
  const count = values.length;
  const centre = mean(values)!;
  const populationDeviation = deviation * Math.sqrt((count - 1) / count);
  let [third, fourth] = [0, 0];
  for (const value of values) {
    // Brought to deviation 1 first, so that powers of small returns do not vanish.
    const standardised = (value - centre) / populationDeviation;
    const square = standardised * standardised;
    third += square * standardised;
    fourth += square * square;
  }
  return { skewness: third / count, kurtosis: fourth / count };
}

/**
 * A quotient that has a meaning.
 * @returns null when either side is unknown, the divisor is zero or the result is not finite
 */
export function quotient(dividend: number | null, divisor: number | null): number | null {
  if (dividend === null || divisor === null || divisor === 0) return null;
  return finiteOrNull(dividend / divisor);
}

/** The number, or null where it is infinite or undefined: nothing that JSON cannot say leaves a metric. */
export function finiteOrNull(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
