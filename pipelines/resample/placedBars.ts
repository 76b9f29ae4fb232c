import type { IntradayBars, StampedBars } from '#domain/intradayBars.ts';
import type { StampConvention } from './stampConvention.ts';

/**
 * Bars with their beginnings, however the vendor stamped them. Their length is the least distance of two stamps.
 * @param lengthMs of the bars where the source says it; absent: found out
 * @throws RangeError when stamps do not ascend, or fewer than two leave the length untold
 */
export function placedBars(
  { stampMs, ...figures }: StampedBars,
  convention: StampConvention,
  lengthMs: number = leastDistanceMs(stampMs),
): IntradayBars {
  return { ...figures, lengthMs, startMs: convention === 'start' ? stampMs : stampMs.map((ms) => ms - lengthMs) };
}

function leastDistanceMs(stampMs: Float64Array): number {
  let least = Number.POSITIVE_INFINITY;
  for (let row = 1; row < stampMs.length; row += 1) {
    const distance = stampMs[row]! - stampMs[row - 1]!;
    if (!(distance > 0)) throw new RangeError(`${new Date(stampMs[row]!).toISOString()} comes twice or out of order`);
    least = Math.min(least, distance);
  }
  if (!Number.isFinite(least)) throw new RangeError('a single bar does not tell how long it is');
  return least;
}
