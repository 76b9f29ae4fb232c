import { money, type Money } from './money.ts';

/** What a trade towards its target is worth: the variance against the target weights that it takes away. */
export interface TradeWorth {
  /** What a unit of variance is worth in units of return: the aversion of a mean-variance investor, > 0. */
  readonly riskAversion: number;
  /** Sessions until the next rebalance: how long the trade is of use, > 0. */
  readonly horizonSessions: number;
  /** Standard deviation of a session's return by symbol, fractions, >= 0. */
  readonly dailyDeviations: Readonly<Record<string, number>>;
}

/**
 * Mean-variance utility that moving one weight gains over the horizon, every other weight at its target: target weights
 * that maximise return less half the aversion times variance lose half the aversion times the squared distance times the
 * variance when they are missed, for to first order nothing is lost around a maximum. Source: Masters, Rebalancing,
 * Journal of Portfolio Management 29 (2003); Grinold and Kahn, Active Portfolio Management (2000), ch. 14.
 * @param move distance of the weight from its target before and after, fractions of equity, with equity itself
 * @returns ten-thousandths of a dollar, rounded to the nearest; negative where the trade leads away from the target
 * @throws RangeError for a symbol without a deviation, or an aversion or horizon that is not positive
 */
export function benefitOfTrade(
  symbol: string,
  move: { readonly before: number; readonly after: number; readonly equity: Money },
  { riskAversion, horizonSessions, dailyDeviations }: TradeWorth,
): Money {
  const deviation = dailyDeviations[symbol];
  if (!(riskAversion > 0 && horizonSessions > 0 && deviation !== undefined && deviation >= 0)) {
    throw new RangeError(
      `no worth of a trade in ${symbol}: aversion ${riskAversion}, horizon ${horizonSessions}, deviation ${deviation}`,
    );
  }
  const { before, after, equity } = move;
  const gain = (riskAversion / 2) * deviation ** 2 * horizonSessions * (before ** 2 - after ** 2);
  return money(Math.round(gain * equity));
}
