/**
 * Quantile of ascending values by linear interpolation between order statistics (Hyndman and Fan 1996, type 7, the
 * default of numpy and R).
 * @param ascending at least one value
 * @param probability in [0, 1]
 * @throws RangeError for no values or a probability outside [0, 1]
 */
export function quantileOfSorted(ascending: ArrayLike<number>, probability: number): number {
  if (ascending.length === 0 || !(probability >= 0 && probability <= 1)) {
    throw new RangeError(`no quantile at ${probability} of ${ascending.length} values`);
  }
  const place = probability * (ascending.length - 1);
  const below = Math.floor(place);
  const low = ascending[below]!;
  const high = ascending[Math.min(below + 1, ascending.length - 1)]!;
  return low + (high - low) * (place - below);
}
