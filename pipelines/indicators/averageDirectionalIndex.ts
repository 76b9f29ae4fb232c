import { trueRange } from './averageTrueRange.ts';
import { checkEqualLengths, checkPeriod, warmingUp, type HighLowClose } from './series.ts';

interface Movement {
  plus: number;
  minus: number;
  range: number;
}

/**
 * Average directional movement index, as TA-Lib's ADX: strength of a trend whatever its direction.
 * Source: J. Welles Wilder, New Concepts in Technical Trading Systems (1978), section IV.
 * @param prices columns of shape [bars], finite
 * @returns shape [bars], 0 to 100; NaN for the first `2 * period - 1` rows; kept where nothing moves, as TA-Lib
 * @throws RangeError when lengths differ or the period is no whole number of at least 2
 */
export function averageDirectionalIndex(prices: HighLowClose, period: number): Float64Array {
  checkPeriod(period, 2);
  checkEqualLengths(prices.high, prices.low, prices.close);
  const averages = warmingUp(prices.close.length);
  const smoothed: Movement = { plus: 0, minus: 0, range: 0 };
  let average = 0;
  for (let bar = 1; bar < averages.length; bar += 1) {
    const moved = movementOf(prices, bar);
    // Wilder's sums: the first period - 1 bars add up, later ones replace a period's share.
    const kept = bar < period ? 1 : 1 - 1 / period;
    smoothed.plus = smoothed.plus * kept + moved.plus;
    smoothed.minus = smoothed.minus * kept + moved.minus;
    smoothed.range = smoothed.range * kept + moved.range;
    if (bar < period) continue;
    const index = directionalIndex(smoothed);
    if (bar < 2 * period) average += (index ?? 0) / period;
    else if (index !== undefined) average = (average * (period - 1) + index) / period;
    if (bar >= 2 * period - 1) averages[bar] = average;
  }
  return averages;
}

/** One bar's directional movement: only the larger of the two excursions counts. */
function movementOf(prices: HighLowClose, bar: number): Movement {
  const up = prices.high[bar]! - prices.high[bar - 1]!;
  const down = prices.low[bar - 1]! - prices.low[bar]!;
  return {
    plus: up > 0 && up > down ? up : 0,
    minus: down > 0 && down > up ? down : 0,
    range: trueRange(prices, bar),
  };
}

function directionalIndex({ plus, minus, range }: Movement): number | undefined {
  return range === 0 || plus + minus === 0 ? undefined : (100 * Math.abs(plus - minus)) / (plus + minus);
}
