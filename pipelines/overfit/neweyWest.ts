/**
 * Lags that Newey and West (1994) take for a Bartlett window: 4 (n / 100) ^ (2 / 9), rounded down.
 * @param count observations
 */
export function automaticLags(count: number): number {
  return Math.floor(4 * (count / 100) ** (2 / 9));
}

/**
 * Long-run variance of a series (Newey and West 1987): its variance and twice its autocovariances under a Bartlett window,
 * which never lets it turn negative. Of independent values it is the variance; of values that overlap it is what an
 * average of them rests on.
 * @param values shape [count], equally spaced, oldest first, at least one
 * @param lags autocovariances taken in, whole, at least 0; 0 gives the variance over n
 * @throws RangeError without values, or for lags that are no whole number
 */
export function longRunVariance(values: Float64Array, lags: number): number {
  const count = values.length;
  if (count === 0 || !Number.isSafeInteger(lags) || lags < 0) {
    throw new RangeError(`no long-run variance of ${count} values over ${lags} lags`);
  }
  const centre = values.reduce((total, value) => total + value, 0) / count;
  let variance = 0;
  for (let lag = 0; lag <= Math.min(lags, count - 1); lag += 1) {
    let products = 0;
    for (let row = lag; row < count; row += 1) products += (values[row]! - centre) * (values[row - lag]! - centre);
    variance += (lag === 0 ? 1 : 2 * (1 - lag / (lags + 1))) * (products / count);
  }
  return Math.max(0, variance);
}
