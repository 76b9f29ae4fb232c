import { Failure } from '../failure.ts';
import {
  abdiRanaldoSpread,
  corwinSchultzSpread,
  rollSpread,
  type PriceBars,
  type SpreadEstimate,
} from './spreadEstimate.ts';

/** Daily bars with what traded; shape [sessions] each, oldest first. */
export interface DailyMarketBars extends PriceBars {
  readonly volume: Float64Array;
}

/** Estimators of a spread from bars. */
export const spreadEstimators = ['abdi-ranaldo', 'corwin-schultz', 'roll'] as const;

/** One of the estimators. */
export type SpreadEstimator = (typeof spreadEstimators)[number];

/** What daily bars tell of a market, as far as costs go. */
export interface BarsMarket {
  /** Sessions it rests on. */
  readonly sessions: number;
  /** Shares a day. */
  readonly averageDailyVolume: number;
  /** Standard deviation of a day's logarithmic return. */
  readonly dailyVolatility: number;
  /** Mean of what traded for a day, dollars. */
  readonly dailyDollarVolume: number;
  readonly spreads: Readonly<Record<SpreadEstimator, SpreadEstimate>>;
}

/** Sessions that are looked at: a quarter. */
export const marketSessions = 63;
/** Sessions under which nothing is told: a month. */
export const marketSessionsMin = 21;

/**
 * Volume, volatility and spreads of the newest sessions. Prices are taken as they are: a split among them would be told as
 * volatility.
 * @param sessions the newest so many, all where there are fewer
 * @throws Failure OBSERVATIONS_TOO_FEW for fewer than 21 sessions
 * @throws RangeError for prices that are not bars, or a volume that is not finite and >= 0
 */
export function marketOfBars(bars: DailyMarketBars, sessions: number = marketSessions): BarsMarket {
  const newest = (values: Float64Array): Float64Array => values.subarray(Math.max(0, values.length - sessions));
  const [high, low, close, volume] = [bars.high, bars.low, bars.close, bars.volume].map(newest) as [
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  const count = close.length;
  if (count < marketSessionsMin) {
    throw new Failure(
      'OBSERVATIONS_TOO_FEW',
      `${count} sessions do not tell volume and volatility: ${marketSessionsMin} do`,
      { observations: count, least: marketSessionsMin },
    );
  }
  if (volume.length !== count || !volume.every((shares) => shares >= 0 && Number.isFinite(shares))) {
    throw new RangeError('volumes must be finite and not negative, one for each bar');
  }
  const prices = { high, low, close };
  const spreads = {
    'abdi-ranaldo': abdiRanaldoSpread(prices),
    'corwin-schultz': corwinSchultzSpread(prices),
    roll: rollSpread(prices),
  };
  const returns = Array.from(close.subarray(1), (price, at) => Math.log(price / close[at]!));
  return {
    sessions: count,
    averageDailyVolume: mean(Array.from(volume)),
    dailyVolatility: deviation(returns),
    dailyDollarVolume: mean(Array.from(volume, (shares, at) => shares * close[at]!)),
    spreads,
  };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function deviation(values: readonly number[]): number {
  const centre = mean(values);
  return Math.sqrt(values.reduce((sum, value) => sum + (value - centre) ** 2, 0) / (values.length - 1));
}
