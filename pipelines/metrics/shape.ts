import { quotient, standardisedMoments } from './moments.ts';
import { quantileOfSorted } from '#domain/quantile.ts';

/**
 * Skewness, corrected for the sample's size (Joanes and Gill 1998, G1), as pandas gives it.
 * @returns null for fewer than three values or values that do not vary
 */
export function skewness(values: Float64Array): number | null {
  const count = values.length;
  const moments = standardisedMoments(values);
  return moments === null || count < 3 ? null : (moments.skewness * Math.sqrt(count * (count - 1))) / (count - 2);
}

/**
 * Kurtosis over the normal distribution's, corrected for the sample's size (Joanes and Gill 1998, G2), as pandas gives it.
 * @returns null for fewer than four values or values that do not vary
 */
export function excessKurtosis(values: Float64Array): number | null {
  const count = values.length;
  const moments = standardisedMoments(values);
  if (moments === null || count < 4) return null;
  return ((count - 1) / ((count - 2) * (count - 3))) * ((count + 1) * (moments.kurtosis - 3) + 6);
}

/**
 * The right tail against the left one: the 95 % quantile over that of 5 %, signs left out.
 * @returns null for no values or a left quantile of zero
 */
export function tailRatio(values: Float64Array): number | null {
  if (values.length === 0) return null;
  const ascending = values.toSorted();
  return quotient(Math.abs(quantileOfSorted(ascending, 0.95)), Math.abs(quantileOfSorted(ascending, 0.05)));
}
