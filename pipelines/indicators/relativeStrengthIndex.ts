import { checkPeriod, warmingUp } from './series.ts';

/**
 * Relative strength index with Wilder's smoothing, as TA-Lib's RSI.
 * Source: J. Welles Wilder, New Concepts in Technical Trading Systems (1978), section VI.
 * @param closes shape [bars], finite
 * @returns shape [bars], 0 to 100; NaN for the first `period` rows; 0 where no price has moved yet, as TA-Lib
 * @throws RangeError when the period is no whole number of at least 2
 */
export function relativeStrengthIndex(closes: Float64Array, period: number): Float64Array {
  checkPeriod(period, 2);
  const strengths = warmingUp(closes.length);
  let gain = 0;
  let loss = 0;
  for (let bar = 1; bar < closes.length; bar += 1) {
    const change = closes[bar]! - closes[bar - 1]!;
    const up = Math.max(change, 0);
    const down = Math.max(-change, 0);
    if (bar <= period) {
      gain += up / period;
      loss += down / period;
    } else {
      gain = (gain * (period - 1) + up) / period;
      loss = (loss * (period - 1) + down) / period;
    }
    if (bar >= period) strengths[bar] = gain + loss === 0 ? 0 : (100 * gain) / (gain + loss);
  }
  return strengths;
}
