import { priceChannel } from './priceChannel.ts';
import { checkEqualLengths, warmingUp, type HighLowClose } from './series.ts';
import { simpleMovingAverage } from './simpleMovingAverage.ts';

/** Look-back of the channel and lengths of the two smoothings, in bars. */
export interface StochasticPeriods {
  readonly fastK: number;
  readonly slowK: number;
  readonly slowD: number;
}

/** The smoothed oscillator and its signal; each shape [bars], 0 to 100. */
export interface Stochastic {
  readonly slowK: Float64Array;
  readonly slowD: Float64Array;
}

/**
 * Stochastic oscillator: where the close lies in its channel, smoothed twice by simple averages, as TA-Lib's STOCH.
 * Source: George Lane, Lane's Stochastics, Technical Analysis of Stocks and Commodities (1984).
 * @returns columns that are NaN for the first `fastK + slowK + slowD - 3` rows; a channel of no height counts as 0
 * @throws RangeError when lengths differ or a period is no whole number of at least 1
 */
export function stochasticOscillator(prices: HighLowClose, periods: StochasticPeriods): Stochastic {
  checkEqualLengths(prices.high, prices.close);
  const { highest, lowest } = priceChannel(prices, periods.fastK);
  const fastK = warmingUp(prices.close.length);
  for (let bar = periods.fastK - 1; bar < fastK.length; bar += 1) {
    const height = highest[bar]! - lowest[bar]!;
    fastK[bar] = height === 0 ? 0 : (100 * (prices.close[bar]! - lowest[bar]!)) / height;
  }
  const slowK = simpleMovingAverage(fastK, periods.slowK);
  const slowD = simpleMovingAverage(slowK, periods.slowD);
  return { slowK: slowK.map((value, bar) => (Number.isNaN(slowD[bar]!) ? Number.NaN : value)), slowD };
}
