import { simpleMovingAverage } from './simpleMovingAverage.ts';
import { standardDeviation } from './standardDeviation.ts';

/** A simple average with a band above and below it; each shape [bars], in the price's unit. */
export interface Bands {
  readonly upper: Float64Array;
  readonly middle: Float64Array;
  readonly lower: Float64Array;
}

/** Length of the average and width of the bands in population standard deviations. */
export interface BandWidth {
  readonly period: number;
  readonly deviations: number;
}

/**
 * Bollinger bands, as TA-Lib's BBANDS with a simple average and equal widths.
 * Source: John Bollinger, Bollinger on Bollinger Bands (2001).
 * @param closes shape [bars], finite
 * @returns columns that are NaN for the first `period - 1` rows
 * @throws RangeError when the period is no whole number of at least 1
 */
export function bollingerBands(closes: Float64Array, { period, deviations }: BandWidth): Bands {
  const middle = simpleMovingAverage(closes, period);
  const width = standardDeviation(closes, { period, lostDegrees: 0 });
  return {
    upper: middle.map((average, bar) => average + deviations * width[bar]!),
    middle,
    lower: middle.map((average, bar) => average - deviations * width[bar]!),
  };
}
