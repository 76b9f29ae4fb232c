import { growthOfOne } from './growth.ts';
import { mean } from './moments.ts';

/** The deepest fall from a peak. Indices count returns; -1 is the start, before the first of them. */
export interface Drawdown {
  /** Fall as a fraction of the peak: 0.2 is a fifth lost; never negative. */
  readonly fraction: number;
  readonly peakIndex: number;
  readonly troughIndex: number;
  /** First session back at the peak or above; null while under water. */
  readonly recoveryIndex: number | null;
}

/**
 * Distance below the highest value so far, the starting dollar included: 1 - value / peak.
 * @param returns shape [sessions], simple returns as fractions
 * @returns shape [sessions], fractions in [0, 1]
 */
export function drawdowns(returns: Float64Array): Float64Array {
  let peak = 1;
  return growthOfOne(returns).map((value) => {
    peak = Math.max(peak, value);
    return 1 - value / peak;
  });
}

/**
 * Maximum drawdown with its dates; of equally deep ones the earliest.
 * @returns null for no returns; a curve that never falls has a fraction of 0 from -1 to -1
 */
export function maximumDrawdown(returns: Float64Array): Drawdown | null {
  if (returns.length === 0) return null;
  const growth = growthOfOne(returns);
  let [peak, peakIndex] = [1, -1];
  let deepest: Drawdown & { readonly peak: number } = {
    fraction: 0,
    peakIndex: -1,
    troughIndex: -1,
    recoveryIndex: -1,
    peak,
  };
  for (const [index, value] of growth.entries()) {
    if (value >= peak) [peak, peakIndex] = [value, index];
    const fraction = 1 - value / peak;
    if (fraction > deepest.fraction) {
      deepest = { fraction, peakIndex, troughIndex: index, recoveryIndex: null, peak };
    }
  }
  const { fraction, troughIndex } = deepest;
  if (fraction === 0) return { fraction, peakIndex: -1, troughIndex: -1, recoveryIndex: null };
  const after = growth.findIndex((value, index) => index > troughIndex && value >= deepest.peak);
  return { fraction, peakIndex: deepest.peakIndex, troughIndex, recoveryIndex: after === -1 ? null : after };
}

/**
 * Ulcer index (Martin 1987): the root of the mean square of the drawdowns, over all sessions.
 * @returns a fraction; null for no returns
 */
export function ulcerIndex(returns: Float64Array): number | null {
  const square = mean(drawdowns(returns).map((fraction) => fraction ** 2));
  return square === null ? null : Math.sqrt(square);
}

/**
 * Most sessions in a row below a peak; the last one may still lie there.
 * @returns null for no returns
 */
export function longestDrawdown(returns: Float64Array): number | null {
  if (returns.length === 0) return null;
  let [longest, sessions] = [0, 0];
  for (const fraction of drawdowns(returns)) {
    sessions = fraction > 0 ? sessions + 1 : 0;
    longest = Math.max(longest, sessions);
  }
  return longest;
}
