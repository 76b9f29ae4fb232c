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
